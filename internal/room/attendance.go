package room

import (
	"fmt"
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Attendance is who is in the running session, as it is kept beside the room's record:
// whole, and behind what people see, so that nobody waits at the door for the store.
type Attendance struct {
	Version int    `json:"v"`
	Epoch   uint64 `json:"epoch"`
	Session int    `json:"session"` // its number
	// Here have a place, in order of arrival.
	Here []Place `json:"here,omitempty"`
	Lately
	// Outbox are comings and goings that have not been passed on yet, oldest first:
	// none is before this says it, too. Events counts all there were.
	Outbox []Coming `json:"outbox,omitempty"`
	Events uint64   `json:"events,omitempty"`
}

// Coming is the event of a coming or going, or of a newer token.
type Coming struct {
	event.Event
	Number uint64 `json:"number"` // among those
	After  uint64 `json:"after"`  // the number of the record's event that it comes after
}

// Place is somebody's place in the running session. It outlives the process
// that gave it, so that people find themselves and the others again.
type Place struct {
	ID       string       `json:"id"` // what others know them by
	Sub      string       `json:"sub"`
	Name     string       `json:"name"`
	Role     meeting.Role `json:"role"`
	Ticket   string       `json:"ticket,omitempty"` // the id of the token they came with
	JoinedAt time.Time    `json:"joined_at"`
}

// Moved is what records of versions before had in them of what Attendance says.
type Moved struct {
	People []Place  `json:"people,omitempty"`
	Former []Former `json:"former,omitempty"`
	Left   []string `json:"left,omitempty"`
}

// Any reports whether there is something to be moved.
func (m Moved) Any() bool { return len(m.People)+len(m.Former)+len(m.Left) > 0 }

// Attendance is what r says of it, following on what there was of an earlier session.
func (r Record) Attendance(before Attendance) Attendance {
	a := Attendance{Epoch: r.Epoch, Here: r.People, Lately: Lately{Former: r.Former, Left: r.Left}, Outbox: before.Outbox, Events: before.Events}
	if r.Session != nil {
		a.Session = r.Session.Number
	}
	return a
}

// WithAttendance is r as versions before kept it.
func (r Record) WithAttendance(a Attendance) Record {
	if running := r.running(); running != nil && running.Number == a.Session {
		r.Moved = Moved{People: a.Here, Former: a.Former, Left: a.Left}
		for _, h := range a.Held {
			if !slices.ContainsFunc(r.Held, func(o Held) bool { return o.Who == h.Who }) {
				r.Held = append(slices.Clip(r.Held), h)
			}
		}
	}
	var all []event.Event
	for _, n := range Untold(r, a.Outbox) {
		all = append(all, n.Event)
	}
	r.Outbox, r.Events = all, r.Events+uint64(len(a.Outbox))
	return r
}

// Next is an event of a room that is to be passed on. Number is its number among those of
// the record or, if it is Behind, among the comings and goings.
type Next struct {
	Event  event.Event
	Number uint64
	Behind bool
}

// Untold is what is to be passed on by the record and beside it, in order.
func Untold(r Record, comings []Coming) (out []Next) {
	number := r.Events - uint64(len(r.Outbox))
	for _, e := range r.Outbox {
		for ; len(comings) > 0 && comings[0].After <= number; comings = comings[1:] {
			out = append(out, Next{comings[0].Event, comings[0].Number, true})
		}
		number++
		out = append(out, Next{Event: e, Number: number})
	}
	for _, c := range comings {
		out = append(out, Next{c.Event, c.Number, true})
	}
	return out
}

// Attendance is what is to be kept of who is here.
func (s State) Attendance() Attendance {
	a := Attendance{
		Epoch: s.Saved.Epoch, Session: s.Number(), Here: make([]Place, len(s.Here)),
		Lately: s.Lately, Outbox: s.Outbox, Events: s.Events,
	}
	for i, p := range s.Here {
		a.Here[i] = p.Place()
	}
	return a
}

// MostUntold is with how many comings and goings that were not passed on yet nobody
// new comes in: some 250 people who came and went while nothing could be saved. Who is
// inside can still leave, so that there are a few more; each is half a KiB.
const MostUntold = 512

// Cause is whose doing a change is, and when it was asked for.
type Cause struct {
	Who event.Who
	At  time.Time
	Why protocol.LeftReason // of whoever leaves with it
}

// attends is s in which was became is: who came, went, or is something else by a newer
// token. Portals are told of it, once it is kept.
func (s State) attends(was, is *Place, c Cause) State {
	s.Attended++
	for _, e := range placeNews(s.Saved, was, is, c) {
		if e.Kind == event.ParticipantChanged && len(s.Outbox) >= MostUntold {
			s.Outbox = slices.DeleteFunc(slices.Clone(s.Outbox), func(c Coming) bool {
				return c.Kind == e.Kind && c.Who.Sub == e.Who.Sub // the last of what they are counts
			})
		}
		s.Events++
		e.Room, e.Epoch = s.Saved.Room.ID, s.Saved.Epoch
		e.ID = fmt.Sprintf("%s-p%d", s.Saved.Room.ID, s.Events)
		s.Outbox = append(slices.Clip(s.Outbox), Coming{e, s.Events, s.Saved.Events})
	}
	return s
}

// PassedOn is that comings and goings up to this number were passed on.
type PassedOn struct {
	unannounced
	UpTo uint64
}

func (f PassedOn) apply(s State) State {
	i := slices.IndexFunc(s.Outbox, func(c Coming) bool { return c.Number > f.UpTo })
	if i < 0 {
		i = len(s.Outbox)
	}
	s.Outbox = s.Outbox[i:]
	return s
}

// placeNews is what became of one place.
func placeNews(r Record, was, is *Place, c Cause) []event.Event {
	n := About(r)
	switch {
	case was == nil && is == nil, was != nil && is != nil && *was == *is:
		return nil
	case is == nil:
		n.Participant, n.LeftAt, n.Reason = participantOf(*was), c.At, string(c.Why)
		return []event.Event{n.Event(event.ParticipantLeft, c.At, whoIs(*was))}
	}
	who := whoIs(*is)
	who.Address = c.Who.Address
	n.Participant = participantOf(*is)
	if was == nil {
		return []event.Event{n.Event(event.ParticipantJoined, is.JoinedAt, who)}
	}
	n.Was = participantOf(*was)
	return []event.Event{n.Event(event.ParticipantChanged, c.At, who)}
}
