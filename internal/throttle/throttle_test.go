package throttle

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestNeighbours: who shares a limit, and how large it is.
func TestNeighbours(t *testing.T) {
	for _, c := range []struct {
		a, b   string
		same   bool
		shareA int
	}{
		{"203.0.113.7:1", "203.0.113.7:2", true, 1},
		{"203.0.113.7:1", "203.0.113.8:1", false, 1},
		{"203.0.113.7:1", "[::ffff:203.0.113.7]:9", true, 1},
		{"[2001:db8:0:1::1]:1", "[2001:db8:0:1:ffff::9]:2", true, 1},
		{"[2001:db8:0:1::1]:1", "[2001:db8:0:2::1]:1", false, 1},
		{"[fe80::1%eth0]:1", "[fe80::2%eth1]:1", true, 1},
		{"127.0.0.1:1", "127.0.0.2:1", false, Crowd},
		{"[::1]:1", "127.0.0.1:1", false, Crowd},
		{"10.1.2.3:1", "10.1.2.4:1", false, Crowd},
		{"[fd00::1]:1", "[fd00::2]:1", true, Crowd},
		{"@", "", true, 1}, // nobody knows who
	} {
		a, b := of(c.a), of(c.b)
		if (a == b) != c.same || a.Share(1) != c.shareA {
			t.Errorf("%s and %s: %v, %v, a share of %d", c.a, c.b, a, b, a.Share(1))
		}
	}
}

// of is whose request it is that comes from a far end.
func of(farEnd string) Neighbour { return Proxies{}.From(&http.Request{RemoteAddr: farEnd}) }

func neighbour(i int) Neighbour { return Of(netip.MustParseAddr(fmt.Sprintf("203.0.113.%d", i))) }

// TestBuckets: each neighbour has a budget of its own, which fills again.
func TestBuckets(t *testing.T) {
	now := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	b := NewBuckets(Rate{PerSecond: 2, Burst: 3})
	for i := range 3 {
		if wait := b.Take(neighbour(1), now); wait != 0 {
			t.Errorf("take %d: wait %v", i, wait)
		}
	}
	for range 5 { // asking for too much costs nothing more
		if wait := b.Take(neighbour(1), now); wait != 500*time.Millisecond {
			t.Errorf("an empty bucket: wait %v", wait)
		}
	}
	if wait := b.Take(neighbour(2), now); wait != 0 {
		t.Errorf("somebody else: wait %v", wait)
	}
	if wait := b.Take(neighbour(1), now.Add(500*time.Millisecond)); wait != 0 {
		t.Errorf("later: wait %v", wait)
	}
	crowd := Of(netip.MustParseAddr("127.0.0.1"))
	for i := range 3 * Crowd {
		if wait := b.Take(crowd, now); wait != 0 {
			t.Errorf("a crowd's take %d: wait %v", i, wait)
		}
	}
	if wait := b.Take(crowd, now); wait != 50*time.Millisecond {
		t.Errorf("a crowd's empty bucket: wait %v", wait)
	}
	if wait := NewBuckets(Rate{}).Take(neighbour(1), now); wait <= 0 {
		t.Error("something in a bucket without any")
	}
}

// TestBucketsAreBounded: who asked for nothing the longest is forgotten.
func TestBucketsAreBounded(t *testing.T) {
	now := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	b := newBuckets(Rate{PerSecond: 1, Burst: 1}, 2)
	for _, step := range []struct {
		who  int
		full bool
	}{{1, true}, {2, true}, {1, false}, {3, true}, {1, false}, {2, true}, {3, true}, {1, true}} {
		if wait := b.Take(neighbour(step.who), now); (wait == 0) != step.full {
			t.Errorf("%+v: wait %v", step, wait)
		}
		if len(b.of) > 2 || b.recent.Len() != len(b.of) {
			t.Fatalf("%d buckets, %d in order", len(b.of), b.recent.Len())
		}
	}
}

// TestBelow limits one path of one neighbour.
func TestBelow(t *testing.T) {
	limit := Below("/api/", Proxies{}.From, NewBuckets(Rate{PerSecond: 0.001, Burst: 2}), func(w http.ResponseWriter, wait time.Duration) {
		w.Header().Set("Retry-After", RetryAfter(wait))
		w.WriteHeader(http.StatusTooManyRequests)
	})
	h := limit(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	ask := func(path, from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for i, want := range []int{200, 200, 429, 429} {
		if w := ask("/api/v1/rooms", "203.0.113.7:1"); w.Code != want || (w.Header().Get("Retry-After") == "") != (want == 200) {
			t.Errorf("request %d: %d, %v", i, w.Code, w.Header())
		}
	}
	if w := ask("/api/v1/rooms", "203.0.113.8:1"); w.Code != 200 {
		t.Errorf("somebody else: %d", w.Code)
	}
	for range 25 {
		if w := ask("/web/app.wasm", "203.0.113.7:1"); w.Code != 200 {
			t.Errorf("a file: %d", w.Code)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for wait, want := range map[time.Duration]string{0: "1", time.Millisecond: "1", time.Second: "1", 1001 * time.Millisecond: "2"} {
		if got := RetryAfter(wait); got != want {
			t.Errorf("%v: %s, want %s", wait, got, want)
		}
	}
}

func TestWithin(t *testing.T) {
	for files, want := range map[uint64]Connections{
		1 << 20: {All: 10_000, Each: 256}, 1024: {All: 512, Each: 256}, 256: {All: 128, Each: 64}, 0: {All: 1, Each: 1},
	} {
		if got := (Connections{All: 10_000, Each: 256}).within(files); got != want {
			t.Errorf("%d files: %+v, want %+v", files, got, want)
		}
	}
	if c := Default.HTTP.WithinFiles(); c.All < 1 || c.All > 10_000 {
		t.Errorf("here it is %+v", c)
	}
}

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

// TestListener: what is too much is closed at once, for one and for all.
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
		<-in
		mustRefuse("203.0.113.9:1") // all are there
		_, _ = first.Close(), first.Close()
		d.call("203.0.113.9:2")
		<-in
		mustRefuse("203.0.113.7:4")
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
		l := Trusting(netip.MustParsePrefix("203.0.113.7/32")).Listen(d, Connections{All: 40, Each: 2})
		var in atomic.Int32
		done := make(chan struct{})
		go func() {
			defer close(done)
			for _, err := l.Accept(); err == nil; _, err = l.Accept() {
				in.Add(1)
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
	if l.all == 0 {
		return len(l.each)
	}
	return l.all
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
