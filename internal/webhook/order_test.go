package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"overtime/internal/webhook"
)

// TestOrder: each room's events come in order and once each, however the portal
// fails.
func TestOrder(t *testing.T) {
	const rooms, events = 20, 15
	w, p := start(t)
	var mu sync.Mutex
	failed := map[string]int{}
	p.answers(func(_ http.ResponseWriter, r request) int {
		mu.Lock()
		defer mu.Unlock()
		failed[r.id]++
		if failed[r.id] <= (len(r.id)+int(r.id[len(r.id)-1]))%4 {
			return http.StatusBadGateway
		}
		return http.StatusOK
	})
	for n := 1; n <= events; n++ {
		for room := range rooms {
			w.put(fmt.Sprintf("room%d", room), n, n)
		}
	}
	mustTakeAll(t, p, rooms, events)
	p.mustHaveNone(t)
}

// mustTakeAll fails unless the portal takes all events of room0 and so on, each
// room's in order and each once.
func mustTakeAll(t *testing.T, p *portal, rooms, events int) {
	t.Helper()
	taken := map[string]int{}
	for left := rooms * events; left > 0; {
		r := p.next(t)
		if want := fmt.Sprintf("%s-%d", r.room, taken[r.room]+1); r.id != want {
			t.Fatalf("got %s, want %s", r.id, want)
		}
		if r.status < 300 {
			taken[r.room]++
			left--
		}
	}
}

