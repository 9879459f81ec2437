//go:build js && wasm

package browser

import (
	"context"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

const (
	// unreadLimit is how many frames may wait for Read. A browser offers no
	// way to slow a WebSocket down; a program that is this far behind starts
	// again from a snapshot.
	unreadLimit = 1024
	// unsentLimit is how many bytes the browser may hold for us before Write
	// waits, looking again every unsentPause.
	unsentLimit = 1 << 20
	unsentPause = 50 * time.Millisecond

	closeLost protocol.CloseCode = 1006

	// closedState is the readyState of a WebSocket that is closed. Its close
	// event has come by then, or comes within closeEventLimit, or never: in a
	// page that the browser froze and thawed.
	closedState     = 3
	closeEventLimit = 250 * time.Millisecond
)

// dialer opens the WebSocket of the server that the page came from.
type dialer struct{}

// Dial implements client.Dialer. A connection that could not be made is a
// *client.Closed with code 1006: browsers tell no reason.
func (dialer) Dial(ctx context.Context) (client.Conn, error) {
	if js.Global().Get("WebSocket").Type() != js.TypeFunction {
		return nil, client.ErrNoSocket
	}
	ws, err := construct("WebSocket", socketURL())
	if err != nil {
		return nil, err
	}
	c := newConn(ws)
	select {
	case <-c.opened:
		return c, nil
	case <-c.gone:
		return nil, c.end
	case <-ctx.Done():
		c.Close()
		return nil, context.Cause(ctx)
	}
}

func socketURL() string {
	origin := text(js.Global().Get("location").Get("origin"))
	return strings.Replace(origin, "http", "ws", 1) + "/ws" // https becomes wss
}

// conn is one WebSocket. The browser's events fill it, Read empties it.
type conn struct {
	ws     js.Value
	stops  []func()
	opened chan struct{} // closed at the open event
	gone   chan struct{} // closed when end is set
	news   chan struct{} // holds one: frames or end changed

	mu     sync.Mutex // never held across a call into JavaScript
	frames [][]byte
	end    *client.Closed
}

func newConn(ws js.Value) *conn {
	c := &conn{
		ws:     ws,
		opened: make(chan struct{}),
		gone:   make(chan struct{}),
		news:   make(chan struct{}, 1),
	}
	c.stops = []func(){
		listen(ws, "open", func(js.Value) { close(c.opened) }),
		listen(ws, "message", func(event js.Value) { c.receive(event.Get("data")) }),
		listen(ws, "close", func(event js.Value) {
			c.finish(protocol.CloseCode(event.Get("code").Int()), text(event.Get("reason")))
		}),
	}
	return c
}

// receive queues one frame. Binary frames are not ours.
func (c *conn) receive(data js.Value) {
	if data.Type() != js.TypeString {
		return
	}
	c.mu.Lock()
	full := len(c.frames) >= unreadLimit
	if !full {
		c.frames = append(c.frames, []byte(data.String()))
	}
	c.mu.Unlock()
	if full {
		c.finish(protocol.CloseSlow, "this tab does not keep up")
		_, _ = call(c.ws, "close", int(protocol.CloseSlow))
		return
	}
	c.tell()
}

// finish sets how the connection ended; the first call counts.
func (c *conn) finish(code protocol.CloseCode, reason string) {
	c.mu.Lock()
	ended := c.end != nil
	if !ended {
		c.end = &client.Closed{Code: code, Reason: reason}
	}
	c.mu.Unlock()
	if ended {
		return
	}
	all(c.stops...)()
	close(c.gone)
	c.tell()
}

func (c *conn) tell() {
	select {
	case c.news <- struct{}{}:
	default:
	}
}

// Read implements client.Conn. Frames that came before the end are given
// first, unless this side closed.
func (c *conn) Read(ctx context.Context) ([]byte, error) {
	for {
		if frame, end := c.next(); frame != nil {
			return frame, nil
		} else if end != nil {
			return nil, end
		}
		select {
		case <-c.news:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (c *conn) next() ([]byte, *client.Closed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.frames) == 0 {
		return nil, c.end
	}
	frame := c.frames[0]
	c.frames[0] = nil
	c.frames = c.frames[1:]
	return frame, nil
}

// Write implements client.Conn. It returns when the browser took the frame,
// which says nothing about the network.
func (c *conn) Write(ctx context.Context, frame []byte) error {
	for c.ws.Get("bufferedAmount").Int() > unsentLimit {
		select {
		case <-c.gone:
			return c.end
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(unsentPause):
		}
	}
	select {
	case <-c.gone: // send would drop the frame without a word
		return c.end
	default:
	}
	if c.ws.Get("readyState").Int() == closedState { // and here as well
		return c.missTheEnd(ctx)
	}
	_, err := call(c.ws, "send", string(frame))
	return err
}

// missTheEnd waits for the close event, and then makes do without.
func (c *conn) missTheEnd(ctx context.Context) error {
	select {
	case <-c.gone:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(closeEventLimit):
		c.finish(closeLost, "closed without a word")
	}
	return c.end
}

// Close implements client.Conn. It does not wait for the closing handshake,
// which a dead network never finishes.
func (c *conn) Close() {
	c.finish(protocol.CloseNormal, "closed by this side")
	c.mu.Lock()
	c.frames = nil
	c.mu.Unlock()
	_, _ = call(c.ws, "close", int(protocol.CloseNormal))
}
