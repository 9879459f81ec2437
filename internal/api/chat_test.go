package api_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"overtime/internal/api"
	"overtime/internal/chatlog"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// written are chats in memory.
type written struct {
	chats map[chatlog.Session][]chatlog.Message
	err   error
}

func (w *written) Read(_ context.Context, s chatlog.Session, r chatlog.Range) (chatlog.Part, error) {
	all := w.chats[s]
	to := min(len(all), r.Before-1)
	return chatlog.Part{Last: len(all), Messages: all[max(0, to-r.Limit):to]}, w.err
}

// TestReadChat: what was written, page by page, with what the portal calls people.
func TestReadChat(t *testing.T) {
	w := &written{chats: map[chatlog.Session][]chatlog.Message{}}
	s := mustPortal(t, func(c *api.Config) { c.Chats = w })
	s.mustRoom("aaa", started)
	s.mustRoom("bbb", started, func(r *store.Record) { r.Session.Number = 7 })
	s.mustRoom("new")
	here := chatlog.Session{Room: "aaa", Number: 1}
	for i := range 5 {
		w.chats[here] = append(w.chats[here], chatlog.Message{Sub: meeting.UserSub("u-1"), ChatMessage: protocol.ChatMessage{
			Number: i + 1, At: now, From: protocol.ChatAuthor{Participant: "p_1", Name: "Ada"}, Text: fmt.Sprint("text ", i+1),
		}})
	}
	w.chats[here][1].Text, w.chats[here][1].Deleted = "", protocol.DeletedByModerator
	w.chats[here][2].Sub = "p_2"

	got := s.must(200, "GET", rooms+"/aaa/sessions/1/chat?limit=3", "")
	ada := map[string]any{"name": "Ada", "user_ref": "u-1"}
	want := map[string]any{"next": "3", "messages": []any{
		map[string]any{"number": 1.0, "at": "2026-03-04T09:00:00.123Z", "participant": "p_1", "from": ada, "text": "text 1"},
		map[string]any{"number": 2.0, "at": "2026-03-04T09:00:00.123Z", "participant": "p_1", "from": ada, "deleted": "moderator"},
		map[string]any{"number": 3.0, "at": "2026-03-04T09:00:00.123Z", "participant": "p_1", "from": map[string]any{"name": "Ada"}, "text": "text 3"},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the first page is %v", got)
	}
	numbers := func(path string) (all []any) {
		for _, m := range s.must(200, "GET", rooms+path, "")["messages"].([]any) {
			all = append(all, m.(map[string]any)["number"])
		}
		return all
	}
	for path, want := range map[string][]any{
		"/aaa/sessions/1/chat":                        {1.0, 2.0, 3.0, 4.0, 5.0},
		"/aaa/sessions/1/chat?after=3&limit=3":        {4.0, 5.0},
		"/aaa/sessions/1/chat?after=4&limit=100":      {5.0},
		"/aaa/sessions/1/chat?after=5":                nil,
		"/aaa/sessions/1/chat?after=9000000000000000": nil,
		"/bbb/sessions/7/chat":                        nil,
		"/bbb/sessions/3/chat":                        nil, // which may have been swept
	} {
		if got := numbers(path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s has %v, want %v", path, got, want)
		}
	}
	for _, none := range []string{"/aaa/sessions/2/chat", "/new/sessions/1/chat", "/nowhere/sessions/1/chat"} {
		s.mustProblem(404, "not_found", "GET", rooms+none, "")
	}
	for _, bad := range []string{"/aaa/sessions/0/chat", "/aaa/sessions/1/chat?limit=101", "/aaa/sessions/1/chat?after=-1", "/aaa/sessions/1/chat?before=3"} {
		s.mustProblem(422, "bad_request", "GET", rooms+bad, "")
	}
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return control.Answer{}, nil }
	s.must(204, "DELETE", rooms+"/aaa/sessions/1/chat/3", "")
	if want := (control.Command{Key: "portal", DeleteChat: &control.DeleteChat{Session: 1, Number: 3}}); !reflect.DeepEqual(s.actors.asked, []control.Command{want}) {
		t.Errorf("asked %+v", s.actors.asked)
	}
	s.mustProblem(422, "bad_request", "DELETE", rooms+"/aaa/sessions/1/chat/0", "")
	w.err = errors.Join(chatlog.ErrUnavailable, errors.New("away"))
	s.mustProblem(503, "unavailable", "GET", rooms+"/aaa/sessions/1/chat", "")
	s.key = ""
	s.mustProblem(401, "unauthorized", "GET", rooms+"/aaa/sessions/1/chat", "")
}
