package embed_test

import (
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

func TestCallsAmongPeople(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.inside()
	for _, c := range []struct{ call, args, did string }{
		{"hand", `{"up":true}`, "client.RaiseHand"},
		{"hand", `{"participant":"p2"}`, "client.LowerHand"},
		{"hands", ``, "client.LowerHands"},
		{"react", `{"name":"clap"}`, "client.React"},
		{"delete", `{"number":3}`, "client.DeleteChat"},
	} {
		w.session.did = nil
		w.host.take()
		answer := w.host.ask(c.call, c.args)
		if !slices.Equal(w.session.did, []string{c.did}) {
			t.Errorf("%s did %q, want %q", c.call, w.session.did, c.did)
		}
		if told := w.host.take(); len(told) != 0 {
			t.Errorf("%s was answered before it was done: %q", c.call, told)
		}
		w.session.then(client.Outcome{})
		mustTell(t, w.host.take(), answer+`"result":{}}`)
		answer = w.host.ask(c.call, c.args)
		w.session.then(client.Outcome{Trouble: client.Trouble{Code: protocol.CodeForbidden}})
		mustTell(t, w.host.take(), answer+`"error":{"code":"forbidden"`)
	}
	answer := w.host.ask("hand", `{}`)
	mustTell(t, w.host.take(), answer+`"error":{"code":"bad_arguments"`)
}

func TestChat(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.session.view = w.session.view.Copy()
	old := protocol.ChatMessage{Number: 1, At: born, From: protocol.ChatAuthor{Participant: "p2", Name: "Asha"}, Text: "before"}
	w.session.view.Chat.Messages = []protocol.ChatMessage{old}
	w.inside()
	if got := events(w.host.take()); slices.Contains(got, "chat-message") {
		t.Errorf("told %q of what was written before", got)
	}
	answer := w.host.ask("write", `{"text":"hi"}`)
	mine := protocol.ChatMessage{Number: 2, At: born.Add(time.Minute), From: protocol.ChatAuthor{Participant: "p1", Name: "Jun"}, Text: "hi"}
	w.session.then(client.Outcome{Message: mine})
	const hi = `{"number":2,"at":"2026-11-26T10:01:00Z","participant":"p1","name":"Jun","text":"hi","deleted":""}`
	mustTell(t, w.host.take(), answer+`"result":`+hi+`}`)
	w.session.show(func(v *client.View) { v.Chat.Messages = append(v.Chat.Messages, mine) })
	told := w.host.take()
	mustTell(t, told, `{"event":"chat-message","detail":`+hi+`}`)
	w.session.show(func(v *client.View) {
		v.Chat.Messages[0].Text, v.Chat.Messages[0].Deleted = "", protocol.DeletedByModerator
	})
	told = w.host.take()
	if got := events(told); !slices.Equal(got, []string{"chat-deleted"}) {
		t.Errorf("events %q", got)
	}
	mustTell(t, told, `"text":"","deleted":"moderator"}}`)
	answer = w.host.ask("messages", "")
	mustTell(t, w.host.take(), answer+`"result":[{"number":1,`)
	w.session.show(func(v *client.View) { // older ones are no news
		v.Chat.Messages = append([]protocol.ChatMessage{{Number: 0}}, v.Chat.Messages...)
	})
	if got := events(w.host.take()); len(got) != 0 {
		t.Errorf("events %q", got)
	}
}

func TestReactions(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.inside()
	w.host.take()
	shows := func(shown ...client.Reaction) []string {
		w.session.show(func(v *client.View) { v.Reactions.Shown = shown })
		return w.host.take()
	}
	mustTell(t, shows(client.Reaction{Participant: "p2", Name: "clap", Count: 2}), `{"event":"reaction","detail":{"participant":"p2","name":"clap","count":2}}`)
	mustTell(t, shows(client.Reaction{Participant: "p2", Name: "clap", Count: 5}), `"count":3}}`)
	if told := shows(client.Reaction{Participant: "p2", Name: "clap", Count: 5}); len(told) != 0 {
		t.Errorf("told again: %q", told)
	}
	shows()
	mustTell(t, shows(client.Reaction{Participant: "p2", Name: "clap", Count: 1}), `"count":1}}`)
}
