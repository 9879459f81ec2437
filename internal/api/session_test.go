package api_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// TestReadSession: before, while and after it runs.
func TestReadSession(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	s.mustProblem(404, "not_started", "GET", rooms+"/aaa/session", "")
	rec := s.mustRoom("aaa", started)
	s.now = now.Add(10 * time.Minute)
	want := as[map[string]any](t, control.SessionOf(*rec.Session))
	want["server_time"] = "2026-03-04T09:10:00.123Z"
	if got := s.must(200, "GET", rooms+"/aaa/session", ""); !reflect.DeepEqual(got, want) {
		t.Errorf("answered %v, want %v", got, want)
	}
	rec = s.mustRoom("bbb", ended)
	want = as[map[string]any](t, control.SessionOf(*rec.Session))
	want["server_time"] = "2026-03-04T09:10:00.123Z"
	got := s.must(200, "GET", rooms+"/bbb/session", "")
	if !reflect.DeepEqual(got, want) || got["ending"].(map[string]any)["reason"] != "ended_by_moderator" {
		t.Errorf("answered %v, want %v", got, want)
	}
}

// TestWindow: a window is shown once everybody was told of it.
func TestWindow(t *testing.T) {
	s := mustPortal(t)
	rec := s.mustRoom("aaa", started, func(r *store.Record) { r.Room.LatestEnd = r.Session.EndsAt.Add(17 * time.Minute) })
	s.now = now.Add(52*time.Minute + 30*time.Second)
	if _, there := s.must(200, "GET", rooms+"/aaa/session", "")["window"]; there {
		t.Error("a window is open that nobody was told of")
	}
	session, _ := rec.Session.Advance(rec.Room, s.now)
	rec.Session = &session
	s.memory.set(rec)
	want := map[string]any{"name": "first", "minutes_left": 8.0, "grantable_minutes": 17.0}
	if got := s.must(200, "GET", rooms+"/aaa/session", ""); !reflect.DeepEqual(got["window"], want) {
		t.Errorf("shows %v, want %v", got["window"], want)
	}
}

// TestDueEnd: an end that is due holds before it is recorded, everywhere.
func TestDueEnd(t *testing.T) {
	s := mustPortal(t)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{People: []control.Participant{{ID: "p_1", Name: "Ada"}}}, nil
	}
	s.mustRoom("aaa", started)
	for _, c := range []struct {
		at   time.Duration
		over bool
	}{{time.Hour - time.Millisecond, false}, {time.Hour, true}, {2 * time.Hour, true}} {
		s.now = now.Add(c.at)
		ending, is := s.must(200, "GET", rooms+"/aaa/session", "")["ending"].(map[string]any)
		if is != c.over || is && (ending["reason"] != "expired" || ending["ended_at"] != "2026-03-04T10:00:00.123Z") {
			t.Errorf("after %v: %v", c.at, ending)
		}
		for _, path := range []string{"", "/sessions/1"} {
			got := s.must(200, "GET", rooms+"/aaa"+path, "")
			if path == "" {
				got = got["session"].(map[string]any)
			}
			if _, is := got["ending"]; is != c.over {
				t.Errorf("after %v: %s shows %v", c.at, path, got)
			}
		}
		people := s.must(200, "GET", rooms+"/aaa/participants", "")["participants"].([]any)
		if (len(people) == 0) != c.over {
			t.Errorf("after %v: there are %v", c.at, people)
		}
		if c.over {
			s.mustProblem(410, "over", "POST", rooms+"/aaa/tokens", "")
		}
	}
}

// TestReadLedger: the one that runs comes from the record, the others were kept.
func TestReadLedger(t *testing.T) {
	s := mustPortal(t)
	rec := s.mustRoom("aaa", started, func(r *store.Record) { r.Session.Number = 2 })
	old := s.mustRoom("old", ended).Session
	s.memory.ledgers["aaa"] = map[int]meeting.Session{1: *old, 2: *old}
	for number, want := range map[string]meeting.Session{"1": *old, "2": *rec.Session} {
		got := s.must(200, "GET", rooms+"/aaa/sessions/"+number, "")
		if !reflect.DeepEqual(got, as[map[string]any](t, control.SessionOf(want))) {
			t.Errorf("session %s is %v", number, got)
		}
	}
	s.mustProblem(404, "not_found", "GET", rooms+"/aaa/sessions/3", "")
	s.mustProblem(404, "not_found", "GET", rooms+"/old/sessions/2", "")
	for _, bad := range []string{"0", "-1", "x", "1.5", "99999999999999999999"} {
		s.mustProblem(422, "bad_request", "GET", rooms+"/aaa/sessions/"+bad, "")
	}
}

