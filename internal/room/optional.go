package room

import (
	"fmt"
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
	return []Notice{optional(s, kind, fmt.Sprintf("%s-%s-%d", tail(kind), p.ID, c.At.UnixMilli()), n, c)}
}

// tail is the last word of a kind, as it can stand in an id.
func tail(kind event.Kind) string {
	for i := len(kind) - 1; i >= 0; i-- {
		if kind[i] == '.' {
			return string(kind[i+1:])
		}
	}
	return string(kind)
}

// handNews tells portals of a hand that went up or down.
func handNews(before, after State, f AttributeSet) []Notice {
	was, _ := before.Here.ByID(f.ID)
	raised, wasRaised := f.Value != "", was.Attributes[f.Name] != ""
	switch {
	case f.Name != protocol.AttributeHand || raised == wasRaised:
		return nil
	case raised:
		return personNews(after, event.HandRaised, f.ID, f.Cause)
	}
	return personNews(after, event.HandLowered, f.ID, f.Cause)
}

// screenNews tells portals of a screen that is shared, or not any more.
func screenNews(before, after State, id string, at time.Time) []Notice {
	was, _ := before.Here.ByID(id)
	is, _ := after.Here.ByID(id)
	shared := is.ToProtocol().Sends(protocol.Screen)
	switch {
	case shared == was.ToProtocol().Sends(protocol.Screen):
		return nil
	case shared:
		return personNews(after, event.ScreenShared, id, Cause{At: at})
	}
	return personNews(after, event.ScreenStopped, id, Cause{At: at})
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
	return optional(s, event.ChatMessage, fmt.Sprintf("chat-%d-%d", f.Session, m.Number), n, Cause{At: m.At})
}
