package api_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"overtime/internal/api"
	"overtime/internal/audit"
	"overtime/internal/event"
)

// diary is an audit with n entries, of rooms aaa and bbb in turn.
type diary struct {
	n     int
	fails error
}

func (d diary) Read(_ context.Context, after uint64, room string, limit int) (entries []audit.Stored, more bool, err error) {
	for seq := after + 1; seq <= uint64(d.n); seq++ {
		e := audit.Entry{At: now, Kind: event.TokenMade, Room: []string{"aaa", "bbb"}[seq%2], Who: event.Who{Key: "portal"}}
		if room != "" && room != e.Room {
			continue
		}
		if len(entries) == limit {
			return entries, true, d.fails
		}
		entries = append(entries, audit.Stored{Seq: seq, Prev: "p", Digest: "d", Entry: e})
	}
	return entries, false, d.fails
}

func TestReadAudit(t *testing.T) {
	s := mustPortal(t, func(c *api.Config) { c.Audit = diary{n: 120} })
	for query, want := range map[string]struct {
		first, last, n int
		next           string
	}{
		"":                           {1, 50, 50, "50"},
		"?limit=100":                 {1, 100, 100, "100"},
		"?limit=100&after=100":       {101, 120, 20, "120"},
		"?after=120":                 {0, 0, 0, "120"},
		"?after=9223372036854775807": {0, 0, 0, "9223372036854775807"},
		"?room=bbb&limit=2":          {1, 3, 2, "3"},
		"?room=bbb&limit=2&after=3":  {5, 7, 2, "7"},
		"?room=ccc":                  {0, 0, 0, "0"},
	} {
		got := s.must(200, "GET", "/api/v1/audit"+query, "")
		entries := got["entries"].([]any)
		if len(entries) != want.n || got["next"] != want.next {
			t.Errorf("%s: %d entries, next %v; want %+v", query, len(entries), got["next"], want)
			continue
		}
		if want.n > 0 {
			first, last := entries[0].(map[string]any), entries[want.n-1].(map[string]any)
			if fmt.Sprint(first["seq"], last["seq"]) != fmt.Sprint(want.first, want.last) {
				t.Errorf("%s: from %v to %v; want %+v", query, first, last, want)
			}
		}
	}
	want := map[string]any{
		"seq": 1.0, "prev": "p", "digest": "d", "at": "2026-03-04T09:00:00.123Z", "room": "bbb", "kind": "token.made",
		"who": map[string]any{"key": "portal"},
	}
	if got := s.must(200, "GET", "/api/v1/audit?limit=1", "")["entries"].([]any)[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("an entry is %v, want %v", got, want)
	}
	for _, bad := range []string{"?limit=0", "?limit=101", "?after=-1", "?after=x", "?page=1", "?room=" + strings.Repeat("x", 65)} {
		s.mustProblem(422, "bad_request", "GET", "/api/v1/audit"+bad, "")
	}
}

func TestAuditFails(t *testing.T) {
	s := mustPortal(t, func(c *api.Config) {
		c.Audit = diary{fails: errors.Join(audit.ErrUnavailable, errors.New("disk on fire"))}
	})
	if p := s.mustProblem(503, "unavailable", "GET", "/api/v1/audit", ""); strings.Contains(p["detail"].(string), "fire") {
		t.Errorf("told %v", p)
	}
	s = mustPortal(t, func(c *api.Config) { c.Audit = diary{fails: errors.New("the chain is broken")} })
	s.mustProblem(500, "internal", "GET", "/api/v1/audit", "")
	s = mustPortal(t)
	if got := s.must(200, "GET", "/api/v1/audit", ""); !reflect.DeepEqual(got, map[string]any{"entries": []any{}, "next": "0"}) {
		t.Errorf("where none is kept: %v", got)
	}
}

// TestNothingUnrecorded: nobody gets a token, or a room, that the audit knows
// nothing of.
func TestNothingUnrecorded(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	s.noted.Fail = errors.Join(audit.ErrUnavailable, errors.New("disk on fire"))
	for _, path := range []string{rooms + "/aaa/tokens", rooms} {
		p := s.mustProblem(503, "unavailable", "POST", path, map[string]string{rooms: `{"duration_minutes":60}`}[path])
		if strings.Contains(p["detail"].(string), "fire") {
			t.Errorf("told %v", p)
		}
	}
	s.mustProblem(503, "unavailable", "POST", rooms, booked)
	if made := s.memory.rooms(); len(made) != 1 {
		t.Errorf("made %+v", made)
	}
	s.noted.Fail = nil
	s.must(201, "POST", rooms+"/aaa/tokens", "")
	s.must(201, "POST", rooms, booked)
}

// TestRecordedOnce: a room is in the audit once, with the number before that of
// everything that happens in it.
func TestRecordedOnce(t *testing.T) {
	w := mustWorld(t, now)
	s := &site{t: t, key: bearer, handler: w.handler}
	for _, status := range []int{201, 200, 200} {
		s.must(status, "POST", rooms, booked)
	}
	entries, _, err := w.News().Read(t.Context(), 0, "", 10)
	if err != nil || len(entries) != 1 || entries[0].ID != api.RoomIDOf("b-1")+"-0" || entries[0].Who.Key != "portal" {
		t.Errorf("the audit has %+v, %v", entries, err)
	}
}
