package room

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// gatherFor is how long raised hands, messages and reactions are gathered before
// they are told of: many at once would be read out one after the other, and each cut
// the last one off. Reactions are on show for longer.
const gatherFor = 2 * time.Second

// gathered is what is to be told of together.
type gathered struct {
	due     ui.Alarm
	waits   bool // due is set
	raised  []string
	written []protocol.ChatMessage
	reacted string // what was told of reactions last
}

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

// gather tells of what came after a while.
func (a *attention) gather(ctx app.Context) {
	reacted := len(a.room.View.Reactions.Shown) > 0
	if !reacted {
		a.reacted = ""
	}
	if a.waits || !reacted && len(a.raised)+len(a.written) == 0 {
		return
	}
	a.waits = true
	a.due.Set(ctx, gatherFor, a.tell)
}

// tell tells of what was gathered.
func (a *attention) tell(app.Context) {
	a.waits = false
	a.begin()
	if names := a.raised; len(names) > 0 {
		a.say(a.room.Words.Say("hand.raised", words.Count("hands", len(names)), words.Text("name", names[0])))
	}
	if len(a.written) > 0 {
		a.somebodyWrote(a.written)
	}
	a.raised, a.written = nil, nil
	var said []string
	for _, r := range a.room.View.Reactions.Gathered() {
		said = append(said, a.room.Words.Say("react.said", words.Text("reaction", string(r.Name)), words.Count("count", r.Count)))
	}
	if text := strings.Join(said, " "); text != "" && text != a.reacted {
		a.reacted = text
		a.say(text)
	}
}
