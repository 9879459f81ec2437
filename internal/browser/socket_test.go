//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"syscall/js"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// withSockets makes the class WebSocket; the last one made is last.
func withSockets(t *testing.T) (class js.Value) {
	t.Helper()
	withPage(t)
	class = eval(t, `class WebSocket extends EventTarget {
		constructor(url) { super(); Object.assign(this, {url, sent: [], bufferedAmount: 0, readyState: 1}); WebSocket.last = this }
		send(s) { this.sent.push(s) }
		close(code) { this.closed = code }
	}`)
	global(t, "WebSocket", class)
	return class
}

// dial gives an open connection and the browser's side of it.
func dial(t *testing.T) (client.Conn, js.Value) {
	t.Helper()
	class := withSockets(t)
	spawn(func() {
		turn()
		fire(class.Get("last"), "open", nil)
	})
	c, err := dialer{}.Dial(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	return c, class.Get("last")
}

func TestSocketCarriesTextBothWays(t *testing.T) {
	noLeaks(t)
	c, ws := dial(t)
	fire(ws, "message", map[string]any{"data": "one €"})
	fire(ws, "message", map[string]any{"data": map[string]any{}}) // binary is not ours
	fire(ws, "message", map[string]any{"data": "two"})
	fire(ws, "close", map[string]any{"code": 4410, "reason": "over"})
	for _, want := range []string{"one €", "two"} {
		if got, err := c.Read(soon(t)); err != nil || string(got) != want {
			t.Errorf("got %q, %v", got, err)
		}
	}
	var closed *client.Closed
	for range 2 {
		if _, err := c.Read(soon(t)); !errors.As(err, &closed) || closed.Code != protocol.CloseOver || closed.Reason != "over" {
			t.Errorf("got %v", err)
		}
	}
	if err := c.Write(soon(t), []byte("x")); !errors.As(err, &closed) {
		t.Errorf("a write after the end: %v", err)
	}
}

func TestSocketReadWaits(t *testing.T) {
	noLeaks(t)
	c, ws := dial(t)
	spawn(func() {
		turn()
		fire(ws, "message", map[string]any{"data": "late"})
	})
	if got, err := c.Read(soon(t)); err != nil || string(got) != "late" {
		t.Errorf("got %q, %v", got, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := c.Read(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	c.Close()
}

func TestSocketWriteWaitsForTheNetwork(t *testing.T) {
	noLeaks(t)
	c, ws := dial(t)
	ws.Set("bufferedAmount", unsentLimit+1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := c.Write(ctx, []byte("x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	spawn(func() { ws.Set("bufferedAmount", 0) })
	if err := c.Write(soon(t), []byte("ä")); err != nil || text(ws.Get("sent").Index(0)) != "ä" {
		t.Errorf("sent %v, %v", ws.Get("sent"), err)
	}
	c.Close()
}

// TestSocketClosedWithoutAWord: a browser that froze the page may have closed
// the socket without an event, which a write finds out for the reader.
func TestSocketClosedWithoutAWord(t *testing.T) {
	noLeaks(t)
	c, ws := dial(t)
	ws.Set("readyState", closedState)
	var closed *client.Closed
	for what, err := range map[string]error{
		"written": c.Write(soon(t), []byte("x")),
		"read":    func() error { _, err := c.Read(soon(t)); return err }(),
	} {
		if !errors.As(err, &closed) || closed.Code != closeLost {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := ws.Get("sent").Length(); n != 0 {
		t.Errorf("%d frames were sent into nowhere", n)
	}
}

// TestSocketCloseEventIsLate: the event that does come says more.
func TestSocketCloseEventIsLate(t *testing.T) {
	noLeaks(t)
	c, ws := dial(t)
	ws.Set("readyState", closedState)
	spawn(func() {
		turn()
		fire(ws, "close", map[string]any{"code": 4409, "reason": ""})
	})
	var closed *client.Closed
	if err := c.Write(soon(t), []byte("x")); !errors.As(err, &closed) || closed.Code != protocol.CloseReplaced {
		t.Errorf("got %v", err)
	}
}

func TestSocketCloseEndsRead(t *testing.T) {
	noLeaks(t)
	c, ws := dial(t)
	fire(ws, "message", map[string]any{"data": "unread"})
	c.Close()
	var closed *client.Closed
	if _, err := c.Read(soon(t)); !errors.As(err, &closed) || closed.Code != protocol.CloseNormal {
		t.Errorf("got %v", err)
	}
	if ws.Get("closed").Int() != 1000 {
		t.Errorf("closed with %v", ws.Get("closed"))
	}
	c.Close()
}

func TestSocketQueueIsBounded(t *testing.T) {
	noLeaks(t)
	c, ws := dial(t)
	for range unreadLimit + 5 {
		fire(ws, "message", map[string]any{"data": "flood"})
	}
	for range unreadLimit {
		if _, err := c.Read(soon(t)); err != nil {
			t.Fatal(err)
		}
	}
	var closed *client.Closed
	if _, err := c.Read(soon(t)); !errors.As(err, &closed) || closed.Code != protocol.CloseSlow {
		t.Errorf("got %v", err)
	}
	if ws.Get("closed").Int() != int(protocol.CloseSlow) {
		t.Errorf("closed with %v", ws.Get("closed"))
	}
}

func TestDialFails(t *testing.T) {
	noLeaks(t)
	class := withSockets(t)
	spawn(func() {
		turn()
		fire(class.Get("last"), "close", map[string]any{"code": 1006, "reason": ""})
	})
	var closed *client.Closed
	if c, err := (dialer{}).Dial(soon(t)); !errors.As(err, &closed) || closed.Code != closeLost {
		t.Errorf("got %v, %v", c, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if c, err := (dialer{}).Dial(ctx); !errors.Is(err, context.DeadlineExceeded) || c != nil {
		t.Errorf("got %v, %v", c, err)
	}
	if class.Get("last").Get("closed").Int() != 1000 {
		t.Error("an attempt that was given up goes on")
	}
	global(t, "WebSocket", eval(t, `class { constructor() { throw new DOMException("", "SecurityError") } }`))
	if _, err := (dialer{}).Dial(soon(t)); thrownName(err) != "SecurityError" {
		t.Errorf("got %v", err)
	}
}
