package throttle

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// door is a listener whose connections come from anywhere.
type door struct{ conns chan net.Conn }

func (d door) Accept() (net.Conn, error) {
	c, open := <-d.conns
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (door) Close() error   { return nil }
func (door) Addr() net.Addr { return &net.TCPAddr{} }

// caller is our end of a connection from an address.
type caller struct {
	net.Conn
	from string
}

func (c caller) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.from))
}

// call comes in; the far end is returned.
func (d door) call(from string) net.Conn {
	ours, theirs := net.Pipe()
	d.conns <- caller{ours, from}
	return theirs
}

// TestListener: what is too much for one is closed at once, and what is too much
// for all too, unless somebody has more.
func TestListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := door{make(chan net.Conn)}
		l := Listen(d, Connections{All: 3, Each: 2}, 0)
		in := make(chan net.Conn, 10)
		go func() {
			for c, err := l.Accept(); err == nil; c, err = l.Accept() {
				in <- c
			}
			close(in)
		}()
		mustRefuse := func(from string) {
			t.Helper()
			if _, err := d.call(from).Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				t.Errorf("%s was let in: %v", from, err)
			}
		}
		d.call("203.0.113.7:1")
		first := <-in
		d.call("203.0.113.7:2")
		<-in
		mustRefuse("203.0.113.7:3")
		d.call("203.0.113.8:1")
		last := <-in
		d.call("203.0.113.9:1") // all are there: whoever has most loses the oldest
		<-in
		if _, err := first.Write([]byte{0}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the oldest was not closed: %v", err)
		}
		mustRefuse("203.0.113.7:4") // who would have more than anybody
		_, _ = last.Close(), last.Close()
		d.call("203.0.113.7:5")
		<-in
		close(d.conns)
		if _, open := <-in; open {
			t.Error("one more was let in")
		}
	})
}

// TestListenerBehindProxies: a proxy may have all connections, anybody else as
// few as ever.
func TestListenerBehindProxies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := door{make(chan net.Conn)}
		l := Trusting(netip.MustParsePrefix("203.0.113.7/32")).Listen(d, Connections{All: 40, Each: 2}, slog.New(slog.DiscardHandler))
		var in atomic.Int32
		done := make(chan struct{})
		go func() {
			defer close(done)
			for c, err := l.Accept(); err == nil; c, err = l.Accept() {
				l.ConnState(c, http.StateActive)
				if l.Refused(c) {
					_ = c.Close()
				} else {
					in.Add(1)
				}
			}
		}()
		for _, step := range []struct {
			from  string
			calls int
			want  int32
		}{{"203.0.113.8:1", 5, 2}, {"10.0.0.1:1", 5, 4}, {"203.0.113.7:1", 50, 40}} {
			for range step.calls {
				d.call(step.from)
			}
			if synctest.Wait(); in.Load() != step.want {
				t.Errorf("after %d calls from %s there are %d, want %d", step.calls, step.from, in.Load(), step.want)
			}
		}
		close(d.conns)
		<-done
	})
}

// count is how many connections count, and how many neighbours have some if
// there are none.
func (l *Listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held.all == 0 {
		return len(l.held.each) + len(l.held.around) + len(l.held.holders)
	}
	return l.held.all
}

// TestYoung: a connection that has grown old counts no more.
func TestYoung(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := door{make(chan net.Conn)}
		l := Listen(d, Connections{All: 1, Each: 1}, time.Minute)
		for i := range 3 {
			go d.call("203.0.113.7:1")
			c, err := l.Accept()
			if err != nil || l.count() != 1 {
				t.Fatalf("connection %d: %v, %d count", i, err, l.count())
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if l.count() != 0 {
				t.Errorf("%d count after it has grown", l.count())
			}
			if _ = c.Close(); l.count() != 0 {
				t.Errorf("%d count after its end", l.count())
			}
		}
	})
}
