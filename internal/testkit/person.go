package testkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/coder/websocket"

	"overtime/internal/protocol"
)

// longestFrame is more than any frame of a test, in bytes.
const longestFrame = 1 << 20

// Person is somebody at a browser: its WebSocket, and what came over it. It is
// used by one goroutine.
type Person struct {
	*websocket.Conn
	// T fails when something does not come that a method waits for.
	T testing.TB
	// Ctx bounds every wait.
	Ctx context.Context
	// Kept are frames that were read while another was waited for.
	Kept []protocol.ServerFrame

	sent int
}

// Connect is a person for whom it is no failure that a server is not there: T is
// nil, and only Write, Read and the connection itself are to be used.
func Connect(ctx context.Context, url string, options *websocket.DialOptions) (*Person, error) {
	ws, _, err := websocket.Dial(ctx, url, options)
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(longestFrame)
	return &Person{Conn: ws, Ctx: ctx}, nil
}

// Dial connects a person, whose line is cut at the end of the test.
func Dial(t testing.TB, url string, options *websocket.DialOptions) *Person {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*Patience) // every wait of a test is below it
	p, err := Connect(ctx, url, options)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	p.T = t
	t.Cleanup(func() { cancel(); p.Cut() })
	return p
}

// Cut ends the connection without a word.
func (p *Person) Cut() { _ = p.CloseNow() } // it may be closed already

// Write sends a request under an id.
func (p *Person) Write(id string, m protocol.ClientMessage) error {
	return p.Conn.Write(p.Ctx, websocket.MessageText, protocol.ClientFrame{ID: id, Message: m}.Encode())
}

// Raw sends text as it is.
func (p *Person) Raw(kind websocket.MessageType, text []byte) {
	p.T.Helper()
	if err := p.Conn.Write(p.Ctx, kind, text); err != nil {
		p.T.Fatalf("writing: %v", err)
	}
}

// Send sends a request and returns its id.
func (p *Person) Send(m protocol.ClientMessage) (id string) {
	p.T.Helper()
	p.sent++
	id = fmt.Sprintf("r%d", p.sent)
	p.SendAs(id, m)
	return id
}

// SendAs sends a request under an id, which may be one of before.
func (p *Person) SendAs(id string, m protocol.ClientMessage) {
	p.T.Helper()
	if err := p.Write(id, m); err != nil {
		p.T.Fatalf("writing: %v", err)
	}
}

// ErrNoMessage is what Read says of a frame that is none of the protocol's.
var ErrNoMessage = errors.New("a frame that is no message")

// Read is the next frame on the connection.
func (p *Person) Read() (protocol.ServerFrame, error) {
	kind, text, err := p.Conn.Read(p.Ctx)
	if err != nil {
		return protocol.ServerFrame{}, err
	}
	if kind != websocket.MessageText {
		return protocol.ServerFrame{}, ErrNoMessage
	}
	f, err := protocol.DecodeServer(text)
	if err != nil {
		return f, fmt.Errorf("%w: %s: %w", ErrNoMessage, text, err)
	}
	return f, nil
}

// Until takes the first frame, kept or to come, that fits.
func (p *Person) Until(what string, fits func(protocol.ServerFrame) bool) protocol.ServerFrame {
	p.T.Helper()
	if i := slices.IndexFunc(p.Kept, fits); i >= 0 {
		f := p.Kept[i]
		p.Kept = slices.Delete(p.Kept, i, i+1)
		return f
	}
	for {
		f, err := p.Read()
		if err != nil {
			p.T.Fatalf("waiting for %s: %v; had %v", what, err, p.Kept)
		}
		if fits(f) {
			return f
		}
		p.Kept = append(p.Kept, f)
	}
}

// Answer is the answer to the request id.
func (p *Person) Answer(id string) protocol.ServerMessage {
	p.T.Helper()
	return p.Until("the answer to "+id, func(f protocol.ServerFrame) bool { return f.ID == id }).Message
}

// Answered is the answer to the request id, which must be an M.
func Answered[M protocol.ServerMessage](p *Person, id string) M {
	p.T.Helper()
	answer := p.Answer(id)
	m, is := answer.(M)
	if !is {
		p.T.Fatalf("the answer to %s is %#v, want %T", id, answer, m)
	}
	return m
}

// Ask sends a request, whose answer must be an M.
func Ask[M protocol.ServerMessage](p *Person, m protocol.ClientMessage) M {
	p.T.Helper()
	return Answered[M](p, p.Send(m))
}

// Next is the next message of type M that answers nothing.
func Next[M protocol.ServerMessage](p *Person) M {
	p.T.Helper()
	return NextThat(p, func(M) bool { return true })
}

// NextThat is the next message of type M that answers nothing and fits.
func NextThat[M protocol.ServerMessage](p *Person, fits func(M) bool) M {
	p.T.Helper()
	var zero M
	f := p.Until(protocol.ServerType(zero), func(f protocol.ServerFrame) bool {
		m, is := f.Message.(M)
		return is && f.ID == "" && fits(m)
	})
	return f.Message.(M)
}

// Listen reads on beside the test, and forgets it, so that the connection lives:
// nobody else may read any more.
func (p *Person) Listen() {
	go func() {
		for {
			if _, err := p.Read(); err != nil {
				return
			}
		}
	}()
}

// MustClose reads to the end, which must be a close frame with code.
func (p *Person) MustClose(code protocol.CloseCode) {
	p.T.Helper()
	for {
		f, err := p.Read()
		if err == nil {
			p.Kept = append(p.Kept, f)
			continue
		}
		if got := websocket.CloseStatus(err); got != websocket.StatusCode(code) {
			p.T.Fatalf("the connection ended with %v (status %d), want the close code %d; had %v", err, got, code, p.Kept)
		}
		return
	}
}
