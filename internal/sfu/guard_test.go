package sfu

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"testing"

	"overtime/internal/throttle"
)

// TestPanicInARoom: a mistake of ours ends the room it is in, and no other.
func TestPanicInARoom(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*Room){
		"Change": func(r *Room) { r.change(func() { panic("a mistake") }) },
		"Beat": func(r *Room) { // the room's own goroutine finds a seat without a peer
			r.locked(func() { r.peers = append(r.peers, nil) })
		},
		"HalfDone": func(r *Room) { // even closing the room fails
			r.change(func() { r.peers = append(r.peers, nil); panic("a mistake") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSFU(t)
			bad, good := s.NewRoom(nil), s.NewRoom(nil)
			a := newClient(t, "a", 1, 1, nil).enter(t, good)
			newClient(t, "b", 1, 1, nil).enter(t, good)
			c := newClient(t, "c", 1, 1, nil).enter(t, bad)
			fail(bad)
			<-bad.done
			_, err := bad.Join("d", nil).Answer(context.Background(), c.offer(false))
			var refused *Error
			if !errors.As(err, &refused) || refused.Code != CodeClosed {
				t.Errorf("a room that failed answers %v", err)
			}
			a.hears(t, a.seats(t, "b", Camera), "b/f", 5)
		})
	}
}

// clumsy panics at what it is told.
type clumsy struct{ told chan struct{} }

func (c clumsy) Seated(Seating)    { close(c.told); panic("cannot sit") }
func (c clumsy) Connection(State)  {}
func (c clumsy) Excess(string)     {}
func (c clumsy) Speaking([]string) { close(c.told); panic("cannot listen") }

// TestPanicOfAnObserver takes its peer out, or its room, and nobody else.
func TestPanicOfAnObserver(t *testing.T) {
	t.Parallel()
	s := newSFU(t)
	room := clumsy{make(chan struct{})}
	r, good := s.NewRoom(room), s.NewRoom(nil)
	peer := clumsy{make(chan struct{})}
	p := r.Join("a", peer)
	r.mail.put(event{peer: p, seating: &Seating{}})
	<-peer.told
	eventually(t, "the peer is out", func() bool {
		_, open := r.connectionOf(p)
		return !open
	})
	select {
	case <-r.done:
		t.Error("the room went with its peer")
	default:
	}
	r.mail.put(event{speaking: []string{"a"}})
	<-room.told
	<-r.done
	if p := good.Join("b", nil); p.closed {
		t.Error("another room went as well")
	}
}

// TestGuard: connections that nobody knows are bounded where a guard says so,
// and only a port that cannot be had is called one.
func TestGuard(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Host: "127.0.0.1", Guard: func(l net.Listener) net.Listener {
		return throttle.Listen(l, throttle.Connections{All: 1, Each: 1}, 0)
	}})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port()))
	first, err := net.Dial("tcp", address)
	must(t, err)
	defer first.Close()
	second, err := net.Dial("tcp", address)
	must(t, err)
	defer second.Close()
	if _, err := second.Read(make([]byte, 1)); err == nil {
		t.Error("one too many was heard")
	}
	if _, err := New(Config{Host: "127.0.0.1", Port: s.Port()}); !errors.Is(err, ErrBind) {
		t.Errorf("a port that is taken: %v", err)
	}
	if _, err := New(Config{Advertise: []string{"2001:db8::7"}}); err == nil || errors.Is(err, ErrBind) {
		t.Errorf("an address that cannot be: %v", err)
	}
}

// moody fails to accept now and then.
type moody struct{ answers chan error }

func (m moody) Accept() (net.Conn, error) {
	if err := <-m.answers; err != nil {
		return nil, err
	}
	c, far := net.Pipe()
	return c, far.Close()
}
func (moody) Close() error   { return nil }
func (moody) Addr() net.Addr { return &net.TCPAddr{} }

// TestAcceptGoesOn after an error that passes.
func TestAcceptGoesOn(t *testing.T) {
	t.Parallel()
	m := moody{make(chan error, 3)}
	m.answers <- errors.New("too many open files")
	m.answers <- nil
	m.answers <- net.ErrClosed
	l := newOneAddressListener(m, &net.TCPAddr{Port: 7})
	c, err := l.Accept()
	must(t, err)
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) || c.LocalAddr().(*net.TCPAddr).Port != 7 {
		t.Errorf("got %v, %v", c.LocalAddr(), err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}
