package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/audit"
	"overtime/internal/event"
)

// TestSoon: what nobody waits for is kept, in order, as of when it was said.
func TestSoon(t *testing.T) {
	l, _ := start(t)
	for n := range 100 {
		l.AppendSoon(audit.Entry{ID: fmt.Sprint(n), Kind: event.APIRefused, Room: "aaa"})
	}
	mustClose(t, l)
	all := mustRead(t, l)
	if last := all[len(all)-1]; last.Kind != audit.Anchored {
		t.Errorf("not anchored, but %+v", last)
	}
	for n, s := range all[:len(all)-1] {
		if s.ID != fmt.Sprint(n) || !s.At.Equal(now) {
			t.Errorf("entry %d is %+v", n, s)
		}
	}
	mustHold(t, l, 101)
	l.AppendSoon(audit.Entry{Kind: event.APIRefused}) // leads nowhere, and does no harm
	mustAppend(t, l, numbered("aaa", 1))
	mustHold(t, l, 102)
}

// TestFlood: a flood of refusals is kept in part, and how much is missing.
func TestFlood(t *testing.T) {
	l, _ := start(t)
	for range 2000 {
		l.AppendSoon(audit.Entry{Kind: event.APIRefused})
	}
	mustClose(t, l)
	all := mustRead(t, l)
	if len(all) != 502 { // with an anchor
		t.Fatalf("%d are kept", len(all))
	}
	if last := all[500]; last.Kind != audit.Dropped || string(last.Data) != `{"entries":1500}` || !last.At.Equal(now) {
		t.Errorf("the last is %+v", last)
	}
}

// TestFloodOfRefusals: what anybody can cause takes no room from what only
// portals and moderators can.
func TestFloodOfRefusals(t *testing.T) {
	l, _ := start(t)
	for range 1000 {
		l.AppendSoon(audit.Entry{Kind: event.APIRefused})
		l.AppendSoon(audit.Entry{Kind: event.ParticipantRefused})
	}
	for range 10 {
		l.AppendSoon(audit.Entry{Kind: event.ParticipantDenied})
		l.AppendSoon(audit.Entry{Kind: event.WebhookDropped})
	}
	mustClose(t, l)
	kept := map[event.Kind]int{}
	for _, s := range mustRead(t, l) {
		kept[s.Kind]++
	}
	if kept[event.ParticipantDenied] != 10 || kept[event.WebhookDropped] != 10 || kept[audit.Dropped] != 1 {
		t.Errorf("kept are %v", kept)
	}
}

// list is what is written.
type list struct {
	mu      sync.Mutex // guards what follows
	refused int        // entries
	dropped []int      // as each account says
	fail    error
}

func (w *list) write(_ context.Context, e audit.Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return w.fail
	}
	if e.Kind != audit.Dropped {
		w.refused++
		return nil
	}
	var said struct{ Entries int }
	if err := json.Unmarshal(e.Data, &said); err != nil {
		return err
	}
	w.dropped = append(w.dropped, said.Entries)
	return nil
}

func (w *list) fails(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail = err
}

func (w *list) mustBe(t *testing.T, what string, refused int, dropped ...int) {
	t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refused != refused || fmt.Sprint(w.dropped) != fmt.Sprint(dropped) {
		t.Errorf("%s: %d are written and %v said to be dropped, want %d and %v", what, w.refused, w.dropped, refused, dropped)
	}
}

// TestRates: what is taken fills again with time, and the account comes by
// itself.
func TestRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &list{}
		s := audit.StartSoon(w.write, time.Now)
		defer mustClose(t, s)
		put := func(n int) {
			for range n {
				s.Put(audit.Entry{Kind: event.APIRefused})
			}
			synctest.Wait()
		}
		put(600)
		w.mustBe(t, "at once", 500)
		time.Sleep(time.Second)
		put(60)
		w.mustBe(t, "a second later", 550)
		time.Sleep(time.Minute)
		w.mustBe(t, "a minute later", 550, 110)
		time.Sleep(time.Hour)
		w.mustBe(t, "all is said", 550, 110)
		for range 3 * 60 { // as much as is taken in a minute, but not in the long run
			put(500)
			time.Sleep(time.Minute)
		}
		synctest.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		if most := 50_000 + 5*3600; w.refused > most || w.refused < most*9/10 {
			t.Errorf("%d in four hours", w.refused)
		}
		said := 0
		for _, n := range w.dropped {
			said += n
		}
		if all := 600 + 60 + 3*60*500; w.refused+said != all {
			t.Errorf("%d are kept and %d said to be dropped, of %d", w.refused, said, all)
		}
	})
}

// TestSoonIsDatedAtOnce: an entry that waits was nevertheless made when it was.
func TestSoonIsDatedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var at []time.Duration
		s := audit.StartSoon(func(_ context.Context, e audit.Entry) error {
			time.Sleep(time.Second)
			at = append(at, e.At.Sub(begun))
			return nil
		}, time.Now)
		for range 3 {
			s.Put(audit.Entry{Kind: event.APIRefused})
			time.Sleep(100 * time.Millisecond)
		}
		mustClose(t, s)
		if got := fmt.Sprint(at); got != "[0s 100ms 200ms]" {
			t.Errorf("dated %s", got)
		}
	})
}

// TestSoonUnavailable: what cannot be written counts as dropped, is said when it
// can be again, and holds nobody up.
func TestSoonUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &list{}
		w.fails(errors.New("unplugged"))
		s := audit.StartSoon(w.write, time.Now)
		for range 10 {
			s.Put(audit.Entry{Kind: event.APIRefused})
		}
		time.Sleep(5 * time.Minute)
		w.mustBe(t, "unplugged", 0)
		w.fails(nil)
		time.Sleep(time.Minute)
		w.mustBe(t, "plugged in", 0, 10)
		mustClose(t, s)
	})
}

// TestSoonStuck: an audit that hangs holds up neither those who append nor a stop,
// and fills no memory.
func TestSoonStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := audit.StartSoon(func(ctx context.Context, _ audit.Entry) error {
			<-ctx.Done()
			return ctx.Err()
		}, time.Now)
		for range 100 {
			for range 50 {
				s.Put(audit.Entry{Kind: event.APIRefused})
			}
			time.Sleep(time.Second)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		begun := time.Now()
		err := s.Close(ctx)
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("the stop took %v", took)
		}
		if err == nil || err.Error() != "audit: 5000 entries could not be written" {
			t.Errorf("the stop says %v", err)
		}
	})
}
