package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/room"
	"overtime/internal/store"
)

// most is how large a record may be, in bytes.
const most = 64 << 10

var long = meeting.Actor{
	Person: meeting.Person{Sub: strings.Repeat("s", 64), Name: strings.Repeat("ö", meeting.MaxPersonName)},
	Role:   meeting.RoleModerator,
}

// mustSize is how large a room's record is.
func mustSize(t *testing.T, js jetstream.JetStream, id string) int {
	t.Helper()
	kv, err := js.KeyValue(t.Context(), store.BucketOf(id))
	if err != nil {
		t.Fatal(err)
	}
	entry, err := kv.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return len(entry.Value())
}

// extended is a session of that many extensions, one after the other.
func extended(t *testing.T, room meeting.Room, s meeting.Session, times int, keep func(meeting.Session)) meeting.Session {
	t.Helper()
	for range times {
		at := s.EndsAt.Add(-6 * time.Minute)
		s, _ = s.Advance(room, at)
		s, _ = s.Advance(room, at.Add(2*time.Minute))
		var err error
		if s, _, err = s.Extend(room, at.Add(2*time.Minute), long, meeting.ExtendRequest{}); err != nil {
			t.Fatal(err)
		}
		keep(s)
	}
	return s
}

// TestLongSession: a session may be extended any number of times; its record
// stays small, and is read whole.
func TestLongSession(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	have := mustCreate(t, s, "aaa")
	session, err := meeting.Start(have.Room, 1, now, long.Person)
	if err != nil {
		t.Fatal(err)
	}
	keep := func(session meeting.Session) {
		t.Helper()
		have, err = s.Change(t.Context(), have, func(r store.Record) (store.Record, error) {
			r.Session = &session
			return r, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if size := mustSize(t, b.JetStream(), "aaa"); size > most/2 {
			t.Fatalf("after %d entries the record has %d bytes", len(session.Ledger), size)
		}
	}
	keep(session)
	session = extended(t, have.Room, session, 200, keep)
	if v := mustLoad(t, s, "aaa"); !reflect.DeepEqual(*v.Session, session) || !reflect.DeepEqual(v, have) {
		t.Errorf("of %d entries %d were read, or others", len(session.Ledger), len(v.Session.Ledger))
	}
	var each store.Versioned
	if err := s.Each(t.Context(), func(v store.Versioned) bool { each = v; return true }); err != nil || !reflect.DeepEqual(each, have) {
		t.Errorf("Each gives another: %v", err)
	}
	if err := s.SaveLedger(t.Context(), "aaa", session); err != nil {
		t.Errorf("its ledger: %v", err)
	}
	// The next session begins with a ledger of its own.
	next, err := meeting.Start(have.Room, 2, now, long.Person)
	if err != nil {
		t.Fatal(err)
	}
	keep(next)
	if v := mustLoad(t, s, "aaa"); !reflect.DeepEqual(*v.Session, next) {
		t.Errorf("the next session reads as %+v", v.Session)
	}
}

// TestPagesAreAway: a room whose pages cannot be read just now may be asked for
// again, one that is damaged is left alone.
func TestPagesAreAway(t *testing.T) {
	b := mustBus(t, t.TempDir())
	t.Cleanup(b.Close)
	f := &faults{}
	s, err := store.Open(t.Context(), faulty{b.JetStream(), f})
	if err != nil {
		t.Fatal(err)
	}
	mustCreate(t, s, "bad")
	mustDamage(t, b.JetStream(), "bad")
	have := mustCreate(t, s, "aaa")
	session, err := meeting.Start(have.Room, 1, now, long.Person)
	if err != nil {
		t.Fatal(err)
	}
	session = extended(t, have.Room, session, 25, func(meeting.Session) {})
	for range 2 { // the second turns a page
		have, err = s.Change(t.Context(), have, func(r store.Record) (store.Record, error) { r.Session = &session; return r, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	f.set(func(f *faults) {
		f.get = func(func() (jetstream.KeyValueEntry, error)) (jetstream.KeyValueEntry, error) {
			return nil, errors.New("away")
		}
	})
	var unread store.Unread
	err = s.Each(t.Context(), func(store.Versioned) bool { return true })
	if !errors.Is(err, store.ErrDamaged) || !errors.As(err, &unread) || !reflect.DeepEqual(unread, store.Unread{"aaa"}) {
		t.Errorf("to try again: %v, of %v", unread, err)
	}
}

// TestPagesOfARace: somebody who lost their race may have turned a page first.
func TestPagesOfARace(t *testing.T) {
	s, f := mustStore(t)
	have := mustCreate(t, s, "aaa")
	session, err := meeting.Start(have.Room, 1, now, long.Person)
	if err != nil {
		t.Fatal(err)
	}
	session = extended(t, have.Room, session, 25, func(meeting.Session) {})
	put := func(have store.Versioned, session meeting.Session) (store.Versioned, error) {
		return s.Change(t.Context(), have, func(r store.Record) (store.Record, error) {
			r.Session = &session
			r.Epoch++
			return r, nil
		})
	}
	if have, err = put(have, session); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("the write is lost after its page")
	f.set(func(f *faults) {
		f.update = func(func() (uint64, error)) (uint64, error) {
			f.update = nil
			return 0, refused
		}
	})
	session = extended(t, have.Room, session, 1, func(meeting.Session) {})
	if have, err = put(have, session); err != nil {
		t.Fatal(err)
	}
	if v := mustLoad(t, s, "aaa"); !reflect.DeepEqual(*v.Session, session) {
		t.Errorf("read %d entries of %d, or others", len(v.Session.Ledger), len(session.Ledger))
	}
}

// full is a record of everything that may be in one at a time.
func full(t *testing.T, r store.Record) store.Record {
	t.Helper()
	session, err := meeting.Start(r.Room, 1, now, long.Person)
	if err != nil {
		t.Fatal(err)
	}
	session = extended(t, r.Room, session, 20, func(meeting.Session) {})
	r.Session = &session
	for i := range 300 {
		r = r.With(store.Op{ID: room.OpID("somebody", fmt.Sprint(i)), Grant: &meeting.Grant{Minutes: 15, EndsAt: now}})
		r.Held = r.Held.With(meeting.UserSub(fmt.Sprint(i)), meeting.RoleParticipant)
	}
	return r
}

func TestRecordIsBounded(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	have := mustCreate(t, s, "aaa")
	change := func(f func(store.Record) store.Record) error {
		var err error
		have, err = s.Change(t.Context(), have, func(r store.Record) (store.Record, error) { return f(r), nil })
		return err
	}
	if err := change(func(r store.Record) store.Record { return full(t, r) }); err != nil {
		t.Fatal(err)
	}
	if n := len(full(t, store.Record{Room: have.Room}).Ops); n != 256 || len(have.Ops) < 100 {
		t.Errorf("%d operations are remembered, %d in a full record", n, len(have.Ops))
	}
	if len(have.Held) != 256 {
		t.Errorf("%d roles are remembered", len(have.Held))
	}
	t.Logf("a full record has %d bytes", mustSize(t, b.JetStream(), "aaa"))
	// It fills up to where nothing new begins, and never so far that it could not
	// end.
	for i := 0; err == nil; i++ {
		err = change(func(r store.Record) store.Record {
			r.Removed = append(r.Removed[:len(r.Removed):len(r.Removed)], fmt.Sprint(i, strings.Repeat("n", 900)))
			return r
		})
		if i > 100 {
			t.Fatal("it has no bound")
		}
	}
	if !errors.Is(err, store.ErrTooLarge) {
		t.Fatal(err)
	}
	err = change(func(r store.Record) store.Record {
		s, err := r.Session.End(r.Session.EndsAt.Add(-time.Minute), long, strings.Repeat("ö", meeting.MaxEndReason))
		if err != nil {
			t.Fatal(err)
		}
		r.Session = &s
		for range 8 {
			r = r.Tell(event.Event{Kind: event.SessionEnded, At: now, Data: []byte(`{"reason":"ended_by_moderator"}`)})
		}
		return r
	})
	if err != nil {
		t.Errorf("a full record cannot end: %v", err)
	}
	if size := mustSize(t, b.JetStream(), "aaa"); size > most {
		t.Errorf("the record has %d bytes", size)
	}
}

// TestNeverWritten: what can never be kept is refused at once, not tried again
// and again.
func TestNeverWritten(t *testing.T) {
	s, _ := mustStore(t)
	have := mustCreate(t, s, "aaa")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := s.Change(ctx, have, func(r store.Record) (store.Record, error) {
		r.Deleted = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) // JSON cannot say it
		return r, nil
	})
	if !errors.Is(err, store.ErrDamaged) {
		t.Errorf("%v", err)
	}
}

func TestOutbox(t *testing.T) {
	r := store.Record{Room: meeting.Room{ID: "aaa"}, Epoch: 3}
	for range 3 {
		r = r.Tell(event.Event{Kind: event.WindowOpened, At: now})
	}
	ids := func(r store.Record) (ids []string) {
		for _, e := range r.Outbox {
			ids = append(ids, e.ID)
			if e.Room != "aaa" || e.Epoch != 3 {
				t.Errorf("%+v", e)
			}
		}
		return ids
	}
	for upTo, want := range map[uint64][]string{
		0: {"aaa-1", "aaa-2", "aaa-3"}, 1: {"aaa-2", "aaa-3"}, 3: nil, 9: nil,
	} {
		if got := ids(r.PassedOn(upTo)); !reflect.DeepEqual(got, want) {
			t.Errorf("passed on up to %d: %v are left, want %v", upTo, got, want)
		}
	}
	later := r.PassedOn(3).Tell(event.Event{Kind: event.SessionEnded, At: now})
	if got := ids(later.PassedOn(3)); !reflect.DeepEqual(got, []string{"aaa-4"}) {
		t.Errorf("later %v", got)
	}
}
