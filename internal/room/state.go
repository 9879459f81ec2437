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
	// Pending is who came and went, as far as Saved does not say it yet.
	Pending Pending
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

// Open is the room as a process finds it in the store. Whoever has a place in the
// record has as long to come back as if their connection had just been lost.
func Open(saved Record, now time.Time) State {
	s := State{Saved: saved, Since: now}
	if s.Running() != nil {
		for _, p := range saved.People {
			s.Here = s.Here.with(lostPerson(p, now))
		}
	}
	return s
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

// former is what is known of the last place of sub in this session, if they have
// none now.
func (s State) former(sub string) (f Former, known bool) {
	if c, pending := s.Pending.last(sub); pending {
		return c.former(), c.Turn == Goes && c.Cause.Why != protocol.LeftRemoved
	}
	return s.Saved.FormerOf(sub)
}

// roleOf is the role that the newest token of sub gave in this session.
func (s State) roleOf(sub string) (role meeting.Role, known bool) {
	if meeting.UserRef(sub) == "" || s.Running() == nil {
		return "", false // has one token only, or none of this session
	}
	if p, here := s.Here.BySub(sub); here {
		return p.Role, true
	}
	if c, pending := s.Pending.last(sub); pending {
		return c.Place.Role, true
	}
	return s.Saved.RoleOf(sub)
}

// crowd is what decides whether sub fits into the room.
func (s State) crowd(sub string, now time.Time) crowd {
	until := map[string]time.Time{} // by sub: may come back though the room is full
	for _, f := range s.Saved.Former {
		until[f.Who()] = f.Displaced
	}
	for _, c := range s.Pending {
		until[c.Place.Sub] = c.Displaced // zero for whoever came
	}
	c := crowd{
		capacity: s.Saved.Room.Capacity, people: s.Here,
		returns: until[sub].After(now), gathered: s.gathered(now),
	}
	for _, at := range until {
		if at.After(now) {
			c.displaced++
		}
	}
	return c
}

// placeHere is the place of somebody whom the record may not know yet, or not as
// gone.
func (s State) placeHere(id string) (Place, bool) {
	if p, here := s.Here.ByID(id); here {
		return p.Place(), true
	}
	for _, c := range slices.Backward(s.Pending) {
		if c.Place.ID == id {
			return c.Place, true
		}
	}
	return Place{}, false
}

// attend is s in which one more coming or going is pending.
func (s State) attend(c PresenceChange) State {
	if s.Running() == nil {
		return s // nobody has a place in a session that is over
	}
	c.Session = s.Number()
	s.Pending = s.Pending.with(c)
	return s
}
