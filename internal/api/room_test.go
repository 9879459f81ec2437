package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// mustRoom is a room that is there.
func (s *site) mustRoom(id string, how ...func(*store.Record)) store.Record {
	s.t.Helper()
	r, err := meeting.Room{ID: id, Name: "Room " + id, CreatedAt: now, Duration: 60, Minute: time.Minute}.Validate()
	if err != nil {
		s.t.Fatal(err)
	}
	rec := store.Record{Room: r}
	for _, f := range how {
		f(&rec)
	}
	s.memory.set(rec)
	return rec
}

// started is a record with a session that has just begun.
func started(rec *store.Record) {
	s, err := meeting.Start(rec.Room, 1, now, meeting.Person{Sub: meeting.UserSub("u-1"), Name: "Ada"})
	if err != nil {
		panic(err)
	}
	rec.Session = &s
}

// ended is one whose session was ended.
func ended(rec *store.Record) {
	started(rec)
	s, err := rec.Session.End(now.Add(time.Minute), meeting.Actor{Person: meeting.Person{Sub: "x", Name: "Cy"}, Role: meeting.RoleModerator}, "lunch")
	if err != nil {
		panic(err)
	}
	rec.Session = &s
}

func TestReadRoom(t *testing.T) {
	s := mustPortal(t)
	rec := s.mustRoom("aaa", func(r *store.Record) {
		r.Room.ExternalID, r.Room.Locked, r.Room.Links = "b-1", true, 3
		r.Room.LatestEnd = now.Add(2 * time.Hour)
	}, started)
	got := s.must(200, "GET", rooms+"/aaa", "")
	s.mustLinks(got, "http://meet.example", "aaa")
	delete(got, "links")
	want := as[map[string]any](t, map[string]any{
		"id": "aaa", "external_id": "b-1", "name": "Room aaa", "duration_minutes": 60, "created_at": now,
		"extension": map[string]any{"default_minutes": 15, "latest_end": now.Add(2 * time.Hour), "by": "anyone"},
		"capacity":  50, "waiting_room": false, "reusable": false, "locked": true,
		"chat": "on", "screen_share": "anyone",
		"session": control.SessionOf(*rec.Session),
	})
	if !reflect.DeepEqual(got, want) {
		t.Errorf("answered %v, want %v", got, want)
	}
	s.mustRoom("bbb")
	if _, there := s.must(200, "GET", rooms+"/bbb", "")["session"]; there {
		t.Error("a room that nobody was in has a session")
	}
}

// TestNoSuchRoom: unknown, deleted and impossible ids are all the same, for
// every operation about a room.
func TestNoSuchRoom(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("gone", func(r *store.Record) { r.Deleted = now }, started)
	s.actors.CallFn = func(room string, _ control.Command) (control.Answer, error) {
		if room == "gone" { // its actor has not stopped yet
			return control.Answer{Error: &protocol.Error{Code: protocol.CodeNotFound, Message: "there is no such room"}}, nil
		}
		return control.Answer{}, bus.ErrNoRoom
	}
	bodies := map[string]string{
		"POST " + rooms + "/{id}/extend": `{"ends_at":"2026-03-04T10:00:00Z"}`, "PATCH " + rooms + "/{id}": `{}`,
	}
	for name := range s.operations() {
		method, path, _ := strings.Cut(name, " ")
		if !strings.Contains(path, "{id}") {
			continue
		}
		for _, id := range []string{"nothing", "gone", "a.b", "*", "%3E", "a%2Fb", "%20", strings.Repeat("x", 65), "%00"} {
			at := strings.NewReplacer("{id}", id, "{number}", "1", "{participant}", "p_1", "{message}", "1").Replace(path)
			s.mustProblem(404, "not_found", method, at, bodies[name])
		}
	}
	for _, room := range s.actors.rooms {
		if room != "nothing" && room != "gone" {
			t.Errorf("an actor of %q was asked", room)
		}
	}
}

