package room

import (
	"fmt"
	"path"
	"slices"
	"time"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// What portals are told only if they ask for that kind of it. It does not go by the
// record: a crash may take some of it.

// optional is such news. The audit has it as well if it says whose doing it was. The
// id is the same for the same thing, whoever tells it.
func optional(s State, kind event.Kind, id string, n News, c Cause) Notice {
	e := n.Event(kind, c.At, c.Who)
	e.ID = s.Saved.Room.ID + "-" + id
	return noted(s, e)
}

func noted(s State, e event.Event) Notice {
	e.Room, e.Epoch = s.Saved.Room.ID, s.Saved.Epoch
	return Notice{Note: &e}
}

// personNews is such news of somebody who is here.
func personNews(s State, kind event.Kind, id string, c Cause) []Notice {
	p, here := s.Here.ByID(id)
	if !here {
		return nil
	}
	n := About(s.Saved)
	n.Participant = participantOf(p.Place())
	if c.Who.Sub == p.Sub {
		c.Who = event.Who{} // one's own doing is for no audit
	}
	return []Notice{optional(s, kind, fmt.Sprintf("%s-%s-%d", path.Ext(string(kind))[1:], p.ID, c.At.UnixMilli()), n, c)}
}

// shown is what portals are told of when people show it, and when they do not any more.
type shown struct {
	on, off event.Kind
	by      func(Person) bool
}

func allShown() []shown {
	return []shown{
		{event.HandRaised, event.HandLowered, func(p Person) bool { return p.Attributes[protocol.AttributeHand] != "" }},
		{event.ScreenShared, event.ScreenStopped, func(p Person) bool { return slices.Contains(p.Sending, protocol.Screen) }},
	}
}

// shownNews tells portals of what somebody shows now and did not before, or the other
// way round.
func shownNews(before, after State, id string, c Cause) (out []Notice) {
	was, _ := before.Here.ByID(id)
	is, _ := after.Here.ByID(id)
	for _, s := range allShown() {
		switch {
		case s.by(is) == s.by(was):
		case s.by(is):
			out = append(out, personNews(after, s.on, id, c)...)
		default:
			out = append(out, personNews(after, s.off, id, c)...)
		}
	}
	return out
}

// ChatNews is a message as portals are told of it.
type ChatNews struct {
	Number      int             `json:"number"`
	At          time.Time       `json:"at"`
	From        *control.Person `json:"from,omitempty"`
	Participant string          `json:"participant"`
	Text        string          `json:"text"`
}

func chatNews(s State, f ChatWritten) Notice {
	n, m := About(s.Saved), f.Message
	n.Session = f.Session
	n.Chat = &ChatNews{
		Number: m.Number, At: m.At, Participant: m.From.Participant, Text: m.Text,
		From: control.PersonOf(meeting.Person{Sub: f.Sub, Name: m.From.Name}),
	}
	return optional(s, event.ChatMessage, chatID(f.Session, m.Number), n, Cause{At: m.At})
}

// chatRecall has portals not be told of a message that was deleted, if they were not yet.
func chatRecall(s State, f ChatDeleted) Notice {
	return Notice{Recall: optional(s, event.ChatMessage, chatID(f.Session, f.Message.Number), News{}, f.Cause).Note}
}

func chatID(session, number int) string { return fmt.Sprintf("chat-%d-%d", session, number) }
