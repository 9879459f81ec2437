package api_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/api"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

func TestCreateRoom(t *testing.T) {
	s := mustSite(t)
	r, got := s.ask("POST", rooms, `{"name":" Weekly\n review ","duration_minutes":60,
		"extension":{"default_minutes":20,"latest_end":"2026-03-04T12:30:00+01:00","by":"moderators"}}`)
	if r.StatusCode != http.StatusCreated || len(s.memory.rooms()) != 1 {
		t.Fatalf("answered %d %v", r.StatusCode, got)
	}
	id, _ := got["id"].(string)
	if !regexp.MustCompile(`^[a-z2-7]{12}$`).MatchString(id) || r.Header.Get("Location") != rooms+"/"+id {
		t.Errorf("id %q, location %q", id, r.Header.Get("Location"))
	}
	want := meeting.Room{
		ID: id, Name: "Weekly  review", CreatedAt: now, Duration: 60, DefaultExtension: 20,
		ExtendBy: meeting.ExtendByModerators, LatestEnd: time.Date(2026, 3, 4, 11, 30, 0, 0, time.UTC), Minute: time.Second, Capacity: 50,
		Chat: meeting.ChatByEveryone, ScreenShare: meeting.ScreenByAnyone,
	}
	if s.memory.rooms()[0] != want {
		t.Errorf("made %+v, want %+v", s.memory.rooms(), want)
	}
	extension, _ := got["extension"].(map[string]any)
	if got["name"] != want.Name || got["duration_minutes"] != 60.0 || got["created_at"] != "2026-03-04T09:00:00.123Z" ||
		extension["default_minutes"] != 20.0 || extension["by"] != "moderators" || extension["latest_end"] != "2026-03-04T11:30:00Z" {
		t.Errorf("answered %v", got)
	}
	s.mustLinks(got, "http://meet.example", id)
}

// mustLinks wants links whose tokens let in.
func (s *site) mustLinks(room map[string]any, origin, id string) {
	s.t.Helper()
	links, _ := room["links"].(map[string]any)
	for name, role := range map[string]meeting.Role{"moderator": meeting.RoleModerator, "guest": meeting.RoleParticipant} {
		link, _ := links[name].(string)
		token, found := strings.CutPrefix(link, origin+"/r/"+id+"#")
		ticket, err := s.tickets.CheckTicket(token)
		if !found || err != nil || ticket.Room != id || ticket.Role != role || !ticket.Invite || ticket.Name != "" {
			s.t.Errorf("the %s link %q gives %+v, %v", name, link, ticket, err)
		}
	}
}

func TestCreateDefaults(t *testing.T) {
	s := mustSite(t, func(c *api.Config) { c.PublicURL, c.Minute = "https://meet.example:8443", 0 })
	_, got := s.ask("POST", rooms, `{"duration_minutes":1}`)
	id, _ := got["id"].(string)
	want := meeting.Room{
		ID: id, CreatedAt: now, Duration: 1, DefaultExtension: 15, ExtendBy: meeting.ExtendByAnyone, Minute: time.Minute, Capacity: 50,
		Chat: meeting.ChatByEveryone, ScreenShare: meeting.ScreenByAnyone,
	}
	if !slices.Equal(s.memory.rooms(), []meeting.Room{want}) {
		t.Fatalf("made %+v, want %+v", s.memory.rooms(), want)
	}
	s.mustLinks(got, "https://meet.example:8443", id)
	_, again := s.ask("POST", rooms, `{"duration_minutes":1440}`)
	if again["id"] == got["id"] {
		t.Error("two rooms have one id")
	}
}