func TestListRooms(t *testing.T) {
	s := mustPortal(t)
	if got := s.must(200, "GET", rooms, ""); !reflect.DeepEqual(got, map[string]any{"rooms": []any{}}) {
		t.Errorf("without rooms: %v", got)
	}
	for i := range 120 {
		s.mustRoom(fmt.Sprintf("r%03d", i))
	}
	page := func(query string) (ids []string, next any) {
		got := s.must(200, "GET", rooms+query, "")
		for _, r := range got["rooms"].([]any) {
			ids = append(ids, r.(map[string]any)["id"].(string))
		}
		return ids, got["next"]
	}
	for query, want := range map[string]struct {
		first, last string
		n           int
		next        any
	}{
		"":                    {"r000", "r049", 50, "50"},
		"?limit=100":          {"r000", "r099", 100, "100"},
		"?limit=1&after=1":    {"r001", "r001", 1, "2"},
		"?after=100":          {"r100", "r119", 20, nil},
		"?limit=20&after=100": {"r100", "r119", 20, nil},
	} {
		ids, next := page(query)
		if len(ids) != want.n || ids[0] != want.first || ids[len(ids)-1] != want.last || next != want.next {
			t.Errorf("%q: %v, then %v; want %+v", query, ids, next, want)
		}
	}
	for _, bad := range []string{"?limit=0", "?limit=101", "?limit=-1", "?limit=x", "?limit=1.5", "?page=2", "?Limit=1", "?after=r000", "?after=-1"} {
		s.mustProblem(422, "bad_request", "GET", rooms+bad, "")
	}
}

// TestChangeRoom: what is said is asked of the actor, and nothing else.
func TestChangeRoom(t *testing.T) {
	name, minutes, late := "B", 45, time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	no, yes, who, extension, capacity := false, true, meeting.ExtendByModerators, 30, 7
	for body, want := range map[string]meeting.Settings{
		`{}`:                              {},
		`{"name":"B"}`:                    {Name: &name},
		`{"duration_minutes":45}`:         {Duration: &minutes},
		`{"capacity":7}`:                  {Capacity: &capacity},
		`{"locked":true,"reusable":true}`: {Locked: &yes, Reusable: &yes},
		`{"waiting_room":false}`:          {WaitingRoom: &no},
		`{"chat":"off"}`:                  {Chat: new(meeting.ChatByNobody)},
		`{"screen_share":"moderators"}`:   {ScreenShare: new(meeting.ScreenByModerators)},
		`{"extension":{}}`:                {},
		`{"extension":{"default_minutes":30,"by":"moderators"}}`:     {DefaultExtension: &extension, ExtendBy: &who},
		`{"extension":{"latest_end":"2026-03-05T01:00:00+01:00"}}`:   {LatestEnd: &late},
		`{"extension":{"latest_end":null}}`:                          {LatestEnd: &time.Time{}},
		`{"extension":{"latest_end":null,"by":"moderators"}}`:        {LatestEnd: &time.Time{}, ExtendBy: &who},
		`{"name":"B","locked":true,"extension":{"latest_end":null}}`: {Name: &name, Locked: &yes, LatestEnd: &time.Time{}},
	} {
		t.Run(body, func(t *testing.T) {
			s := mustPortal(t)
			rec := s.mustRoom("aaa", started)
			s.actors.CallFn = func(_ string, c control.Command) (control.Answer, error) {
				room, err := rec.Room.With(*c.Change)
				return control.Answer{Room: room, Session: rec.Session}, err
			}
			got := s.must(200, "PATCH", rooms+"/aaa", body)
			asked := s.actors.asked[0]
			if asked.Change.LatestEnd != nil {
				utc := asked.Change.LatestEnd.UTC()
				asked.Change.LatestEnd = &utc
			}
			if !reflect.DeepEqual(asked, control.Command{Key: "portal", Change: &want}) {
				text, _ := json.Marshal(asked)
				t.Errorf("asked %s", text)
			}
			after, err := rec.Room.With(want)
			if err != nil || got["name"] != after.Name || got["locked"] != after.Locked || got["capacity"] != float64(after.Capacity) ||
				got["session"].(map[string]any)["number"] != 1.0 {
				t.Errorf("answered %v, %v", got, err)
			}
		})
	}
}

