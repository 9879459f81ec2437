package room

import (
	"cmp"
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Arrival is somebody at the door, with all that the rules of admission look at.
type Arrival struct {
	State State
	Conn  string
	// Entry is who they are by what they showed, as the edge verified it.
	Entry Entry
	Hello protocol.Hello // zero in a peek
	At    time.Time      // when they asked
	// Waits: a change of the record waits for its outcome.
	Waits bool
	// Doubtful: the newest record is not known, and the store does not say.
	Doubtful bool
	// Sure: a write has shown since they asked that the room is still this
	// process's, or the store could not say.
	Sure bool
	// Fresh is random text, from which a new place gets its ids.
	Fresh string
}

// session is the newest, which may be over.
func (a Arrival) session() *meeting.Session { return a.State.Saved.Session }

func (a Arrival) over() bool { return a.session() != nil && a.session().Over(a.At) }

// back reports whether they show the secret of a place.
func (a Arrival) back() bool { return a.Entry.Participant != "" }

// place is theirs, if it is still held.
func (a Arrival) place() (Person, bool) {
	if p, here := a.State.Here.ByID(a.Entry.Participant); here {
		return p, true
	}
	if a.Entry.Sub == "" {
		return Person{}, false
	}
	return a.State.Here.BySub(a.Entry.Sub)
}

func (a Arrival) hasPlace() bool {
	_, has := a.place()
	return has && !a.over()
}

// gaveUp reports whether they show the secret of a place that is not held.
func (a Arrival) gaveUp() bool { return a.back() && !a.hasPlace() }

// lostLately is the place that they had in this session and lost. They come back
// to it: no door is closed to who was inside.
func (a Arrival) lostLately() (f Former, lost bool) { return a.State.lostLately(a.Entry) }

func (s State) lostLately(e Entry) (f Former, lost bool) {
	if e.Sub == "" || s.Running() == nil {
		return Former{}, false
	}
	f, known := s.Lately.FormerOf(e.Sub)
	return f, known && !f.Left
}

// stranger reports whether they show no secret and neither have a place nor lost one.
func (a Arrival) stranger() bool {
	_, lost := a.lostLately()
	return !a.back() && (a.over() || !lost && !a.hasPlace())
}

// leftByChoice reports whether they gave up their last place in this session by
// session.leave. What brought them back to it is good for nothing any more.
func (a Arrival) leftByChoice() bool { return a.State.Lately.LeftByChoice(a.Entry.Sub) }

// forgetsRole reports whether it is not known any more what the newest token of a
// secret's holder said.
func (a Arrival) forgetsRole() bool {
	_, known := a.State.roleOf(a.Entry.Sub)
	return !known && meeting.UserRef(a.Entry.Sub) != "" && a.State.forgetsRoles()
}

// changesRole reports whether a token gives its holder another role than the one
// before it.
func (a Arrival) changesRole() bool {
	role, known := a.State.roleOf(a.Entry.Sub)
	return !a.back() && known && role != a.Entry.Role
}

// admitted reports whether a moderator let this connection in.
func (a Arrival) admitted() bool {
	w, waits := a.State.Waiting.ByConn(a.Conn)
	return waits && w.Admitted
}

// mustWait reports whether they have to be let in first.
func (a Arrival) mustWait() bool {
	return a.State.Saved.Room.WaitingRoom && !a.Entry.Role.Moderates() && !a.admitted()
}

// waitedBefore reports whether they waited before. Of a server that has just started
// they are those who show that they did.
func (a Arrival) waitedBefore() bool {
	_, waits := a.State.Waiting.of(a.Conn, a.Entry)
	return a.mustWait() && (waits || a.Entry.Waiting != "" && !a.State.gathered(a.At))
}

// lockedOut reports whether the lock keeps them out. Those who waited before it
// are no news to the moderators, who let them in or not.
func (a Arrival) lockedOut() bool {
	return a.State.Saved.Room.Locked && !a.Entry.Role.Moderates() && !a.admitted() && !a.waitedBefore()
}

// resolve is a as who they turn out to be, and what that makes of the line.
func (a Arrival) resolve() (Arrival, []Fact) {
	a, facts := a.asAdmitted()
	return a.asBefore(), facts
}

// asAdmitted is a hello as the one who says it waited: a moderator read that
// name, and let in nobody else.
func (a Arrival) asAdmitted() (Arrival, []Fact) {
	w, waits := a.State.Waiting.of(a.Conn, a.Entry)
	if !waits || !w.Admitted || a.back() || a.Entry.Role.Moderates() {
		return a, nil
	}
	moved := WaiterMoved{w.ID, a.Conn}
	a.State = moved.apply(a.State)
	a.Entry, a.Hello.Name = w.Entry, w.Name
	return a, []Fact{moved}
}

// asBefore is a hello as of who the browser was before, if it kept a secret:
// whoever closed their tab is inside again by the link, though the room is locked
// by now. Another name, or another role, is somebody else. A portal's people are
// known by their token.
func (a Arrival) asBefore() Arrival {
	e, again, session := a.Entry, a.Entry.Again, a.State.Running()
	if again == nil || session == nil || session.Over(a.At) || again.Session != session.Number || again.Role != e.Role || meeting.UserRef(e.Sub) != "" {
		return a
	}
	name := again.Name
	if p, here := a.State.Here.ByID(again.Participant); here {
		if p.Conn != "" {
			return a // in another tab, by somebody who is there
		}
		name = p.Name
	} else if _, lost := a.State.lostLately(*again); !lost {
		return a
	}
	if name == cmp.Or(e.Name, meeting.Clean(a.Hello.Name)) {
		a.Entry = *again
	}
	return a
}

// Who is at the door, for the audit.
func (a Arrival) Who() event.Who {
	e := a.Entry
	return event.Who{Sub: e.Sub, Name: e.Name, Role: e.Role, Ticket: e.Ticket, Address: e.Address}
}

// Cause is that of a token that was shown; the audit alone is told where.
func (a Arrival) Cause() Cause {
	return Cause{At: a.At, Who: event.Who{Address: a.Entry.Address}}
}

// newcomer is the person that a describes, without a place yet.
func (a Arrival) newcomer() Person {
	e := a.Entry
	p := Person{ID: e.Participant, Sub: e.Sub, Name: e.Name, Role: e.Role, Joined: a.At, Ticket: e.Ticket, Address: e.Address, Conn: a.Conn}
	if role, known := a.State.roleOf(e.Sub); known && a.back() {
		p.Role = role
	}
	p.Sending = mayBeOn(a.State.Saved.Room, p.Role, a.Hello.Sending)
	f, lost := a.lostLately()
	if lost { // whoever comes back is who they were
		p.ID, p.Ticket = f.ID, cmp.Or(e.Ticket, f.Ticket)
	}
	if lost || a.back() { // and has let the media of that place go
		p.Anew = "." + a.Fresh[freshID:freshID+8]
	}
	if p.ID == "" {
		p.ID = "p_" + a.Fresh[:freshID]
	}
	if p.Sub == "" { // an invitation: its holder is somebody new
		p.Sub = p.ID
	}
	if p.Name == "" {
		p.Name = meeting.Clean(a.Hello.Name)
	}
	p.Attributes = a.State.absent(p.Sub, a.At)
	return p
}

// freshID is how much of Fresh is the id of a new place.
const freshID = 12

// removed reports whether they are kept out of this session.
func (a Arrival) removed() bool {
	gone := a.State.Saved.Removed
	return a.State.Running() != nil && // a session that is to begin knows of nobody removed
		(a.Entry.Sub != "" && slices.Contains(gone, a.Entry.Sub) ||
			a.Entry.Ticket != "" && slices.Contains(gone, ticketMark+a.Entry.Ticket))
}

// byOldLink reports whether they came by a link that was renewed. It is the
// guests'; a moderator renews it.
func (a Arrival) byOldLink() bool {
	return a.Entry.Invite && !a.Entry.Role.Moderates() && a.Entry.Link != a.State.Saved.Room.Links
}

// undecided reports that the scheduled end has come while a change that may move
// it waits.
func (a Arrival) undecided() bool {
	s := a.State.Running()
	return s != nil && s.Over(a.At) && a.Waits
}

// unsure reports that they might be told to go for want of what another process
// knows, if that has the room now: that the end was moved, or that there is a
// session in which they have a place.
func (a Arrival) unsure() bool {
	s := a.session()
	due := a.State.Running() != nil && s.Over(a.At)
	newer := a.back() && (s == nil || s.Number < a.Entry.Session)
	return (due || newer) && !a.Sure && !a.Doubtful
}
