package room

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// gatherReactions is how long reactions are gathered before they are told of;
// they are on show for longer.
const gatherReactions = 2 * time.Second

// raised are the names of the others who raised a hand and were not told of yet.
func (t *told) raised(v client.View) []string {
	var names []string
	up := map[string]bool{}
	for _, p := range v.Roster.Slots {
		if p.Empty || p.Self || p.Hand == 0 {
			continue
		}
		up[p.ID] = true
		if !t.hands[p.ID] {
			names = append(names, p.Name)
		}
	}
	t.hands = up
	return names
}

// shared are the names of the others who share a screen and were not told of yet.
func (t *told) shared(v client.View) []string {
	var names []string
	now := map[string]bool{}
	for _, s := range v.Roster.Screens {
		if s.Participant == "" {
			continue
		}
		now[s.Participant] = true
		if !t.screens[s.Participant] {
			names = append(names, s.Name)
		}
	}
	t.screens = now
	return names
}

// written are the messages of others that came since.
func (t *told) written(v client.View) []protocol.ChatMessage {
	var fresh []protocol.ChatMessage
	last := t.chat
	for _, m := range v.Chat.Messages {
		if m.Number <= t.chat {
			continue
		}
		last = m.Number
		if m.From.Participant != v.Me.ID && m.Deleted == "" {
			fresh = append(fresh, m)
		}
	}
	t.chat = last
	return fresh
}

// somebodyWrote reads a message out where the chat is open, and else says that
// there is one.
func (a *attention) somebodyWrote(fresh []protocol.ChatMessage) {
	first := fresh[0]
	if len(fresh) == 1 && a.room.panels.shows(panelChat) {
		a.say(a.room.Words.Say("chat.said", words.Text("name", first.From.Name), words.Text("text", first.Text)))
		return
	}
	a.say(a.room.Words.Say("chat.came", words.Count("messages", len(fresh)), words.Text("name", first.From.Name)))
}

// awaitReactions tells of reactions once they have been gathered for a while.
func (a *attention) awaitReactions(ctx app.Context) {
	if len(a.room.View.Reactions.Shown) == 0 {
		a.reacted = ""
		return
	}
	if a.reacts {
		return
	}
	a.reacts = true
	a.react.Set(ctx, gatherReactions, func(app.Context) {
		a.reacts = false
		var said []string
		for _, r := range a.room.View.Reactions.Gathered() {
			said = append(said, a.room.Words.Say("react.said", words.Text("reaction", string(r.Name)), words.Count("count", r.Count)))
		}
		if text := strings.Join(said, " "); text != "" && text != a.reacted {
			a.reacted = text
			a.saying = nil
			a.say(text)
		}
	})
}