// TestChangeRefused is what no room can become.
func TestChangeRefused(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		t.Error("an actor was asked")
		return control.Answer{}, nil
	}
	for name, c := range map[string]struct {
		status int
		code   string
		body   string
	}{
		"Nothing":      {400, "bad_request", ``},
		"NotJSON":      {400, "bad_request", `{`},
		"Array":        {422, "bad_request", `[]`},
		"Unknown":      {422, "bad_request", `{"minutes":5}`},
		"Casing":       {422, "bad_request", `{"Name":"B"}`},
		"Inner":        {422, "bad_request", `{"extension":{"latestEnd":null}}`},
		"ExternalID":   {422, "bad_request", `{"external_id":"x"}`},
		"LongName":     {422, "bad_request", `{"name":"` + strings.Repeat("x", 101) + `"}`},
		"Duration":     {422, "bad_request", `{"duration_minutes":0}`},
		"Capacity":     {422, "bad_request", `{"capacity":101}`},
		"Default":      {422, "bad_request", `{"extension":{"default_minutes":9}}`},
		"By":           {422, "bad_request", `{"extension":{"by":"nobody"}}`},
		"Locked":       {422, "bad_request", `{"locked":"yes"}`},
		"LatestNoTime": {422, "bad_request", `{"extension":{"latest_end":"soon"}}`},
		"LatestNumber": {422, "bad_request", `{"extension":{"latest_end":5}}`},
		"LatestFar":    {422, "bad_request", `{"extension":{"latest_end":"9999-12-31T23:59:59-23:59"}}`},
		"LatestZero":   {422, "too_late", `{"extension":{"latest_end":"0001-01-01T00:00:00Z"}}`},
		"TooLarge":     {413, "bad_request", `{"name":"` + strings.Repeat("x", 64<<10) + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.mustProblem(c.status, c.code, "PATCH", rooms+"/aaa", c.body)
		})
	}
}

func TestDeleteRoom(t *testing.T) {
	s := mustPortal(t)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return control.Answer{}, nil }
	s.must(204, "DELETE", rooms+"/aaa", "")
	if !reflect.DeepEqual(s.actors.asked, []control.Command{{Key: "portal", Delete: &control.Delete{}}}) || s.actors.rooms[0] != "aaa" {
		t.Errorf("asked %+v of %v", s.actors.asked, s.actors.rooms)
	}
}

// TestRenewLinks: the answer has the links of the new count.
func TestRenewLinks(t *testing.T) {
	s := mustPortal(t)
	rec := s.mustRoom("aaa")
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		rec.Room.Links++
		return control.Answer{Room: rec.Room}, nil
	}
	got := s.must(200, "POST", rooms+"/aaa/links", "")
	s.mustLinks(map[string]any{"links": got}, "http://meet.example", "aaa")
	_, token, _ := strings.Cut(got["guest"].(string), "#")
	if ticket, err := s.tickets.CheckTicket(token); err != nil || ticket.Link != 1 {
		t.Errorf("the guests' link is of %+v, %v", ticket, err)
	}
	if !reflect.DeepEqual(s.actors.asked, []control.Command{{Key: "portal", Renew: &control.Renew{}}}) {
		t.Errorf("asked %+v", s.actors.asked)
	}
}

// TestStoreIsAway: reads say so, and when to come back.
func TestStoreIsAway(t *testing.T) {
	s := mustPortal(t)
	s.memory.Fail = errors.Join(store.ErrUnavailable, errors.New("disk on fire"))
	for _, path := range []string{"", "/aaa", "/aaa/session", "/aaa/sessions/1", "/aaa/participants"} {
		if p := s.mustProblem(503, "unavailable", "GET", rooms+path, ""); strings.Contains(p["detail"].(string), "fire") {
			t.Errorf("told %v", p)
		}
	}
	s.mustProblem(503, "unavailable", "POST", rooms+"/aaa/tokens", `{}`)
	s.mustProblem(503, "unavailable", "POST", rooms, booked)
}

// TestNobodyAnswers: what is unknown is called so, and what was not done too.
func TestNobodyAnswers(t *testing.T) {
	for err, want := range map[error]struct {
		status int
		code   string
	}{
		fmt.Errorf("%w: %w", bus.ErrUnknown, errors.New("timeout")): {504, "unknown"},
		bus.ErrNobody:                     {503, "unavailable"},
		errors.New("bus: opening a room"): {503, "unavailable"},
		bus.ErrNoRoom:                     {404, "not_found"},
	} {
		s := mustPortal(t)
		s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return control.Answer{}, err }
		for _, ask := range [][3]string{
			{"PATCH", "/aaa", `{}`}, {"DELETE", "/aaa", ``}, {"POST", "/aaa/links", ``}, {"POST", "/aaa/end", ``},
			{"POST", "/aaa/extend", `{"ends_at":"2026-03-04T10:00:00Z"}`}, {"DELETE", "/aaa/participants/p", ``},
		} {
			if p := s.mustProblem(want.status, want.code, ask[0], rooms+ask[1], ask[2]); strings.Contains(p["detail"].(string), "bus") {
				t.Errorf("told %v", p)
			}
		}
	}
}
