package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"overtime/internal/store"
)

// page is the ids of a page, and where the next one begins.
func page(t *testing.T, s *store.Store, after uint64, limit int) (ids []string, next uint64, more bool) {
	t.Helper()
	rooms, next, more, err := s.Rooms(t.Context(), after, limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range rooms {
		ids = append(ids, v.Room.ID)
	}
	return ids, next, more
}

// TestRooms: pages in the order of the last change, without what is gone or
// damaged. Who reads on while rooms change meets some twice and misses none.
func TestRooms(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	if ids, _, more := page(t, s, 0, 10); len(ids) > 0 || more {
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
	ids, last, more := page(t, s, 0, 10)
	if want := []string{"ddd", "aaa", "eee", "ccc"}; !slices.Equal(ids, want) || more {
		t.Errorf("all are %v, %v; want %v", ids, more, want)
	}
	_, second, _ := page(t, s, 0, 2)
	_, first, _ := page(t, s, 0, 1)
	for _, c := range []struct {
		after uint64
		limit int
		want  []string
		next  uint64
		more  bool
	}{
		{0, 4, []string{"ddd", "aaa", "eee", "ccc"}, last, false}, // what comes behind is gone
		{0, 2, []string{"ddd", "aaa"}, second, true},
		{second, 2, []string{"eee", "ccc"}, last, false},
		{first, 1, []string{"aaa"}, second, true},
		{last, 1, nil, last, false},
		{last + 999, 1, nil, last + 999, false},
	} {
		ask := func(s *store.Store, how string) {
			if ids, next, more := page(t, s, c.after, c.limit); !slices.Equal(ids, c.want) || next != c.next || more != c.more {
				t.Errorf("%d after %d, %s: %v, %d, %v; want %v, %d, %v", c.limit, c.after, how, ids, next, more, c.want, c.next, c.more)
			}
		}
		ask(s, "by whoever gave the page before")
		anew, err := store.Open(t.Context(), b.JetStream())
		if err != nil {
			t.Fatal(err)
		}
		ask(anew, "after a restart")
	}
	_, next, _ := page(t, s, 0, 2)
	asked := 0
	for _, id := range []string{"ddd", "eee"} {
		if _, err := s.Change(t.Context(), mustLoad(t, s, id), raise(&asked)); err != nil {
			t.Fatal(err)
		}
	}
	if ids, _, _ := page(t, s, next, 10); !slices.Equal(ids, []string{"ccc", "ddd", "eee"}) {
		t.Errorf("read on after two were changed: %v", ids)
	}
	// What a page gives can be changed as it is.
	rooms, _, _, err := s.Rooms(t.Context(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	asked = 0
	if _, err := s.Change(t.Context(), rooms[0], raise(&asked)); err != nil || asked != 1 {
		t.Errorf("%v, asked %d times", err, asked)
	}
}

// TestRoomsUnavailable: half a page would look like a whole one.
func TestRoomsUnavailable(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	mustCreate(t, s, "aaa")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if rooms, _, _, err := s.Rooms(over, 0, 1); !errors.Is(err, store.ErrUnavailable) || len(rooms) > 0 {
		t.Errorf("with a context that is over: %v, %v", rooms, err)
	}
	b.Close()
	if rooms, _, _, err := s.Rooms(t.Context(), 0, 1); !errors.Is(err, store.ErrUnavailable) || len(rooms) > 0 {
		t.Errorf("of a store that is gone: %v, %v", rooms, err)
	}
}

// TestManyAreGone: a page of what is mostly gone costs no more than others, and
// says where it goes on.
func TestManyAreGone(t *testing.T) {
	s, _ := mustStore(t)
	for i := range 600 {
		_, err := s.Change(t.Context(), mustCreate(t, s, fmt.Sprint("gone", i)), func(r store.Record) (store.Record, error) {
			r.Deleted = now
			return r, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	mustCreate(t, s, "there")
	first, next, more := page(t, s, 0, 10)
	if len(first) > 0 || !more {
		t.Errorf("the first page has %v, more %v", first, more)
	}
	if ids, _, more := page(t, s, next, 10); !slices.Equal(ids, []string{"there"}) || more {
		t.Errorf("the next has %v, more %v", ids, more)
	}
}