// TestExtend: what is asked of the actor, and the grant.
func TestExtend(t *testing.T) {
	end, twenty := now.Add(time.Hour), 20
	for name, c := range map[string]struct {
		body    string
		headers []string
		want    control.Command
	}{
		"Named":   {`{"ends_at":"2026-03-04T10:00:00.123Z"}`, nil, control.Command{Extend: &control.Extend{Answers: end}}},
		"Whole":   {`{"ends_at":"2026-03-04T10:00:00.123Z","minutes":20,"by":"Desk"}`, nil, control.Command{Extend: &control.Extend{Answers: end, Minutes: &twenty, By: "Desk"}}},
		"Open":    {`{"minutes":20}`, []string{"Idempotency-Key", "k"}, control.Command{ID: "portal:k", Extend: &control.Extend{Minutes: &twenty}}},
		"Nothing": {``, []string{"Idempotency-Key", "k"}, control.Command{ID: "portal:k", Extend: &control.Extend{}}},
		"Both":    {`{"ends_at":"2026-03-04T10:00:00.123Z"}`, []string{"Idempotency-Key", "k"}, control.Command{ID: "portal:k", Extend: &control.Extend{Answers: end}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustPortal(t)
			s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
				return control.Answer{Grant: &meeting.Grant{Minutes: 15, EndsAt: end.Add(15 * time.Minute)}}, nil
			}
			got := s.must(200, "POST", rooms+"/aaa/extend", c.body, c.headers...)
			if !reflect.DeepEqual(got, map[string]any{"extended_minutes": 15.0, "ends_at": "2026-03-04T10:15:00.123Z"}) {
				t.Errorf("answered %v", got)
			}
			c.want.Key = "portal"
			if !reflect.DeepEqual(s.actors.asked, []control.Command{c.want}) {
				t.Errorf("asked %+v, want %+v", s.actors.asked[0], c.want)
			}
		})
	}
}

// TestExtendBadly: what never reaches an actor.
func TestExtendBadly(t *testing.T) {
	s := mustPortal(t)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		t.Error("an actor was asked")
		return control.Answer{}, nil
	}
	for body, status := range map[string]int{
		``: 400, `{}`: 400, `{"minutes":15}`: 400, `{"ends_at":null}`: 422, `{`: 400,
		`{"ends_at":"soon"}`: 422, `{"ends_at":"0001-01-01T00:00:00Z"}`: 422, `{"minutes":1.5}`: 422,
		`{"minutes":"15"}`: 422, `{"duration":15}`: 422, `{"by":"` + strings.Repeat("x", 65) + `"}`: 422,
	} {
		s.mustProblem(status, "bad_request", "POST", rooms+"/aaa/extend", body)
	}
	s.mustProblem(422, "bad_request", "POST", rooms+"/aaa/extend", `{}`, "Idempotency-Key", "two words")
	s.mustProblem(415, "bad_request", "POST", rooms+"/aaa/extend", `{"minutes":15}`, "Content-Type", "application/x-www-form-urlencoded", "Idempotency-Key", "k")
}

// TestRefusals: an actor's no, with the facts that explain it.
func TestRefusals(t *testing.T) {
	s := mustPortal(t)
	at := now.Add(time.Minute)
	text := at.Format(time.RFC3339Nano)
	for name, c := range map[string]struct {
		answer control.Answer
		status int
		facts  map[string]any
	}{
		"over": {
			control.Answer{
				Error: &protocol.Error{Code: protocol.CodeOver, Message: "the meeting is over", By: "Cy"},
				Ending: &meeting.Ending{Reason: meeting.ReasonEndedByModerator, At: at, Text: "lunch",
					By: meeting.Person{Sub: meeting.UserSub("u-9"), Name: "Cy"}},
			}, 410, map[string]any{"reason": "ended_by_moderator", "ended_at": text, "text": "lunch", "by": map[string]any{"name": "Cy", "user_ref": "u-9"}},
		},
		"already_extended": {
			control.Answer{Error: &protocol.Error{Code: protocol.CodeAlreadyExtended, Message: "extended already", By: "Ada", Minutes: 15, EndsAt: at}},
			409, map[string]any{"by": map[string]any{"name": "Ada"}, "extended_minutes": 15.0, "ends_at": text},
		},
		"no_window": {
			control.Answer{Error: &protocol.Error{Code: protocol.CodeNoWindow, Message: "wait for the window", EndsAt: at, OpensAt: at}},
			409, map[string]any{"opens_at": text, "ends_at": text},
		},
		"bad_minutes":  {control.Answer{Error: &protocol.Error{Code: protocol.CodeBadMinutes, Message: "from 10 to 30"}}, 422, nil},
		"no_time_left": {control.Answer{Error: &protocol.Error{Code: protocol.CodeNoTimeLeft, Message: "it cannot be longer", EndsAt: at}}, 409, map[string]any{"ends_at": text}},
		"not_started":  {control.Answer{Error: &protocol.Error{Code: control.CodeNotStarted, Message: "no session runs"}}, 409, nil},
		"not_found":    {control.Answer{Error: &protocol.Error{Code: protocol.CodeNotFound, Message: "there is no such room"}}, 404, nil},
		"bad_request":  {control.Answer{Error: &protocol.Error{Code: protocol.CodeBadRequest, Message: "it never had that end"}}, 422, nil},
		"unavailable":  {control.Answer{Error: &protocol.Error{Code: protocol.CodeUnavailable, Message: "try again in a moment"}}, 503, nil},
		"internal":     {control.Answer{Error: &protocol.Error{Code: protocol.CodeInternal, Message: "something went wrong"}}, 500, nil},
		"of_tomorrow":  {control.Answer{Error: &protocol.Error{Code: "of_tomorrow", Message: "what only newer nodes know"}}, 409, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return c.answer, nil }
			got := s.mustProblem(c.status, name, "POST", rooms+"/aaa/extend", `{}`, "Idempotency-Key", "k")
			s.mustProblem(c.status, name, "POST", rooms+"/aaa/end", ``)
			for _, field := range []string{"title", "status", "detail", "code"} {
				delete(got, field)
			}
			if c.facts == nil {
				c.facts = map[string]any{}
			}
			if !reflect.DeepEqual(got, c.facts) {
				t.Errorf("with the facts %v, want %v", got, c.facts)
			}
		})
	}
}

