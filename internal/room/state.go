package room

import (
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// State is everything that is known of a live room. It is a value: Apply gives a
// changed copy, and no slice or map in it is ever written to.
type State struct {
	// Saved is the newest record that is known to be in the store.
	Saved Record
	// Here are the people with a place, in order of arrival.
	Here Roster
	// Lately is what is remembered of people in this session beside their places.
	Lately Lately
	// Outbox are comings and goings that portals have not been told of yet, oldest
	// first. Events counts all of them.
	Outbox []Coming
	Events uint64
	// Attended counts the changes of what is to be kept of who is here.
	Attended int
	// Waiting are those whom a moderator has not let in yet.
	Waiting WaitingRoom
	// Vanished are connections that ended while a change waited for the store. A
	// hello of theirs may wait with it, and finds nobody to answer.
	Vanished []string
	// Speaking are the ids of who speaks, loudest first.
	Speaking []string
	// Absent is what was said of those who were lost; see attributes.go.
	Absent []Absent
	// Reactions are gathered since ReactedAt, to be told at once.
	Reactions []protocol.Reaction
	ReactedAt time.Time
	// Chat is the end of what was written.
	Chat Chat
	// Since is when this process took the room.
	Since time.Time
}

// Open is the room as a process finds it in the store. Whoever had a place has as long
// to come back as if their connection had just been lost.
func Open(saved Record, a Attendance, now time.Time) State {
	s := State{Saved: saved, Outbox: a.Outbox, Events: a.Events, Since: now}
	if running := s.Running(); running == nil || running.Number != a.Session {
		if len(a.Here) > 0 {
			s.Attended++ // who was in a session that is over is not kept
		}
		return s
	}
	s.Lately = a.Lately
	for _, p := range a.Here {
		s.Here = s.Here.with(lostPerson(p, now))
	}
	return s
}

// Opened is what follows from what is in the record and was not kept of who is here.
func (s State) Opened(now time.Time) []Fact {
	var out []Fact
	for _, p := range s.Here {
		role, known := s.Saved.Held.Of(p.Sub)
		switch {
		case slices.Contains(s.Saved.Removed, p.Sub):
			out = append(out, LetGo{p.ID, now})
		case known && role != p.Role:
			out = append(out, Renewed{ID: p.ID, Entry: Entry{Role: role, Ticket: p.Ticket}, Cause: Cause{At: now}})
		}
	}
	return out
}

// Fact is something that has happened in a live room, apart from what is kept of
// it (see Kept).
type Fact interface {
	apply(State) State
	// notices are what people are told of it.
	notices(before, after State) []Notice
}

// Apply is s after f, and what people are told of it, in order.
func (s State) Apply(f Fact) (State, []Notice) {
	after := f.apply(s)
	return after, f.notices(s, after)
}

// Notice is something to be told. Without a connection it is for everybody.
type Notice struct {
	Conn    string
	Message protocol.ServerMessage
	// Close, if it is not 0, closes the connection afterwards.
	Close protocol.CloseCode
	// Invites has the newest guests' link put into the message, which is a
	// GuestLink: only the server can sign one.
	Invites bool
	// Note is for the audit, in place of all the above; Recall has what was noted not be
	// told any more.
	Note, Recall *event.Event
}

func everyone(m protocol.ServerMessage) Notice { return Notice{Message: m} }

// Running is the session, nil if there is none or it has ended.
func (s State) Running() *meeting.Session { return s.Saved.running() }

func (r Record) running() *meeting.Session {
	if r.Session != nil && r.Session.Ending == nil {
		return r.Session
	}
	return nil
}

// Number is the session's, 0 before the first.
func (s State) Number() int {
	if s.Saved.Session == nil {
		return 0
	}
	return s.Saved.Session.Number
}

// Notice is of the window that is open now, nil if none is.
func (s State) Notice(now time.Time) *meeting.Notice {
	if session := s.Running(); session != nil {
		if n, ok := session.NoticeAt(s.Saved.Room, now); ok {
			return &n
		}
	}
	return nil
}

// gathered reports whether the room has been open for as long as a place is held:
// whoever was here before has come back.
func (s State) gathered(now time.Time) bool { return now.Sub(s.Since) >= protocol.PlaceHeld }

// crowd is what decides whether sub fits into the room.
func (s State) crowd(sub string, now time.Time) crowd {
	c := crowd{capacity: s.Saved.Room.Capacity, people: s.Here, gathered: s.gathered(now)}
	for _, f := range s.Lately.Former {
		if f.Displaced.After(now) {
			c.displaced++
			c.returns = c.returns || f.Who() == sub
		}
	}
	return c
}
