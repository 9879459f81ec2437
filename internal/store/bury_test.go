package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

// ended is a room whose session number n ended an hour after now, with its ledger.
func ended(t *testing.T, s *store.Store, id string, n int, how ...func(*store.Record)) store.Rest {
	t.Helper()
	session := meeting.Session{Number: n, StartedAt: now, EndsAt: now.Add(time.Hour), Ending: &meeting.Ending{Reason: meeting.ReasonExpired, At: now.Add(time.Hour)}}
	_, err := s.Change(t.Context(), mustCreate(t, s, id), func(r store.Record) (store.Record, error) {
		r.Session = &session
		for _, f := range how {
			f(&r)
		}
		return r, nil
	})
	for i := 1; err == nil && i <= n; i++ {
		session.Number = i
		err = s.SaveLedger(t.Context(), id, session)
	}
	if err != nil {
		t.Fatal(err)
	}
	return rest(t, s, id)
}

// rest is a record as a sweep sees it.
func rest(t *testing.T, s *store.Store, id string) store.Rest {
	t.Helper()
	all, _, _, err := s.Rests(t.Context(), 0, 100)
	i := slices.IndexFunc(all, func(r store.Rest) bool { return r.Room.ID == id })
	if err != nil || i < 0 {
		t.Fatalf("%s is not there: %v", id, err)
	}
	return all[i]
}

// TestDue: what is finished, and nothing else.
func TestDue(t *testing.T) {
	s, _ := mustStore(t)
	end := now.Add(time.Hour)
	mustCreate(t, s, "waiting")
	ended(t, s, "over", 1)
	ended(t, s, "again", 1, func(r *store.Record) { r.Room.Reusable = true })
	ended(t, s, "deleted", 1, func(r *store.Record) { r.Room.Reusable, r.Deleted = true, end })
	ended(t, s, "running", 1, func(r *store.Record) { r.Session.Ending = nil })
	ended(t, s, "strange", 1, func(r *store.Record) { r.Session.Ending, r.Room.Duration = nil, 0 })
	ended(t, s, "untold", 1, func(r *store.Record) { *r = r.Tell(event.Event{Kind: event.SessionEnded}) })
	for _, c := range []struct {
		before time.Time
		due    []string
	}{{end, nil}, {end.Add(time.Millisecond), []string{"deleted", "over"}}} {
		var due []string
		for _, id := range []string{"again", "deleted", "over", "running", "strange", "untold", "waiting"} {
			if rest(t, s, id).Due(c.before) {
				due = append(due, id)
			}
		}
		if !slices.Equal(due, c.due) {
			t.Errorf("due before %v are %v, want %v", c.before, due, c.due)
		}
	}
}

// TestBury: wherever it is cut short, the room is gone at once, and the next sweep
// does the rest.
func TestBury(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	f := &faults{}
	s, err := store.Open(t.Context(), faulty{b.JetStream(), f})
	if err != nil {
		t.Fatal(err)
	}
	killed := errors.New("killed")
	for steps := range 4 { // two writes of the record, one ledger each between them
		id := string(rune('a'+steps)) + "aa"
		r := ended(t, s, id, 2)
		left := steps
		step := func(real func() (uint64, error)) (uint64, error) {
			if left--; left < 0 {
				return 0, killed
			}
			return real()
		}
		f.set(func(f *faults) {
			f.update = step
			f.purge = func(real func() error) error {
				_, err := step(func() (uint64, error) { return 0, real() })
				return err
			}
		})
		if err := s.Bury(t.Context(), r, now); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("cut short after %d steps: %v", steps, err)
		}
		f.set(func(f *faults) { f.update, f.purge = nil, nil })
		if v := mustLoad(t, s, id); steps > 0 && v.Deleted.IsZero() {
			t.Errorf("after %d steps the room is there", steps)
		}
		again := rest(t, s, id)
		if steps > 0 && !again.Due(now.Add(-time.Hour)) {
			t.Errorf("after %d steps nobody will do the rest", steps)
		}
		if err := s.Bury(t.Context(), again, now); err != nil {
			t.Fatal(err)
		}
		done := rest(t, s, id)
		if !done.Buried() || done.Due(now.Add(time.Hour)) || done.Epoch != r.Epoch || !done.Deleted.Equal(now) {
			t.Errorf("left is %+v", done)
		}
		for n := 1; n <= 2; n++ {
			if _, err := s.Ledger(t.Context(), id, n); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("ledger %d: %v", n, err)
			}
		}
		if err := s.Create(t.Context(), mustRoom(t, id)); !errors.Is(err, store.ErrExists) {
			t.Errorf("the id is given again: %v", err)
		}
	}
}

// TestBuryWhatIsWritten: a room that somebody wrote meanwhile is left alone.
func TestBuryWhatIsWritten(t *testing.T) {
	s, _ := mustStore(t)
	r := ended(t, s, "aaa", 1)
	asked := 0
	if _, err := s.Change(t.Context(), mustLoad(t, s, "aaa"), raise(&asked)); err != nil {
		t.Fatal(err)
	}
	if err := s.Bury(t.Context(), r, now); !errors.Is(err, store.ErrUnchanged) {
		t.Errorf("buried all the same: %v", err)
	}
	if v := mustLoad(t, s, "aaa"); !v.Deleted.IsZero() || v.Room.Name == "" {
		t.Errorf("it is %+v", v.Record)
	}
}

// TestOldLedgers: of a room that is used again, those of earlier sessions.
func TestOldLedgers(t *testing.T) {
	s, _ := mustStore(t)
	ended(t, s, "again", 3, func(r *store.Record) { r.Room.Reusable = true })
	before := time.Now()
	s2 := meeting.Session{Number: 1, StartedAt: now, EndsAt: now.Add(time.Hour)}
	if err := s.SaveLedger(t.Context(), "later", s2); err != nil {
		t.Fatal(err)
	}
	old, next, more, err := s.OldLedgers(t.Context(), 0, before, 2)
	if err != nil || len(old) != 2 || !more {
		t.Fatalf("found %+v, %v, %v", old, more, err)
	}
	for _, l := range old {
		if err := s.Forget(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	if others, _, more, err := s.OldLedgers(t.Context(), next, before, 2); err != nil || len(others) > 0 || more {
		t.Errorf("found also %+v, %v, %v", others, more, err)
	}
	for n, there := range map[int]bool{1: false, 2: false, 3: true} {
		if _, err := s.Ledger(t.Context(), "again", n); (err == nil) != there {
			t.Errorf("ledger %d: %v", n, err)
		}
	}
	if again, _, _, err := s.OldLedgers(t.Context(), 0, before, 9); err != nil || len(again) > 0 {
		t.Errorf("in the next round %+v, %v", again, err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, _, err := s.OldLedgers(over, 0, before, 9); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("with a context that is over: %v", err)
	}
}
