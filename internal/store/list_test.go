package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/store"
)

// page is the ids of a page.
func page(t *testing.T, s *store.Store, after string, limit int) (ids []string, more bool) {
	t.Helper()
	rooms, more, err := s.Rooms(t.Context(), after, limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range rooms {
		ids = append(ids, v.Room.ID)
	}
	return ids, more
}

// TestRooms: pages in the order of the ids, without what is gone or damaged.
func TestRooms(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	if ids, more := page(t, s, "", 10); len(ids) > 0 || more {
		t.Errorf("an empty store has %v, %v", ids, more)
	}
	for _, id := range []string{"ddd", "bbb", "fff", "aaa", "eee", "ccc"} {
		mustCreate(t, s, id)
	}
	mustDamage(t, b.JetStream(), "bbb")
	_, err = s.Change(t.Context(), mustLoad(t, s, "fff"), func(r store.Record) (store.Record, error) {
		r.Deleted = now
		return r, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after string
		limit int
		want  []string
		more  bool
	}{
		{"", 10, []string{"aaa", "ccc", "ddd", "eee"}, false},
		{"", 4, []string{"aaa", "ccc", "ddd", "eee"}, false}, // what comes behind is gone
		{"", 2, []string{"aaa", "ccc"}, true},
		{"ccc", 2, []string{"ddd", "eee"}, false},
		{"cc", 1, []string{"ccc"}, true},
		{"bbb", 1, []string{"ccc"}, true}, // of a room that cannot be read
		{"zzz", 1, nil, false},
	} {
		if ids, more := page(t, s, c.after, c.limit); !slices.Equal(ids, c.want) || more != c.more {
			t.Errorf("%d after %q: %v, %v; want %v, %v", c.limit, c.after, ids, more, c.want, c.more)
		}
	}
	// What a page gives can be changed as it is.
	rooms, _, err := s.Rooms(t.Context(), "", 1)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	if _, err := s.Change(t.Context(), rooms[0], raise(&asked)); err != nil || asked != 1 {
		t.Errorf("%v, asked %d times", err, asked)
	}
}

// TestRoomsUnavailable: half a page would look like a whole one.
func TestRoomsUnavailable(t *testing.T) {
	s, f := mustStore(t)
	mustCreate(t, s, "aaa")
	away := errors.New("away")
	f.set(func(f *faults) {
		f.get = func(func() (jetstream.KeyValueEntry, error)) (jetstream.KeyValueEntry, error) { return nil, away }
	})
	if rooms, _, err := s.Rooms(t.Context(), "", 1); !errors.Is(err, store.ErrUnavailable) || len(rooms) > 0 {
		t.Errorf("%v, %v", rooms, err)
	}
	f.set(func(f *faults) { f.get = nil })
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Rooms(over, "", 1); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("with a context that is over: %v", err)
	}
}
