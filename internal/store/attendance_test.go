package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/room"
	"overtime/internal/store"
)

// attending is who is in a room: so many people with names of that length.
func attending(epoch uint64, people, name int) store.Attendance {
	a := store.Attendance{Epoch: epoch, Session: 1, Here: []room.Place{}}
	for i := range people {
		id := fmt.Sprintf("p_%012d", i)
		a.Here = append(a.Here, room.Place{ID: id, Sub: id, Name: strings.Repeat("<", name), Role: meeting.RoleViewer, JoinedAt: now})
	}
	return a
}

// mustAttend saves as its caller does, who comes again after a disk that stood still.
func mustAttend(t *testing.T, s *store.Store, a store.Attendance, have uint64) uint64 {
	t.Helper()
	revision, err := s.SaveAttendance(t.Context(), "aaa", a, have)
	for errors.Is(err, store.ErrUnavailable) && errors.Is(err, context.DeadlineExceeded) {
		revision, err = s.SaveAttendance(t.Context(), "aaa", a, have)
	}
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

// mustBeThere wants as many people to be kept, by the owner of an epoch.
func mustBeThere(t *testing.T, s *store.Store, people int, epoch uint64) (revision uint64) {
	t.Helper()
	a, revision, err := s.Attendance(t.Context(), "aaa")
	if err != nil || len(a.Here) != people || a.Epoch != epoch {
		t.Fatalf("%d people are kept, by epoch %d, and not %d by %d: %v", len(a.Here), a.Epoch, people, epoch, err)
	}
	return revision
}

// TestAttendance is kept as its owner says it, whatever came of the writes before.
func TestAttendance(t *testing.T) {
	s, f := mustStore(t)
	mustCreate(t, s, "aaa")
	if revision := mustBeThere(t, s, 0, 0); revision != 0 {
		t.Errorf("what was never kept stands at %d", revision)
	}
	first := mustAttend(t, s, attending(1, 1, 8), 0)
	second := mustAttend(t, s, attending(1, 2, 8), first)
	if at := mustBeThere(t, s, 2, 1); at != second || second <= first {
		t.Errorf("it stands at %d, saved at %d after %d", at, second, first)
	}
	if _, err := s.SaveAttendance(t.Context(), "aaa", attending(1, 3, 8), first); err != nil { // of one whose outcome was lost
		t.Error(err)
	}
	f.set(func(f *faults) {
		f.update = func(real func() (uint64, error)) (uint64, error) {
			_, _ = real()
			return 0, context.DeadlineExceeded
		}
	})
	if _, err := s.SaveAttendance(t.Context(), "aaa", attending(1, 4, 8), second); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a write without an answer: %v", err)
	}
	f.set(func(f *faults) { f.update = nil })
	mustAttend(t, s, attending(1, 5, 8), second)
	mustBeThere(t, s, 5, 1)
	if n := len(mustLoad(t, s, "aaa").Moved.People); n != 0 {
		t.Errorf("%d people are in the record", n)
	}
}

// TestAttendanceOfTwoOwners: the later one decides, and the one before learns it.
func TestAttendanceOfTwoOwners(t *testing.T) {
	s, _ := mustStore(t)
	mustCreate(t, s, "aaa")
	before := mustAttend(t, s, attending(1, 1, 8), 0)
	late := mustAttend(t, s, attending(1, 2, 8), before) // after the later one has read it
	after := mustAttend(t, s, attending(2, 3, 8), before)
	if _, err := s.SaveAttendance(t.Context(), "aaa", attending(1, 4, 8), late); !errors.Is(err, store.ErrClaimed) {
		t.Errorf("the owner before: %v", err)
	}
	if at := mustBeThere(t, s, 3, 2); at != after {
		t.Errorf("it stands at %d, and the later owner saved it at %d", at, after)
	}
}

