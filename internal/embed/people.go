package embed

import (
	"overtime/internal/client"
	"overtime/internal/protocol"
)

// hand raises this person's hand or lowers it, or lowers somebody else's.
func (b *Bridge) hand(c call) {
	var args handArgs
	switch {
	case !read(b, c, &args):
	case args.Participant != "":
		b.session.Do(client.LowerHand{Participant: args.Participant, Then: b.then(c)})
	case args.Up == nil:
		b.refuse(c.ID, badArguments("say up: true or up: false"))
	default:
		b.session.Do(client.RaiseHand{Up: *args.Up, Then: b.then(c)})
	}
}

func (b *Bridge) lowerHands(c call) { b.session.Do(client.LowerHands{Then: b.then(c)}) }

func (b *Bridge) react(c call) {
	var args reactArgs
	if read(b, c, &args) {
		b.session.Do(client.React{Name: args.Name, Then: b.then(c)})
	}
}

// write writes into the chat; the answer is the message, as everybody gets it.
func (b *Bridge) write(c call) {
	var args textArgs
	if read(b, c, &args) {
		b.session.Do(client.SendChat{Text: args.Text, Then: func(o client.Outcome) { b.outcome(c.ID, o, messageOf(o.Message)) }})
	}
}

func (b *Bridge) remove(c call) {
	var args numberArgs
	if read(b, c, &args) {
		b.session.Do(client.DeleteChat{Number: args.Number, Then: b.then(c)})
	}
}

// then answers a call that has no result.
func (b *Bridge) then(c call) func(client.Outcome) {
	return func(o client.Outcome) { b.outcome(c.ID, o, nil) }
}

// tellReactions tells how often each was shown since the last view.
func (b *Bridge) tellReactions(was, v client.View) {
	if v.Reactions == was.Reactions {
		return
	}
	before := map[client.Reaction]int{} // by who showed what
	for _, r := range was.Reactions.Shown {
		before[client.Reaction{Participant: r.Participant, Name: r.Name}] = r.Count
	}
	for _, r := range v.Reactions.Shown {
		count := r.Count
		if had := before[client.Reaction{Participant: r.Participant, Name: r.Name}]; had <= count {
			count -= had
		}
		if count > 0 {
			b.tell("reaction", reaction{r.Participant, r.Name, count})
		}
	}
}

// tellChat tells of what was written and deleted since the last view. What was
// there when the person came is no news.
func (b *Bridge) tellChat(was, v client.View) {
	if v.Chat == was.Chat || !inside(was) || !inside(v) || was.Timeline.Number != v.Timeline.Number {
		return
	}
	before := map[int]protocol.ChatMessage{}
	last := 0
	for _, m := range was.Chat.Messages {
		before[m.Number], last = m, m.Number
	}
	for _, m := range v.Chat.Messages {
		had, known := before[m.Number]
		switch {
		case m.Number > last:
			b.tell("chat-message", messageOf(m))
		case known && had.Deleted == "" && m.Deleted != "":
			b.tell("chat-deleted", messageOf(m))
		}
	}
}
