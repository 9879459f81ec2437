package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/config"
	"overtime/internal/invitation"
	"overtime/internal/protocol"
)

const (
	// maxMessage bounds a message from the server, in bytes.
	maxMessage = 4 << 20
	// dialWithin bounds an attempt to connect, leaveWithin a goodbye.
	dialWithin  = 10 * time.Second
	leaveWithin = 5 * time.Second
	// comeBack is how long a lost connection is left alone.
	comeBack = time.Second
)

// visitor is somebody in a room without sound and pictures.
type visitor struct {
	url, room, token, name string
	out                    io.Writer

	// entered is called once, at the first welcome.
	entered func()

	resume string    // brings back to the place, once there is one
	lost   time.Time // since when there is no connection; zero: there is one
}

var (
	// errDone ends a visit that went as it should.
	errDone = errors.New("done")
	// errAgain ends one connection of a visit.
	errAgain = errors.New("again")
)

// join visits the room of a link until its session ends, or as long as said,
// and prints what it is told. It comes back if the connection is lost.
func join(ctx context.Context, c *config.Join, out io.Writer) error {
	stay, cancel := context.WithCancel(ctx)
	defer cancel()
	v := &visitor{name: c.Name, out: out, entered: sync.OnceFunc(func() {
		if c.For > 0 {
			time.AfterFunc(c.For, cancel)
		}
	})}
	if err := v.read(c.Link); err != nil {
		return err
	}
	for {
		err := v.visit(stay)
		if errors.Is(err, errDone) || stay.Err() != nil {
			return nil
		}
		if !errors.Is(err, errAgain) {
			return err
		}
		select {
		case <-stay.Done():
		case <-time.After(comeBack):
		}
	}
}

// read takes a link apart.
func (v *visitor) read(link string) error {
	address, u, inRoom := invitation.ParseURL(link)
	if u == nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("that is no link; give one such as https://meet.example.org/r/abc#token")
	}
	if !inRoom || address.Token == "" {
		return errors.New("that link is not complete; give all of it, with what stands after the #")
	}
	v.room, v.token = address.Room, address.Token
	v.url = "ws" + strings.TrimPrefix(u.Scheme, "http") + "://" + u.Host + "/ws"
	return nil
}

// visit connects once, and returns errDone, errAgain or a sentence.
func (v *visitor) visit(stay context.Context) error {
	dialing, cancel := context.WithTimeout(stay, dialWithin)
	defer cancel()
	ws, _, err := websocket.Dial(dialing, v.url, nil)
	if err != nil {
		return v.lose(fmt.Errorf("the server cannot be reached: %w", cause(err)))
	}
	defer ws.CloseNow() //nolint:errcheck // it may be closed already
	ws.SetReadLimit(maxMessage)
	hello := protocol.Hello{Room: v.room, Token: v.token, Name: v.name}
	if v.resume != "" {
		hello = protocol.Hello{Room: v.room, Resume: v.resume, Name: v.name}
	}
	// The reader goes on after stay, for the answer to a goodbye.
	ctx, done := context.WithCancel(context.Background())
	defer done()
	if err := v.send(ctx, ws, "hello", hello); err != nil {
		return v.lose(err)
	}
	stop := context.AfterFunc(stay, func() {
		time.AfterFunc(leaveWithin, done)
		_ = v.send(ctx, ws, "leave", protocol.Leave{}) // the reader sees that nobody answers
	})
	defer stop()
	for {
		_, text, err := ws.Read(ctx) // which answers pings, too
		if err != nil {
			return v.closed(err)
		}
		if err := v.take(text); err != nil {
			return err
		}
	}
}

func (v *visitor) send(ctx context.Context, ws *websocket.Conn, id string, m protocol.ClientMessage) error {
	return ws.Write(ctx, websocket.MessageText, protocol.ClientFrame{ID: id, Message: m}.Encode())
}

// take prints a message and draws its consequences.
func (v *visitor) take(text []byte) error {
	f, err := protocol.DecodeServer(text)
	if unknown := (*protocol.DecodeError)(nil); errors.As(err, &unknown) && unknown.Code != protocol.CodeUnknownType {
		return fmt.Errorf("the server's message cannot be read: %w; is it of another version than this program?", err)
	}
	switch m := f.Message.(type) {
	case protocol.OK: // to a goodbye
		return nil
	case protocol.Welcome:
		v.resume, v.lost = m.Resume, time.Time{}
		v.entered()
		m.Resume = "" // whoever reads it can take the place
		text = protocol.ServerFrame{Message: m}.Encode()
	}
	if err := v.print(text); err != nil {
		return err
	}
	switch m := f.Message.(type) {
	case protocol.SessionEnded, protocol.Over:
		return errDone
	case protocol.Error:
		return v.refused(m)
	}
	return nil
}

// print prints the type and the data of a message.
func (v *visitor) print(text []byte) error {
	var m struct {
		Type string          `json:"type"`
		Data json.RawMessage `json:"data,omitempty"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("the server's message cannot be read: %w", err)
	}
	line, err := json.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(v.out, "%s\n", line)
	}
	return err
}

// refused is what an error means for the visit: the only requests are to come
// in and to leave.
func (v *visitor) refused(e protocol.Error) error {
	if e.Code == protocol.CodeUnavailable || e.Code == protocol.CodeUnknown {
		return v.lose(errors.New(e.Message))
	}
	return errors.New(e.Message)
}

// closed is what the end of a connection means for the visit.
func (v *visitor) closed(err error) error {
	switch code := protocol.CloseCode(websocket.CloseStatus(err)); {
	case code == protocol.CloseNormal, code == protocol.CloseOver:
		return errDone
	case code == protocol.CloseRemoved:
		return errors.New("a moderator removed you")
	case code == protocol.CloseReplaced:
		return errors.New("the same person came in elsewhere")
	case code.Retry(): // no code at all, too
		return v.lose(fmt.Errorf("the connection was lost: %w", cause(err)))
	default:
		return fmt.Errorf("the server closed the connection: %w", err)
	}
}

// lose is errAgain as long as a place may wait for us, and then err.
func (v *visitor) lose(err error) error {
	if v.lost.IsZero() {
		v.lost = time.Now()
	}
	if v.resume == "" || time.Since(v.lost) > protocol.PlaceHeld {
		return err
	}
	return errAgain
}
