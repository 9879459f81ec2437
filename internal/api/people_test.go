package api_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// TestTokens: what is asked for is what the token says.
func TestTokens(t *testing.T) {
	expires := time.Date(2026, 3, 4, 9, 15, 0, 0, time.UTC)
	for body, want := range map[string]auth.Ticket{
		``:                     {Role: meeting.RoleParticipant},
		`{}`:                   {Role: meeting.RoleParticipant},
		`{"role":"moderator"}`: {Role: meeting.RoleModerator},
		`{"role":"viewer","name":" Ada\n L ","user_ref":"u-1"}`:     {Role: meeting.RoleViewer, Name: "Ada  L", Sub: "u:u-1"},
		`{"user_ref":"` + strings.Repeat("~", 64) + `"}`:            {Role: meeting.RoleParticipant, Sub: "u:" + strings.Repeat("~", 64)},
		`{"name":"` + strings.Repeat("é", 64) + `","user_ref":"!"}`: {Role: meeting.RoleParticipant, Name: strings.Repeat("é", 64), Sub: "u:!"},
	} {
		t.Run(body, func(t *testing.T) {
			s := mustPortal(t)
			s.mustRoom("aaa")
			got := s.must(201, "POST", rooms+"/aaa/tokens", body)
			token, _ := got["token"].(string)
			if got["url"] != "http://meet.example/r/aaa#"+token || got["expires_at"] != "2026-03-04T09:15:00Z" || len(got) != 3 {
				t.Errorf("answered %v", got)
			}
			ticket, err := s.tickets.CheckTicket(token)
			if err != nil || ticket.ID == "" || !ticket.ExpiresAt.Equal(expires) || ticket.Room != "aaa" || ticket.Invite {
				t.Fatalf("the token is %+v, %v", ticket, err)
			}
			if want.Sub == "" && strings.HasPrefix(ticket.Sub, "u:") {
				t.Errorf("it is somebody: %q", ticket.Sub)
			}
			if ticket.Role != want.Role || ticket.Name != want.Name || want.Sub != "" && ticket.Sub != want.Sub {
				t.Errorf("the token is %+v, want %+v", ticket, want)
			}
			made := s.noted.of(event.TokenMade)
			if len(made) != 1 || made[0].Room != "aaa" || made[0].Who.Ticket != ticket.ID || made[0].Who.Key != "portal" ||
				strings.Contains(string(made[0].Data), token) {
				t.Errorf("the audit was told %+v", made)
			}
		})
	}
}

// TestRemovedTwice: whoever was removed is not there to be removed again.
func TestRemovedTwice(t *testing.T) {
	w := mustWorld(t, now)
	s := &site{t: t, key: bearer, handler: w.handler}
	id := s.must(201, "POST", rooms, `{"duration_minutes":60}`)["id"].(string)
	w.join(s.must(201, "POST", rooms+"/"+id+"/tokens", `{"name":"Ada"}`)["token"].(string))
	people := s.must(200, "GET", rooms+"/"+id+"/participants", "")["participants"].([]any)
	gone := rooms + "/" + id + "/participants/" + people[0].(map[string]any)["id"].(string)
	s.must(204, "DELETE", gone, "")
	s.mustProblem(404, "not_found", "DELETE", gone, "")
}

// TestTwoTokens are two, even for one person.
func TestTwoTokens(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	one := s.must(201, "POST", rooms+"/aaa/tokens", `{"user_ref":"u"}`)
	if two := s.must(201, "POST", rooms+"/aaa/tokens", `{"user_ref":"u"}`); one["token"] == two["token"] {
		t.Error("one token was given twice: whoever is removed would take the other with them")
	}
}

func TestTokensRefused(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	for _, body := range []string{
		`{"role":"service"}`, `{"role":"admin"}`, `{"role":""}`, `{"user_ref":""}`, `{"user_ref":"two words"}`, `{"user_ref":"é"}`,
		`{"user_ref":"` + strings.Repeat("x", 65) + `"}`, `{"name":"` + strings.Repeat("x", 65) + `"}`, `{"sub":"u"}`, `{"room":"bbb"}`, `[]`,
	} {
		s.mustProblem(422, "bad_request", "POST", rooms+"/aaa/tokens", body)
	}
	s.mustProblem(400, "bad_request", "POST", rooms+"/aaa/tokens", `{"role":`)
	if made := s.noted.of(event.TokenMade); len(made) > 0 {
		t.Errorf("made %+v", made)
	}
}

