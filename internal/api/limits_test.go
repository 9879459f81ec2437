package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"overtime/internal/api"
	"overtime/internal/event"
	"overtime/internal/store"
	"overtime/internal/throttle"
)

// makeFrom asks for a room from an address.
func (s *site) makeFrom(address string) *httptest.ResponseRecorder {
	r := s.request(http.MethodPost, rooms, `{"duration_minutes":60}`)
	r.RemoteAddr = address + ":1"
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// mustWait wants a refusal for the rate that says when to come back.
func mustWait(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	seconds, err := strconv.Atoi(w.Header().Get("Retry-After"))
	if w.Code != http.StatusTooManyRequests || err != nil || seconds < 1 || !strings.Contains(w.Body.String(), `"code":"too_many"`) {
		t.Errorf("answered %d, %v, %s", w.Code, w.Header(), w.Body)
	}
}

// TestOneMaker: whoever makes far too many rooms keeps nobody else from it.
func TestOneMaker(t *testing.T) {
	s := mustSite(t)
	for range throttle.Default.Create.Burst {
		if w := s.makeFrom("203.0.113.7"); w.Code != http.StatusCreated {
			t.Fatalf("answered %d %s", w.Code, w.Body)
		}
	}
	for range 1000 {
		mustWait(t, s.makeFrom("203.0.113.7"))
	}
	if w := s.makeFrom("203.0.113.8"); w.Code != http.StatusCreated {
		t.Errorf("somebody else was answered %d %s", w.Code, w.Body)
	}
}

// TestAllMakers: there is an end for all together, too.
func TestAllMakers(t *testing.T) {
	s := mustSite(t, func(c *api.Config) {
		c.Limits = throttle.Default
		c.Limits.CreateAll = throttle.Rate{PerSecond: 1e-6, Burst: 2}
	})
	for _, address := range []string{"203.0.113.7", "203.0.113.8"} {
		if w := s.makeFrom(address); w.Code != http.StatusCreated {
			t.Errorf("answered %d %s", w.Code, w.Body)
		}
	}
	mustWait(t, s.makeFrom("203.0.113.9"))
}

// TestNotReady: a node that cannot be relied on takes on no new meetings, and
// does not say why to everybody.
func TestNotReady(t *testing.T) {
	trouble := errors.New("the disk of the data folder is nearly full")
	s := mustSite(t, func(c *api.Config) { c.Ready = func(context.Context) error { return trouble } })
	p := s.mustProblem(503, "unavailable", "POST", rooms, `{"duration_minutes":60}`)
	if strings.Contains(p["detail"].(string), "disk") || len(s.memory.rooms()) > 0 {
		t.Errorf("told %v, made %v", p, s.memory.rooms())
	}
	trouble = nil
	if w := s.makeFrom("203.0.113.7"); w.Code != http.StatusCreated {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
}

// TestFoundWhileNotReady: a room that is there is found all the same, and only
// one that is not would have to be made.
func TestFoundWhileNotReady(t *testing.T) {
	var trouble error
	s := mustPortal(t, func(c *api.Config) { c.Ready = func(context.Context) error { return trouble } })
	id := s.must(201, "POST", rooms, booked)["id"]
	trouble = errors.New("the disk of the data folder is nearly full")
	if again := s.must(200, "POST", rooms, booked); again["id"] != id {
		t.Errorf("found %v, not %v", again, id)
	}
	s.mustProblem(409, "conflict", "POST", rooms, strings.Replace(booked, "Asha", "Ben", 1))
	s.mustProblem(503, "unavailable", "POST", rooms, strings.Replace(booked, "b-1", "b-2", 1))
	s.mustProblem(422, "too_late", "POST", rooms, `{"external_id":"b-3","duration_minutes":60,"extension":{"latest_end":"2026-03-04T08:00:00Z"}}`)
	s.memory.set(store.Record{Room: s.memory.rooms()[0], Deleted: now})
	s.mustProblem(410, "deleted", "POST", rooms, booked)
	if made := s.noted.of(event.RoomCreated); len(made) != 1 {
		t.Errorf("the audit was told %+v", made)
	}
}

func TestTooMany(t *testing.T) {
	w := httptest.NewRecorder()
	api.TooMany(w, 1500*time.Millisecond)
	mustWait(t, w)
	if w.Header().Get("Retry-After") != "2" {
		t.Errorf("come back after %s", w.Header().Get("Retry-After"))
	}
}
