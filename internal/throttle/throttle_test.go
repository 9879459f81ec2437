package throttle

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
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

// TestAllowing: what an operator asks for is given within the files there are.
func TestAllowing(t *testing.T) {
	c := Connections{All: 20_000, Each: 256}
	for _, step := range []struct {
		asked int
		files uint64
		want  Connections
		says  string
	}{
		{0, 1 << 20, Connections{20_000, 256}, ""},
		{0, 20_000, Connections{15_000, 256}, ""},
		{0, 1024, Connections{768, 256}, ""},
		{0, 256, Connections{192, 96}, ""},
		{0, 0, Connections{1, 1}, ""},
		{0, math.MaxUint64, Connections{20_000, 256}, ""},
		{15_000, 20_000, Connections{15_000, 256}, ""},
		{15_001, 20_000, c, "write 15000 or less"},
		{300, 20_000, Connections{300, 150}, ""},
		{100_000, 1 << 20, Connections{100_000, 256}, ""},
	} {
		got, err := c.allowing(step.asked, step.files)
		if got != step.want || (err == nil) != (step.says == "") || err != nil && !strings.Contains(err.Error(), step.says) {
			t.Errorf("%+v: %+v, %v", step, got, err)
		}
	}
	if c, err := Default.HTTP.Allowing(0); err != nil || c.All < 1 || c.All > Default.HTTP.All {
		t.Errorf("here it is %+v, %v", c, err)
	}
}

// TestFor: what the people of one address need grows with their number.
func TestFor(t *testing.T) {
	if l := Default.For(Default.Known); l != Default {
		t.Errorf("the default is %+v, and for its own number %+v", Default, l)
	}
	few, many := Default.For(20), Default.For(10_000)
	if few.Known != 20 || few.Joins != (Rate{1, 20}) || few.Returns != (Rate{5, 100}) || few.Unknown.Each != 20 || few.HTTP.Each != 256 {
		t.Errorf("for few: %+v", few)
	}
	if many.Known != 10_000 || many.Joins != (Rate{100, 2000}) || many.Returns != (Rate{200, 10_000}) || many.Unknown.Each != 2000 || many.Unknown.All < 2000 {
		t.Errorf("for many: %+v", many)
	}
}