// TestWhatIsNext: after a session's end a reusable room has another, and only of
// one that has none is a new room the way on.
func TestWhatIsNext(t *testing.T) {
	s := mustPortal(t)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{Error: &protocol.Error{Code: protocol.CodeOver, Message: "the meeting is over"}}, nil
	}
	s.mustRoom("aaa", ended)
	s.mustRoom("bbb", ended, func(r *store.Record) { r.Room.Reusable = true })
	for room, want := range map[string]string{"aaa": "make another room", "bbb": "the next one starts when somebody joins"} {
		p := s.mustProblem(410, "over", "POST", rooms+"/"+room+"/end", ``)
		if detail := p["detail"].(string); !strings.HasSuffix(detail, want) {
			t.Errorf("%s: told %q, not %q", room, detail, want)
		}
	}
}

func TestEnd(t *testing.T) {
	s := mustPortal(t)
	rec := s.mustRoom("aaa", ended)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{Room: rec.Room, Session: rec.Session}, nil
	}
	for body, want := range map[string]control.End{
		``: {}, `{}`: {}, `{"reason":"lunch","by":"Desk"}`: {Text: "lunch", By: "Desk"},
	} {
		s.actors.asked = nil
		got := s.must(200, "POST", rooms+"/aaa/end", body)
		if !reflect.DeepEqual(got, as[map[string]any](t, control.SessionOf(*rec.Session))) {
			t.Errorf("answered %v", got)
		}
		if !reflect.DeepEqual(s.actors.asked, []control.Command{{Key: "portal", End: &want}}) {
			t.Errorf("%s: asked %+v", body, s.actors.asked)
		}
	}
	s.mustProblem(422, "bad_request", "POST", rooms+"/aaa/end", "", "Idempotency-Key", "two words")
	for _, bad := range []string{`{"reason":"` + strings.Repeat("x", 201) + `"}`, `{"text":"x"}`, `{"reason":5}`, `{"by":"` + strings.Repeat("x", 65) + `"}`} {
		s.mustProblem(422, "bad_request", "POST", rooms+"/aaa/end", bad)
	}
}

// TestEndAgain: under its key an end is the same operation, which is answered with
// the session that it ended, though another runs by then.
func TestEndAgain(t *testing.T) {
	s := mustPortal(t)
	first := s.mustRoom("old", ended).Session
	rec := s.mustRoom("aaa", started, func(r *store.Record) { r.Session.Number = 2 })
	s.memory.ledgers["aaa"] = map[int]meeting.Session{1: *first}
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{Room: rec.Room, Session: rec.Session, Ended: 1}, nil
	}
	got := s.must(200, "POST", rooms+"/aaa/end", `{}`, "Idempotency-Key", "k")
	if !reflect.DeepEqual(got, as[map[string]any](t, control.SessionOf(*first))) {
		t.Errorf("answered %v", got)
	}
	if !reflect.DeepEqual(s.actors.asked, []control.Command{{Key: "portal", ID: "portal:k", End: &control.End{}}}) {
		t.Errorf("asked %+v", s.actors.asked)
	}
}

// TestBrokenAnswers: an actor that answers nonsense is a mistake of ours, and no
// panic.
func TestBrokenAnswers(t *testing.T) {
	s := mustPortal(t)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return control.Answer{}, nil }
	s.mustProblem(500, "internal", "POST", rooms+"/aaa/end", ``)
	s.mustProblem(500, "internal", "POST", rooms+"/aaa/extend", `{}`, "Idempotency-Key", "k")
}
