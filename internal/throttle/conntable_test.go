package throttle

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// hall is a listener of a server, with everybody who came in.
type hall struct {
	*Listener
	t     *testing.T
	calls door
	log   *bytes.Buffer
	ends  map[net.Conn]net.Conn // the far end of each that was accepted
}

// inHall runs a test on time of its own.
func inHall(t *testing.T, limits Connections, test func(*hall)) {
	synctest.Test(t, func(t *testing.T) {
		h := &hall{t: t, calls: door{make(chan net.Conn, 1)}, log: &bytes.Buffer{}, ends: map[net.Conn]net.Conn{}}
		h.Listener = Proxies{}.Listen(h.calls, limits, slog.New(slog.NewTextHandler(h.log, nil)))
		test(h)
		for c := range h.ends {
			_ = c.Close()
		}
	})
}

// comes has somebody come in, and gives their connection as the server has it.
func (h *hall) comes(from string) net.Conn {
	h.t.Helper()
	far := h.calls.call(from + ":1")
	c, err := h.Accept()
	if err != nil {
		h.t.Fatal(err)
	}
	h.ends[c] = far
	if h.Refused(c) {
		h.t.Errorf("%s is refused", from)
	}
	return c
}

// mustRefuse has somebody come who is told that there is no place.
func (h *hall) mustRefuse(from string) {
	h.t.Helper()
	far := h.calls.call(from + ":1")
	c, err := h.Accept()
	if err != nil {
		h.t.Fatal(err)
	}
	h.ends[c] = far
	if !h.Refused(c) {
		h.t.Errorf("%s is let in", from)
	}
}

func (h *hall) state(s http.ConnState, all ...net.Conn) {
	for _, c := range all {
		h.ConnState(c, s)
	}
}

// isOpen reports whether the server has left a connection open.
func (h *hall) isOpen(c net.Conn) bool {
	far := h.ends[c]
	_ = far.SetReadDeadline(time.Now().Add(time.Second)) // of the test's own time
	_, err := far.Read(make([]byte, 1))
	silent, open := err.(net.Error)
	return open && silent.Timeout()
}

// TestIdleMakesRoom: where all places are taken, whoever has most loses the
// connection that nobody has used for longest.
func TestIdleMakesRoom(t *testing.T) {
	inHall(t, Connections{All: 6, Each: 4}, func(h *hall) {
		var many []net.Conn
		for range 4 {
			many = append(many, h.comes("203.0.113.7"))
		}
		few := []net.Conn{h.comes("203.0.113.8"), h.comes("203.0.113.8")}
		h.state(http.StateActive, many...)
		h.state(http.StateIdle, many[2], many[0]) // in this order
		h.comes("203.0.113.9")
		if h.isOpen(many[2]) || !h.isOpen(many[0]) || !h.isOpen(many[1]) || !h.isOpen(few[0]) {
			t.Error("another than the longest idle connection of whoever has most had to go")
		}
		h.comes("203.0.113.9")
		if h.isOpen(many[0]) {
			t.Error("the next one did not have to go")
		}
	})
}

// TestBusyMakesRoom: whoever keeps many connections busy does not keep those out
// who have fewer; a WebSocket is never closed for another.
func TestBusyMakesRoom(t *testing.T) {
	inHall(t, Connections{All: 6, Each: 6}, func(h *hall) {
		var many []net.Conn
		for range 6 {
			many = append(many, h.comes("203.0.113.7"))
		}
		h.state(http.StateActive, many...)
		h.state(http.StateHijacked, many[0])
		h.mustRefuse("203.0.113.7")
		for i, who := range []string{"203.0.113.8", "203.0.113.9"} {
			h.state(http.StateActive, h.comes(who))
			if h.isOpen(many[1+i]) {
				t.Errorf("the busy connection %d did not have to go", 1+i)
			}
		}
		if !h.isOpen(many[0]) {
			t.Error("a WebSocket had to go")
		}
		h.state(http.StateHijacked, many[3:]...)
		h.mustRefuse("203.0.113.10") // nobody has two more than they would
	})
}

// TestOwnIdleMakesRoom: whoever has all they may have gets on with a connection
// that they do not use.
func TestOwnIdleMakesRoom(t *testing.T) {
	inHall(t, Connections{All: 10, Each: 2}, func(h *hall) {
		one, two, other := h.comes("203.0.113.7"), h.comes("203.0.113.7"), h.comes("203.0.113.8")
		h.state(http.StateActive, one, two)
		h.mustRefuse("203.0.113.7")
		h.state(http.StateIdle, two)
		h.comes("203.0.113.7")
		if h.isOpen(two) || !h.isOpen(one) || !h.isOpen(other) {
			t.Error("another than their own idle connection had to go")
		}
	})
}

