package edge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"overtime/internal/protocol"
)

// browser is a client of the world's server.
type browser struct {
	t    *testing.T
	ws   *websocket.Conn
	ctx  context.Context
	sent int
	// kept are frames that were read while another was waited for.
	kept []protocol.ServerFrame
}

// dial connects; the connection is dropped at the end of the test.
func (w *world) dial(t *testing.T) *browser {
	t.Helper()
	return w.dialWith(t, nil)
}

func (w *world) dialWith(t *testing.T, options *websocket.DialOptions) *browser {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*patience) // every wait of a test is below it
	ws, _, err := websocket.Dial(ctx, w.url(), options)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	ws.SetReadLimit(1 << 20)
	t.Cleanup(func() { cancel(); _ = ws.CloseNow() })
	return &browser{t: t, ws: ws, ctx: ctx}
}

func (w *world) url() string { return "ws" + strings.TrimPrefix(w.http.URL, "http") }

// raw sends text as it is.
func (b *browser) raw(kind websocket.MessageType, text []byte) {
	b.t.Helper()
	if err := b.ws.Write(b.ctx, kind, text); err != nil {
		b.t.Fatalf("writing: %v", err)
	}
}

// send sends a request and returns its id.
func (b *browser) send(m protocol.ClientMessage) (id string) {
	b.t.Helper()
	b.sent++
	id = fmt.Sprintf("r%d", b.sent)
	b.raw(websocket.MessageText, protocol.ClientFrame{ID: id, Message: m}.Encode())
	return id
}

// read is the next frame on the connection.
func (b *browser) read() (protocol.ServerFrame, error) {
	kind, text, err := b.ws.Read(b.ctx)
	if err != nil {
		return protocol.ServerFrame{}, err
	}
	if kind != websocket.MessageText {
		return protocol.ServerFrame{}, errors.New("a frame that is not text")
	}
	return protocol.DecodeServer(text)
}

// until takes the first frame, kept or to come, that fits.
func (b *browser) until(what string, fits func(protocol.ServerFrame) bool) protocol.ServerFrame {
	b.t.Helper()
	for i, f := range b.kept {
		if fits(f) {
			b.kept = append(b.kept[:i:i], b.kept[i+1:]...)
			return f
		}
	}
	for {
		f, err := b.read()
		if err != nil {
			b.t.Fatalf("waiting for %s: %v; had %v", what, err, b.kept)
		}
		if fits(f) {
			return f
		}
		b.kept = append(b.kept, f)
	}
}

// answer is the answer to the request id.
func (b *browser) answer(id string) protocol.ServerFrame {
	b.t.Helper()
	return b.until("the answer to "+id, func(f protocol.ServerFrame) bool { return f.ID == id })
}

// next is the next message of type M that answers nothing.
func next[M protocol.ServerMessage](b *browser) M {
	b.t.Helper()
	var zero M
	f := b.until(protocol.ServerType(zero), func(f protocol.ServerFrame) bool {
		_, is := f.Message.(M)
		return is && f.ID == ""
	})
	return f.Message.(M)
}

// answered is the answer to the request id, which must be an M.
func answered[M protocol.ServerMessage](b *browser, id string) M {
	b.t.Helper()
	f := b.answer(id)
	m, is := f.Message.(M)
	if !is {
		b.t.Fatalf("the answer to %s is %#v, want %T", id, f.Message, m)
	}
	return m
}

// ask sends a request, whose answer must be an M.
func ask[M protocol.ServerMessage](b *browser, m protocol.ClientMessage) M {
	b.t.Helper()
	return answered[M](b, b.send(m))
}

// mustClose reads to the end, which must be a close frame with code.
func (b *browser) mustClose(code protocol.CloseCode) {
	b.t.Helper()
	for {
		f, err := b.read()
		if err == nil {
			b.kept = append(b.kept, f)
			continue
		}
		if got := websocket.CloseStatus(err); got != websocket.StatusCode(code) {
			b.t.Fatalf("the connection ended with %v (status %d), want the close code %d; had %v", err, got, code, b.kept)
		}
		return
	}
}

// enter dials and says hello with a token.
func (w *world) enter(t *testing.T, token, name string) (*browser, protocol.Welcome) {
	t.Helper()
	b := w.dial(t)
	return b, ask[protocol.Welcome](b, protocol.Hello{Token: token, Name: name})
}