// TestCreateRefused is what no room can be, and what to do about it.
func TestCreateRefused(t *testing.T) {
	s := mustSite(t)
	for name, c := range map[string]struct {
		status int
		code   string
		body   string
	}{
		"Nothing":        {400, "bad_request", ``},
		"NotJSON":        {400, "bad_request", `hello`},
		"Half":           {400, "bad_request", `{"duration_minutes":`},
		"Array":          {422, "bad_request", `[]`},
		"NoDuration":     {422, "bad_request", `{}`},
		"ZeroDuration":   {422, "bad_request", `{"duration_minutes":0}`},
		"Negative":       {422, "bad_request", `{"duration_minutes":-5}`},
		"TooLong":        {422, "bad_request", `{"duration_minutes":1441}`},
		"Fraction":       {422, "bad_request", `{"duration_minutes":1.5}`},
		"Text":           {422, "bad_request", `{"duration_minutes":"60"}`},
		"Huge":           {422, "bad_request", `{"duration_minutes":1e300}`},
		"UnknownField":   {422, "bad_request", `{"duration_minutes":60,"minutes":60}`},
		"Minute":         {422, "bad_request", `{"duration_minutes":60,"minute":1}`},
		"LongName":       {422, "bad_request", `{"duration_minutes":60,"name":"` + strings.Repeat("x", 101) + `"}`},
		"DefaultShort":   {422, "bad_request", `{"duration_minutes":60,"extension":{"default_minutes":9}}`},
		"DefaultLong":    {422, "bad_request", `{"duration_minutes":60,"extension":{"default_minutes":31}}`},
		"ByNobody":       {422, "bad_request", `{"duration_minutes":60,"extension":{"by":"nobody"}}`},
		"LatestNoTime":   {422, "bad_request", `{"duration_minutes":60,"extension":{"latest_end":"soon"}}`},
		"LatestFar":      {422, "bad_request", `{"duration_minutes":60,"extension":{"latest_end":"9999-12-31T23:59:59-23:59"}}`},
		"LatestZero":     {422, "too_late", `{"duration_minutes":60,"extension":{"latest_end":"0001-01-01T00:00:00Z"}}`},
		"LatestPast":     {422, "too_late", `{"duration_minutes":60,"extension":{"latest_end":"2026-03-04T08:59:59Z"}}`},
		"LatestNow":      {422, "too_late", `{"duration_minutes":60,"extension":{"latest_end":"2026-03-04T09:00:00.123Z"}}`},
		"LatestNowTrunc": {422, "too_late", `{"duration_minutes":60,"extension":{"latest_end":"2026-03-04T09:00:00.1239Z"}}`},
		"TwoDurations":   {422, "bad_request", `{"duration_minutes":60,"Duration_Minutes":600}`},
		"TooLarge":       {413, "bad_request", `{"duration_minutes":60,"name":"` + strings.Repeat("x", 64<<10) + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.mustProblem(c.status, c.code, "POST", rooms, c.body)
		})
	}
	if len(s.memory.rooms()) != 0 {
		t.Errorf("made %+v", s.memory.rooms())
	}
}

// TestUntyped: any page may send bytes that have no type, or that of a form. A
// body must be called JSON, which no page of another origin may do unasked.
func TestUntyped(t *testing.T) {
	for name, headers := range map[string][]string{
		"None": {"Content-Type", ""}, "OnlyParameter": {"Content-Type", ";charset=utf-8"}, "Text": {"Content-Type", "text/plain"},
		"Form": {"Content-Type", "application/x-www-form-urlencoded"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustSite(t)
			s.mustProblem(415, "bad_request", "POST", rooms, `{"duration_minutes":60}`, headers...)
			s.key = bearer
			s.mustRoom("aaa")
			s.mustProblem(415, "bad_request", "POST", rooms+"/aaa/tokens", `{}`, headers...)
			s.must(201, "POST", rooms+"/aaa/tokens", "", headers...) // there is no body to be of a type
			if made := s.memory.rooms(); len(made) != 1 {
				t.Errorf("made %+v", made)
			}
		})
	}
}

// TestStoreFails: what is wrong inside stays inside.
func TestStoreFails(t *testing.T) {
	s := mustSite(t)
	s.memory.Fail = errors.Join(store.ErrUnavailable, errors.New("disk on fire"))
	p := s.mustProblem(503, "unavailable", "POST", rooms, `{"duration_minutes":60}`)
	s.memory.Fail = errors.New("disk on fire")
	q := s.mustProblem(500, "internal", "POST", rooms, `{"duration_minutes":60}`)
	for _, p := range []map[string]any{p, q} {
		if text, _ := json.Marshal(p); strings.Contains(string(text), "fire") {
			t.Errorf("told %s", text)
		}
	}
	if !strings.Contains(q["detail"].(string), "whoever runs the server") {
		t.Errorf("does not say what to do: %v", q)
	}
}

// TestCreateTooOften: rooms cannot be made without end.
func TestCreateTooOften(t *testing.T) {
	s := mustSite(t)
	for range 1000 {
		if r, _ := s.ask("POST", rooms, `{"duration_minutes":60}`); r.StatusCode == http.StatusTooManyRequests {
			s.mustProblem(429, "too_many", "POST", rooms, `{"duration_minutes":60}`)
			return
		}
	}
	t.Error("made 1000 rooms at once")
}