// TestWebSocketsCountApart: an office's meetings leave its people all the
// connections for pages that anybody has, and are among all of them.
func TestWebSocketsCountApart(t *testing.T) {
	inHall(t, Connections{All: 8, Each: 2}, func(h *hall) {
		for range 5 {
			h.state(http.StateHijacked, h.comes("203.0.113.7"))
		}
		h.state(http.StateActive, h.comes("203.0.113.7"), h.comes("203.0.113.7"))
		h.mustRefuse("203.0.113.7")
		h.state(http.StateActive, h.comes("203.0.113.8"))
		h.mustRefuse("203.0.113.8") // all are there, and nobody has two more
		for c := range h.ends {
			_ = c.Close()
		}
		if n := h.count(); n != 0 || h.held.hijacked != 0 {
			t.Errorf("%d connections are left, %d WebSockets", n, h.held.hijacked)
		}
	})
}

// TestNetworks: the networks around an IPv6 neighbour count as well, so that
// nobody takes everything who has many of them.
func TestNetworks(t *testing.T) {
	const each = 8
	busy := func(h *hall, from string) net.Conn {
		c := h.comes(from)
		h.state(http.StateActive, c)
		return c
	}
	inHall(t, Connections{All: 1000, Each: each}, func(h *hall) {
		for subnet := range 4 { // a /56 has as much as two /64s
			for range each / 2 {
				busy(h, fmt.Sprintf("[2001:db8:0:%x::1]", subnet))
			}
		}
		h.mustRefuse("[2001:db8:0:ff::1]")
		for subnet := range 4 { // and a /48 as much as four
			for range each / 2 {
				busy(h, fmt.Sprintf("[2001:db8:0:1%02x::1]", subnet))
			}
		}
		h.mustRefuse("[2001:db8:0:200::1]")
		busy(h, "[2001:db8:1::1]")
	})
}

// TestOneNetworkTakesAll: forty /64s of one /56 with all the idle connections they
// may have leave room for everybody else, and one line in the log.
func TestOneNetworkTakesAll(t *testing.T) {
	inHall(t, Connections{All: 1000, Each: 256}, func(h *hall) {
		for i := range 40 * 256 {
			h.state(http.StateIdle, h.comes(fmt.Sprintf("[2001:db8:0:%x::1]", i%40)))
		}
		if n := h.count(); n != 2*256 {
			t.Errorf("one /56 has %d connections, want %d", n, 2*256)
		}
		for i := range 1000 { // many others
			h.state(http.StateIdle, h.comes(fmt.Sprintf("198.51.%d.%d", i/250, i%250)))
		}
		if n := h.count(); n != 1000 {
			t.Errorf("there are %d connections", n)
		}
		if lines := strings.Count(h.log.String(), "\n"); lines != 1 {
			t.Errorf("the log has %d lines:\n%s", lines, h.log)
		}
		time.Sleep(reportEvery) // of the test's own time
		h.comes("203.0.113.7")
		if text := h.log.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, "2001:db8::/48") || !strings.Contains(text, "--max-connections") {
			t.Errorf("the log says:\n%s", text)
		}
	})
}

// TestRefusedIsTold: who is refused has a moment to hear it, and no more; only so
// many at a time.
func TestRefusedIsTold(t *testing.T) {
	inHall(t, Connections{All: 1, Each: 1}, func(h *hall) {
		h.state(http.StateActive, h.comes("203.0.113.7"))
		for range refusals {
			h.mustRefuse("203.0.113.7")
		}
		far := h.calls.call("203.0.113.7:1")
		go func() { _, _ = h.Accept() }()
		if _, err := far.Read(make([]byte, 1)); err == nil {
			t.Error("one more was told")
		}
		synctest.Wait()
		time.Sleep(refusalTime) // of the test's own time
		synctest.Wait()
		if h.refused != 0 {
			t.Errorf("%d are still being told", h.refused)
		}
		h.calls.call("203.0.113.7:1") // for the Accept that waits
	})
}

// BenchmarkMakeRoom is what one more costs while 15,000 holders have one each.
func BenchmarkMakeRoom(b *testing.B) {
	h := newConnTable(Connections{All: 15_000, Each: 256})
	n := 0
	next := func() *conn {
		n++
		c := caller{from: fmt.Sprintf("10.%d.%d.%d:1", n>>16&255, n>>8&255, n&255)}
		return &conn{Conn: c, neighbour: Proxies{}.At(c.RemoteAddr())}
	}
	for range 15_000 {
		h.add(next())
	}
	for b.Loop() {
		c := next()
		if out, ok := h.makeRoom(c.neighbour, false, true); ok && out != nil {
			h.remove(out)
		}
		h.add(c)
	}
}