// TestBigRoom: a hundred people who send and a thousand who look on, with names that
// JSON writes long, are kept; their room's record does not grow with them.
func TestBigRoom(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	have := mustCreate(t, s, "aaa")
	if _, err = s.Change(t.Context(), have, func(r store.Record) (store.Record, error) {
		session, err := meeting.Start(r.Room, 1, now, long.Person)
		session = extended(t, r.Room, session, 5, func(meeting.Session) {})
		r.Session = &session
		return r, err
	}); err != nil {
		t.Fatal(err)
	}
	a := attending(1, 1100, 64)
	for i := range room.MostUntold {
		a.Outbox = append(a.Outbox, room.Coming{Event: event.Event{ID: fmt.Sprint("aaa-p", i+1), Kind: event.ParticipantJoined, At: now, Data: []byte(`{"name":"` + strings.Repeat("n", 250) + `"}`)}, Number: uint64(i + 1)})
	}
	mustAttend(t, s, a, 0)
	if size := mustSize(t, b.JetStream(), "aaa"); size > 8<<10 {
		t.Errorf("the record has %d bytes", size)
	}
	if _, err := s.SaveAttendance(t.Context(), "aaa", attending(1, 10_000, 64), 0); !errors.Is(err, store.ErrTooLarge) {
		t.Errorf("ten thousand people: %v", err)
	}
	b.Close()
	b = mustBus(t, folder)
	defer b.Close()
	if s, err = store.Open(t.Context(), b.JetStream()); err != nil {
		t.Fatal(err)
	}
	a.Version = 1
	if got, _, err := s.Attendance(t.Context(), "aaa"); err != nil || !reflect.DeepEqual(got, a) {
		t.Errorf("%d people are read, and %d events: %v", len(got.Here), len(got.Outbox), err)
	}
}

// TestAttendanceIsNoRoom: whoever reads records passes it over, and it is buried with
// its room.
func TestAttendanceIsNoRoom(t *testing.T) {
	s, _ := mustStore(t)
	r := ended(t, s, "aaa", 1)
	mustAttend(t, s, attending(1, 2, 8), 0)
	var met []string
	if err := s.Each(t.Context(), func(v store.Versioned) bool { met = append(met, v.Room.ID); return true }); err != nil || len(met) != 1 {
		t.Errorf("met %q: %v", met, err)
	}
	rests, _, _, err := s.Rests(t.Context(), 0, 10)
	if err != nil || len(rests) != 1 {
		t.Errorf("to be swept are %+v: %v", rests, err)
	}
	if ids, _, _ := page(t, s, 0, 10); len(ids) != 1 {
		t.Errorf("the list has %q", ids)
	}
	if err := s.Bury(t.Context(), r, now); err != nil {
		t.Fatal(err)
	}
	mustBeThere(t, s, 0, 0)
}

// TestPeopleGoBack: a version before finds in the record who is in a room, and this one
// then finds them there, however often.
func TestPeopleGoBack(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	have := mustCreate(t, s, "aaa")
	if _, err := s.Change(t.Context(), have, func(r store.Record) (store.Record, error) {
		session, err := meeting.Start(r.Room, 1, now, long.Person)
		r.Session = &session
		return r.Tell(event.Event{Kind: event.SessionStarted, At: now}), err
	}); err != nil {
		t.Fatal(err)
	}
	a := attending(1, 2, 8)
	a.Former, a.Held = []room.Former{{ID: "p_9", Left: true}}, room.Roles{{Who: "w", Role: meeting.RoleViewer}}
	a.Outbox, a.Events = []room.Coming{{Event: event.Event{ID: "aaa-p7", Kind: event.ParticipantJoined}, Number: 7, After: 1}}, 7
	mustAttend(t, s, a, 0)
	for range 2 { // as when the first was killed
		_, err = store.Revert(t.Context(), cut{cutAfter(b.JetStream(), 0)})
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
	}
	kv, err := b.JetStream().KeyValue(t.Context(), store.BucketOf("aaa"))
	if err != nil {
		t.Fatal(err)
	}
	r := mustRead(t, kv, "aaa")
	if len(r.People) != 2 || len(r.Former) != 1 || len(r.Held) != 1 || r.Events != 2 || len(r.Outbox) != 2 || r.Outbox[1].ID != "aaa-p7" {
		t.Errorf("the record has %+v", r)
	}
	back := r.Attendance(a)
	if back.Session != 1 || !reflect.DeepEqual(back.Here, a.Here) || back.Events != 7 {
		t.Errorf("read again: %+v", back)
	}
}

func mustRead(t *testing.T, kv jetstream.KeyValue, id string) (r store.Record) {
	t.Helper()
	entry, err := kv.Get(context.WithoutCancel(t.Context()), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(entry.Value(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}
