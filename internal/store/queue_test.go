package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/store"
)

// counting counts what is published at once, and may do something else instead.
type counting struct {
	faulty
	mu      sync.Mutex // guards what follows
	batches int
	commit  func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error)
}

func (c *counting) PublishMsg(ctx context.Context, m *nats.Msg, o ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	real := func() (*jetstream.PubAck, error) { return c.JetStream.PublishMsg(context.WithoutCancel(ctx), m, o...) }
	if m.Header.Get("Nats-Batch-Commit") == "" {
		return real()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.batches++; c.commit != nil {
		return c.commit(real)
	}
	return real()
}

// crowd is rooms that are kept in one stream, of which all but the first wait while
// that one is being written.
type crowd struct {
	t     *testing.T
	js    *counting
	store *store.Store
	rooms []store.Versioned
}

func mustCrowd(t *testing.T, n int) *crowd {
	t.Helper()
	b := mustBus(t, t.TempDir())
	t.Cleanup(b.Close)
	c := &crowd{t: t, js: &counting{faulty: faulty{b.JetStream(), &faults{}}}}
	var err error
	if c.store, err = store.Open(t.Context(), c.js); err != nil {
		t.Fatal(err)
	}
	c.store.Patient()
	for i := 0; len(c.rooms) < n; i++ {
		if id := fmt.Sprint("room", i); store.BucketOf(id) == store.BucketOf("room0") {
			c.rooms = append(c.rooms, mustCreate(t, c.store, id))
		}
	}
	return c
}

// change raises every room's epoch at once, and gives how often each was asked.
func (c *crowd) change() (asked []int) {
	c.t.Helper()
	asked = make([]int, len(c.rooms))
	released, begun := make(chan struct{}), make(chan struct{})
	c.js.faults.set(func(f *faults) {
		first := true
		f.update = func(real func() (uint64, error)) (uint64, error) {
			c.js.faults.mu.Lock()
			was := first
			first = false
			c.js.faults.mu.Unlock()
			if was {
				close(begun)
				<-released
			}
			return real()
		}
	})
	errs := make([]error, len(c.rooms))
	var all sync.WaitGroup
	raised := func(i int) func() {
		return func() { _, errs[i] = c.store.Change(c.t.Context(), c.rooms[i], raise(&asked[i])) }
	}
	all.Go(raised(0))
	<-begun
	for i := 1; i < len(c.rooms); i++ {
		all.Go(raised(i))
	}
	for c.store.Waiting("room0") < len(c.rooms)-1 {
		runtime.Gosched()
	}
	close(released)
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		c.t.Fatal(err)
	}
	return asked
}

// mustHave is how the rooms are read afterwards, and that they can be changed as
// they were returned.
func (c *crowd) mustHave(epoch func(i int) uint64) {
	c.t.Helper()
	for i, r := range c.rooms {
		if v := mustLoad(c.t, c.store, r.Room.ID); v.Epoch != epoch(i) {
			c.t.Errorf("room %d has epoch %d, want %d", i, v.Epoch, epoch(i))
		}
	}
}

// TestManyAtOnce: what waits while a stream writes is written with one sync, a few
// are by themselves.
func TestManyAtOnce(t *testing.T) {
	for n, batches := range map[int]int{5: 0, 100: 1, 230: 2} {
		c := mustCrowd(t, n)
		for i, asked := range c.change() {
			if asked != 1 {
				t.Errorf("%d at once: room %d was asked %d times", n, i, asked)
			}
		}
		if c.js.batches != batches {
			t.Errorf("%d at once were written in %d batches, want %d", n, c.js.batches, batches)
		}
		c.mustHave(func(int) uint64 { return 1 })
	}
}

// TestOneOfManyMovedOn: nobody but whose record moved on is asked again.
func TestOneOfManyMovedOn(t *testing.T) {
	c := mustCrowd(t, 50)
	times := 0
	if _, err := c.store.Change(t.Context(), c.rooms[20], raise(&times)); err != nil {
		t.Fatal(err)
	}
	for i, asked := range c.change() {
		if want := map[bool]int{true: 2, false: 1}[i == 20]; asked != want {
			t.Errorf("room %d was asked %d times, want %d", i, asked, want)
		}
	}
	c.mustHave(func(i int) uint64 { return map[bool]uint64{true: 2, false: 1}[i == 20] })
}

// TestManyOfUnknownOutcome: whether or not a batch was written of which nothing is
// heard, each change counts once.
func TestManyOfUnknownOutcome(t *testing.T) {
	for name, written := range map[string]bool{"Written": true, "NotWritten": false} {
		t.Run(name, func(t *testing.T) {
			c := mustCrowd(t, 50)
			c.js.commit = func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error) {
				c.js.commit = nil
				if written {
					if _, err := real(); err != nil {
						t.Error(err)
					}
				}
				return nil, context.DeadlineExceeded
			}
			c.change()
			c.mustHave(func(int) uint64 { return 1 })
		})
	}
}
