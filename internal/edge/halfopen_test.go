package edge_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
	"overtime/internal/throttle"
)

// hole is a network between browsers and the server that can swallow everything,
// both ways, without a word to either end.
type hole struct {
	net.Listener
	server string
	open   atomic.Bool

	group sync.WaitGroup
	mu    sync.Mutex // guards conns
	conns []net.Conn
}

func (w *world) hole(t *testing.T) *hole {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hole{Listener: l, server: strings.TrimPrefix(w.URL(), "http://")}
	h.group.Go(h.serve)
	t.Cleanup(func() {
		_ = h.Close()
		h.mu.Lock()
		for _, c := range h.conns {
			_ = c.Close()
		}
		h.mu.Unlock()
		h.group.Wait()
	})
	return h
}

func (h *hole) serve() {
	for {
		near, err := h.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", h.server)
		if err != nil {
			_ = near.Close()
			continue
		}
		h.mu.Lock()
		h.conns = append(h.conns, near, far)
		h.mu.Unlock()
		h.group.Go(func() { h.carry(near, far) })
		h.group.Go(func() { h.carry(far, near) })
	}
}

// carry passes on what comes, and the end, unless the hole is open.
func (h *hole) carry(to, from net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		switch {
		case h.open.Load() && err != nil:
			return
		case h.open.Load():
			continue
		}
		if _, werr := to.Write(buf[:n]); err != nil || werr != nil {
			_ = to.Close()
			return
		}
	}
}

// enter says hello through the network.
func (h *hole) enter(t *testing.T, w *world, name string) protocol.Welcome {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, h.Addr().String())
	}}
	t.Cleanup(transport.CloseIdleConnections)
	b := w.Dial(t, &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
	return testkit.Ask[protocol.Welcome](b, protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: name})
}

// TestHalfOpen: lines that die without a word are noticed by pings. Their people
// are reconnecting, not gone, as long as their places are held.
func TestHalfOpen(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.Ping, w.Config.Limits.Socket.PingTimeout = 20*time.Millisecond, 5*time.Second // who reads must be faster, on any machine
	w.Start()
	w.Room("aaa")
	began := w.Clock.Now()
	witness := w.witness(t)
	h := w.hole(t)
	bob := h.enter(t, w, "Bob")
	h.enter(t, w, "Cem")
	for range 2 {
		testkit.Next[protocol.PersonJoined](witness)
	}
	died := time.Now()
	h.open.Store(true)
	for range 2 {
		if p := testkit.Next[protocol.PersonChanged](witness).Person; !p.Reconnecting {
			t.Errorf("told %+v", p)
		}
	}
	t.Logf("noticed after %v", time.Since(died))
	w.Clock.Set(began.Add(protocol.PlaceHeld - time.Millisecond))
	mustBeCalm(t, witness)
	again := w.Dial(t, nil)
	if back := testkit.Ask[protocol.Welcome](again, protocol.Hello{Resume: bob.Resume}); back.You.ID != bob.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
	if p := testkit.Next[protocol.PersonChanged](witness).Person; p.ID != bob.You.ID || p.Reconnecting {
		t.Errorf("told %+v", p)
	}
	w.Clock.Set(began.Add(protocol.PlaceHeld))
	again.Listen() // or Bob would be dropped as well
	if left := testkit.Next[protocol.PersonLeft](witness); left.ID == bob.You.ID || left.Reason != protocol.LeftLost {
		t.Errorf("told %+v", left)
	}
	mustBeCalm(t, witness)
}

// TestDefaultsNoticeInTime: what the limits add up to, for lines that are dead and
// for browsers that do not read.
func TestDefaultsNoticeInTime(t *testing.T) {
	s := throttle.Default.Socket
	if dead := s.Ping + s.PingTimeout; dead > 20*time.Second || dead >= protocol.PlaceHeld {
		t.Errorf("a dead line is noticed after %v", dead)
	}
	if s.WriteTimeout > 10*time.Second || s.QueueBytes > 1<<20 || s.Queue > 256 {
		t.Errorf("what is not read holds %d messages, %d bytes, %v", s.Queue, s.QueueBytes, s.WriteTimeout)
	}
}