// TestTokensOfTheOver: nobody can come in any more, so nobody gets a token.
func TestTokensOfTheOver(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("over", ended)
	p := s.mustProblem(410, "over", "POST", rooms+"/over/tokens", `{}`)
	if p["reason"] != "ended_by_moderator" || p["ended_at"] != "2026-03-04T09:01:00.123Z" || p["text"] != "lunch" {
		t.Errorf("told %v", p)
	}
	reusable := func(r *store.Record) { r.Room.Reusable = true }
	late := func(r *store.Record) { r.Room.LatestEnd = now.Add(time.Hour) }
	s.mustRoom("again", ended, reusable)
	s.must(201, "POST", rooms+"/again/tokens", `{}`)
	s.mustRoom("late", late)
	s.mustRoom("lateAgain", ended, reusable, late)
	s.must(201, "POST", rooms+"/late/tokens", `{}`)
	s.must(201, "POST", rooms+"/lateAgain/tokens", `{}`)
	s.now = now.Add(time.Hour)
	s.mustProblem(422, "too_late", "POST", rooms+"/late/tokens", `{}`)
	s.mustProblem(422, "too_late", "POST", rooms+"/lateAgain/tokens", `{}`)
}

func TestParticipants(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa", started)
	want := as[map[string]any](t, map[string]any{"participants": []any{
		map[string]any{"id": "p_1", "name": "Ada", "role": "moderator", "user_ref": "u-1", "joined_at": now},
		map[string]any{"id": "p_2", "name": "Ben", "role": "viewer", "joined_at": now.Add(time.Second), "attributes": map[string]string{"hand": "up"}},
	}})
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{People: []control.Participant{
			{ID: "p_1", Name: "Ada", Role: meeting.RoleModerator, UserRef: "u-1", JoinedAt: now},
			{ID: "p_2", Name: "Ben", Role: meeting.RoleViewer, JoinedAt: now.Add(time.Second), Attributes: map[string]string{"hand": "up"}},
		}}, nil
	}
	if got := s.must(200, "GET", rooms+"/aaa/participants", ""); !reflect.DeepEqual(got, want) {
		t.Errorf("answered %v, want %v", got, want)
	}
	nobody := map[string]any{"participants": []any{}}
	s.mustRoom("bbb")
	s.mustRoom("ccc", ended)
	for _, room := range []string{"bbb", "ccc"} {
		if got := s.must(200, "GET", rooms+"/"+room+"/participants", ""); !reflect.DeepEqual(got, nobody) {
			t.Errorf("%s: answered %v", room, got)
		}
	}
}

// TestHandsOfPortals: a portal lowers one hand or all, and nothing is wrong with a room
// in which nobody is.
func TestHandsOfPortals(t *testing.T) {
	s := mustPortal(t)
	answer := control.Answer{}
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return answer, nil }
	s.must(204, "DELETE", rooms+"/aaa/hands", "")
	s.must(204, "DELETE", rooms+"/aaa/participants/p_1/hand", "")
	want := []control.Command{
		{Key: "portal", LowerHands: &control.LowerHands{}},
		{Key: "portal", LowerHands: &control.LowerHands{Participant: "p_1"}},
	}
	if !reflect.DeepEqual(s.actors.asked, want) {
		t.Errorf("asked %+v", s.actors.asked)
	}
	answer.Error = &protocol.Error{Code: control.CodeNotStarted, Message: "no session has begun"}
	s.must(204, "DELETE", rooms+"/aaa/hands", "")
	s.mustProblem(404, "not_found", "DELETE", rooms+"/aaa/participants/p_1/hand", "")
	answer.Error = &protocol.Error{Code: protocol.CodeUnavailable, Message: "it cannot be done; do something else"}
	s.mustProblem(503, "unavailable", "DELETE", rooms+"/aaa/hands", "")
}

func TestRemove(t *testing.T) {
	s := mustPortal(t)
	answer := control.Answer{}
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return answer, nil }
	s.must(204, "DELETE", rooms+"/aaa/participants/p_1", "")
	want := control.Command{Key: "portal", Remove: &control.Remove{Participant: "p_1"}}
	if !reflect.DeepEqual(s.actors.asked, []control.Command{want}) {
		t.Errorf("asked %+v", s.actors.asked)
	}
	for code, problem := range map[protocol.Code]struct {
		status int
		code   string
	}{
		protocol.CodeNotFound:    {404, "not_found"},
		control.CodeNotStarted:   {404, "not_found"},
		protocol.CodeManyRemoved: {409, "conflict"},
		protocol.CodeUnavailable: {503, "unavailable"},
	} {
		answer.Error = &protocol.Error{Code: code, Message: "it cannot be done; do something else"}
		s.mustProblem(problem.status, problem.code, "DELETE", rooms+"/aaa/participants/p_1", "")
	}
}