// block is a wait that lasts until the test says so.
func block(w *world) (waiting chan time.Duration, release func()) {
	waiting = make(chan time.Duration, 10_000)
	on := make(chan struct{})
	w.waits(func(ctx context.Context, d time.Duration) error {
		waiting <- d
		select {
		case <-on:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return waiting, sync.OnceFunc(func() { close(on) })
}

// TestOthersAreNotHeldBack: not by a room that fails, however much of it waits.
func TestOthersAreNotHeldBack(t *testing.T) {
	w, p := start(t)
	waiting, release := block(w)
	p.answers(func(_ http.ResponseWriter, r request) int {
		if r.room == "bad" {
			return http.StatusInternalServerError
		}
		return http.StatusOK
	})
	w.put("bad", 1, 100)
	p.mustTake(t, "bad-1")
	receive(t, waiting)
	for n := 1; n <= 50; n++ {
		w.put("good", n, n)
		p.mustTake(t, fmt.Sprintf("good-%d", n))
	}
	p.mustHaveNone(t)
	p.always(http.StatusOK)
	release()
	for n := 1; n <= 100; n++ {
		p.mustTake(t, fmt.Sprintf("bad-%d", n))
	}
}

// TestOtherEndpoints: one that fails holds back no other.
func TestOtherEndpoints(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	bad, good := newPortal(t), newPortal(t)
	bad.always(http.StatusInternalServerError)
	w := open(t, b.JetStream(), bad.line()+good.line())
	waiting, _ := block(w)
	w.deliver()
	w.put("aaa", 1, 3)
	good.mustTake(t, "aaa-1", "aaa-2", "aaa-3")
	bad.mustTake(t, "aaa-1")
	receive(t, waiting)
	bad.mustHaveNone(t)
}

// TestMoreRoomsThanLines: no more rooms are seen to at a time than there are
// lines, and the others later.
func TestMoreRoomsThanLines(t *testing.T) {
	const lines, rooms = 5, 30
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, b.JetStream(), p.line())
	w.SetLines(lines)
	var now, most atomic.Int32
	waiting, release := make(chan bool, rooms), make(chan bool, rooms)
	w.waits(func(ctx context.Context, _ time.Duration) error {
		defer now.Add(-1)
		if n := now.Add(1); n > lines {
			most.Store(n)
		}
		waiting <- true
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	var tried sync.Map
	p.answers(func(_ http.ResponseWriter, r request) int {
		if _, before := tried.LoadOrStore(r.room, true); before {
			return http.StatusOK
		}
		return http.StatusInternalServerError
	})
	w.deliver()
	for room := range rooms {
		w.put(fmt.Sprintf("room%d", room), 1, 2)
	}
	for range rooms {
		receive(t, waiting)
		release <- true
	}
	mustTakeAll(t, p, rooms, 2)
	p.mustHaveNone(t)
	if n := most.Load(); n > 0 {
		t.Errorf("%d rooms waited at a time", n)
	}
}

// TestAsks: however many rooms have something, the stream is asked by few at a
// time: what it cannot answer in time would be asked again, and never be.
func TestAsks(t *testing.T) {
	const rooms = 100
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	count := &asking{}
	w := open(t, faulty{JetStream: b.JetStream(), asking: count}, p.line())
	for room := range rooms {
		w.put(fmt.Sprintf("room%d", room), 1, 1)
	}
	w.deliver()
	mustTakeAll(t, p, rooms, 1)
	if most := count.most.Load(); most < 2 || most > 8 {
		t.Errorf("%d asked at a time", most)
	}
}

// TestRestart: what was not delivered before a restart of everything comes after
// it, in order, and before what is new.
func TestRestart(t *testing.T) {
	const rooms = 5
	folder := t.TempDir()
	p := newPortal(t)
	p.answers(func(_ http.ResponseWriter, r request) int {
		if r.id == "room0-1" || r.id == "room0-2" {
			return http.StatusOK
		}
		return http.StatusInternalServerError
	})
	b := mustBus(t, folder)
	w := open(t, b.JetStream(), p.line())
	waiting, _ := block(w)
	d := w.Dispatch()
	for room := range rooms {
		w.put(fmt.Sprintf("room%d", room), 1, 4)
	}
	for range rooms {
		receive(t, waiting)
	}
	mustStop(t, d)
	b.Close()
	taken := map[string]bool{}
	for range rooms + 2 {
		r := p.next(t)
		taken[r.id] = taken[r.id] || r.status < 300
	}
	p.mustHaveNone(t)
	if !taken["room0-1"] || !taken["room0-2"] || taken["room0-3"] {
		t.Fatalf("before the restart: %v", taken)
	}

	b = mustBus(t, folder)
	defer b.Close()
	p.always(http.StatusOK)
	w = open(t, b.JetStream(), p.line())
	for room := range rooms {
		w.put(fmt.Sprintf("room%d", room), 5, 6)
	}
	w.deliver()
	next := map[string]int{"room0": 3}
	for range 4 + 6*(rooms-1) {
		r := p.next(t)
		if want := fmt.Sprintf("%s-%d", r.room, max(1, next[r.room])); r.id != want {
			t.Fatalf("got %s, want %s", r.id, want)
		}
		next[r.room] = max(1, next[r.room]) + 1
	}
	p.mustHaveNone(t)
}

// TestStopLetsRequestsEnd: what is under way is finished, and not done again.
func TestStopLetsRequestsEnd(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	came, answer := make(chan struct{}), make(chan struct{})
	p.answers(func(http.ResponseWriter, request) int {
		close(came)
		<-answer
		return http.StatusOK
	})
	w := open(t, b.JetStream(), p.line())
	d := w.Dispatch()
	w.put("aaa", 1, 2)
	receive(t, came)
	waits := asked{t.Context(), make(chan struct{})}
	stopped := make(chan error)
	go func() { stopped <- d.Stop(waits) }()
	receive(t, waits.done)
	close(answer)
	if err := receive(t, stopped); err != nil {
		t.Error(err)
	}
	p.mustTake(t, "aaa-1")
	p.mustHaveNone(t)
	p.always(http.StatusOK)
	w.deliver()
	p.mustTake(t, "aaa-2")
}

// asked is a context that tells when somebody waits for its end, once.
type asked struct {
	context.Context
	done chan struct{}
}

func (a asked) Done() <-chan struct{} {
	close(a.done)
	return a.Context.Done()
}

// TestStopCutsOff: a portal that does not answer holds up no stop, and gets the
// event again.
func TestStopCutsOff(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	came := make(chan struct{}, 1)
	p.answers(func(_ http.ResponseWriter, r request) int {
		came <- struct{}{}
		<-r.Context().Done() // when the connection goes
		return http.StatusOK
	})
	w := open(t, b.JetStream(), p.line())
	d := w.Dispatch()
	w.put("aaa", 1, 1)
	receive(t, came)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Stop(ctx); err != nil {
		t.Error(err)
	}
	p.mustTake(t, "aaa-1")
	p.always(http.StatusOK)
	w.deliver()
	p.mustTake(t, "aaa-1")
}

// TestBell: what is put in here is found at once.
func TestBell(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, b.JetStream(), p.line())
	w.SetLook(24 * time.Hour)
	w.deliver()
	for n := 1; n <= 5; n++ {
		w.put("aaa", n, n)
		p.mustTake(t, fmt.Sprintf("aaa-%d", n))
	}
}

// TestAnotherNode: what another node puts in is found though no bell rings.
func TestAnotherNode(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w, other := open(t, b.JetStream(), p.line()), open(t, b.JetStream(), p.line())
	w.deliver()
	w.put("aaa", 1, 1)
	p.mustTake(t, "aaa-1")
	other.put("aaa", 2, 2)
	p.mustTake(t, "aaa-2")
}

// TestOnce: an event that is put in again, because nobody knew whether it was
// in, comes once.
func TestOnce(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	one, two := newPortal(t), newPortal(t)
	fail := errors.New("unplugged")
	subject := ""
	w := open(t, faulty{JetStream: b.JetStream(), publish: func(to string) error {
		if subject == "" {
			subject = to
		}
		if to != subject { // the second endpoint
			return fail
		}
		return nil
	}}, one.line()+two.line())
	w.deliver()
	if err := w.Enqueue(t.Context(), numbered("aaa", 1)); !errors.Is(err, webhook.ErrUnavailable) || !errors.Is(err, fail) {
		t.Fatalf("half in: %v", err)
	}
	one.mustTake(t, "aaa-1")
	fail = nil
	w.put("aaa", 1, 1)
	w.put("aaa", 1, 2)
	one.mustTake(t, "aaa-2")
	two.mustTake(t, "aaa-1", "aaa-2")
	one.mustHaveNone(t)
	two.mustHaveNone(t)
}
