package disk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"overtime/internal/protocol"
)

// browser is somebody in the meeting.
type browser struct {
	t    *testing.T
	ws   *websocket.Conn
	ctx  context.Context
	sent int
	// kept are frames that were read while another was waited for.
	kept []protocol.ServerFrame
}

// enter joins with a link.
func (w *world) enter(link, name string) (*browser, protocol.Welcome) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*patience)
	ws, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(w.http.URL, "http")+"/ws", nil)
	if err != nil {
		cancel()
		w.t.Fatal(err)
	}
	ws.SetReadLimit(1 << 20)
	w.t.Cleanup(func() { cancel(); _ = ws.CloseNow() })
	b := &browser{t: w.t, ws: ws, ctx: ctx}
	_, token, _ := strings.Cut(link, "#")
	return b, ask[protocol.Welcome](b, protocol.Hello{Token: token, Name: name})
}

// send sends a request and returns its id.
func (b *browser) send(m protocol.ClientMessage) (id string) {
	b.t.Helper()
	b.sent++
	id = fmt.Sprintf("r%d", b.sent)
	b.again(id, m)
	return id
}

// again sends a request under an id of before.
func (b *browser) again(id string, m protocol.ClientMessage) {
	b.t.Helper()
	if err := b.ws.Write(b.ctx, websocket.MessageText, protocol.ClientFrame{ID: id, Message: m}.Encode()); err != nil {
		b.t.Fatalf("writing: %v", err)
	}
}

func (b *browser) read() (protocol.ServerFrame, error) {
	_, text, err := b.ws.Read(b.ctx)
	if err != nil {
		return protocol.ServerFrame{}, err
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
func (b *browser) answer(id string) protocol.ServerMessage {
	b.t.Helper()
	return b.until("the answer to "+id, func(f protocol.ServerFrame) bool { return f.ID == id }).Message
}

// ask sends a request, whose answer must be an M.
func ask[M protocol.ServerMessage](b *browser, m protocol.ClientMessage) M {
	b.t.Helper()
	answer := b.answer(b.send(m))
	out, is := answer.(M)
	if !is {
		b.t.Fatalf("the answer to %T is %#v, want %T", m, answer, out)
	}
	return out
}

// next is the next message of type M, that fits, which answers nothing.
func next[M protocol.ServerMessage](b *browser, fits func(M) bool) M {
	b.t.Helper()
	var zero M
	f := b.until(protocol.ServerType(zero), func(f protocol.ServerFrame) bool {
		m, is := f.Message.(M)
		return is && f.ID == "" && fits(m)
	})
	return f.Message.(M)
}

// mustClose reads to the end, which must be a close frame with code.
func (b *browser) mustClose(code protocol.CloseCode) {
	b.t.Helper()
	for {
		_, err := b.read()
		if err == nil {
			continue
		}
		if got := websocket.CloseStatus(err); got != websocket.StatusCode(code) {
			b.t.Fatalf("the connection ended with %v, want the close code %d", err, code)
		}
		return
	}
}
