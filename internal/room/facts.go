package room

import (
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/protocol"
)

// unannounced are facts that nobody is told of.
type unannounced struct{}

func (unannounced) notices(State, State) []Notice { return nil }

// Came is that somebody new has a place.
type Came struct {
	Person Person
	Cause  Cause
}

func (f Came) apply(s State) State {
	s.Here = s.Here.with(f.Person)
	s.Absent = s.absentWithout(f.Person.Sub)
	s.Waiting = s.Waiting.without(func(w Waiter) bool { return w.Conn == f.Person.Conn })
	s.Lately = s.Lately.came(f.Person)
	is := f.Person.Place()
	return s.attends(nil, &is, f.Cause)
}

func (f Came) notices(before, after State) []Notice {
	out := []Notice{everyone(protocol.PersonJoined{Person: f.Person.ToProtocol()})}
	return append(out, shownNews(before, after, f.Person.ID, Cause{At: f.Cause.At})...)
}

// Returned is that a held place has a connection again. An older one is told.
type Returned struct {
	ID, Conn, Address string
	Sending           []protocol.Source
	// Entry, if they came by a token, is newer than what the place knows; what a
	// secret says is not.
	Entry *Entry
	Cause Cause
}

func (f Returned) apply(s State) State {
	if f.Entry != nil {
		s = Renewed{ID: f.ID, Entry: *f.Entry, Cause: f.Cause}.apply(s)
	}
	s.Here = s.Here.changed(f.ID, func(p Person) Person {
		p.Conn, p.LostAt, p.Address, p.Sending = f.Conn, time.Time{}, f.Address, f.Sending
		return p
	})
	return s
}

func (f Returned) notices(before, after State) []Notice {
	var out []Notice
	if p, _ := before.Here.ByID(f.ID); p.Conn != "" && p.Conn != f.Conn {
		out = append(out, Notice{Conn: p.Conn, Message: errReplaced, Close: protocol.CloseReplaced})
	}
	out = append(out, personChanged(after, f.ID)...)
	return append(out, shownNews(before, after, f.ID, Cause{At: f.Cause.At})...)
}

func personChanged(s State, id string) []Notice {
	p, here := s.Here.ByID(id)
	if !here {
		return nil
	}
	return []Notice{everyone(protocol.PersonChanged{Person: p.ToProtocol()})}
}

// Renewed is that somebody who is here is what a newer token of theirs says.
type Renewed struct {
	ID    string
	Entry Entry
	Cause Cause
}

func (f Renewed) apply(s State) State {
	before, _ := s.Here.ByID(f.ID)
	s.Here = s.Here.changed(f.ID, func(p Person) Person { return p.take(f.Entry) })
	now, here := s.Here.ByID(f.ID)
	was, is := before.Place(), now.Place()
	if !here || is == was {
		return s
	}
	s.Lately = s.Lately.came(now)
	return s.attends(&was, &is, f.Cause)
}

func (f Renewed) notices(_, after State) []Notice { return personChanged(after, f.ID) }

// ConnectionLost is that somebody's connection has ended; the place waits for it.
type ConnectionLost struct {
	ID   string
	At   time.Time
	Held time.Duration
}

func (f ConnectionLost) apply(s State) State {
	s.Here = s.Here.changed(f.ID, func(p Person) Person {
		p.Conn, p.LostAt, p.Held = "", f.At, f.Held
		return p
	})
	return s
}

func (f ConnectionLost) notices(_, after State) []Notice { return personChanged(after, f.ID) }

// Vanished is that a connection has ended that nobody has, while a change waits.
type Vanished struct {
	unannounced
	Conn string
}

func (f Vanished) apply(s State) State {
	if !slices.Contains(s.Vanished, f.Conn) {
		s.Vanished = append(slices.Clip(s.Vanished), f.Conn)
	}
	return s
}

// AllWritten is that no change waits any more, nor any hello with it.
type AllWritten struct{ unannounced }

func (AllWritten) apply(s State) State {
	s.Vanished = nil
	return s
}

// Left is that somebody has no place any more.
type Left struct {
	ID  string
	Why protocol.LeftReason
	At  time.Time
	// Displaced: they had no connection and made room for another. As long as their
	// place would have waited they come back though the room is full.
	Displaced bool
	// Refusal, if it has a code, is what they are told before their connection closes.
	Refusal protocol.Error
	Close   protocol.CloseCode
}

func (f Left) apply(s State) State {
	p, here := s.Here.ByID(f.ID)
	if !here {
		return s
	}
	s.Here = s.Here.without(f.ID)
	if f.Why == protocol.LeftLost {
		s.Absent = s.absentWith(p, f.At)
	}
	gone := Former{ID: p.ID, Sub: p.Sub, Ticket: p.Ticket, Left: f.Why == protocol.LeftByChoice}
	if f.Displaced {
		gone.Displaced = p.HeldUntil()
	}
	s.Lately = s.Lately.gone(gone)
	was := p.Place()
	return s.attends(&was, nil, Cause{At: f.At, Why: f.Why})
}

func (f Left) notices(before, _ State) []Notice {
	return goodbye(before, f.ID, f.Why, f.Refusal, f.Close)
}

func goodbye(before State, id string, why protocol.LeftReason, told protocol.Error, code protocol.CloseCode) []Notice {
	p, here := before.Here.ByID(id)
	if !here {
		return nil
	}
	var out []Notice
	if told.Code != "" && p.Conn != "" {
		out = append(out, Notice{Conn: p.Conn, Message: told, Close: code})
	}
	return append(out, everyone(protocol.PersonLeft{ID: id, Reason: why}))
}

// SendingSet is which sources of somebody are on.
type SendingSet struct {
	ID      string
	Sources []protocol.Source
	At      time.Time
}

func (f SendingSet) apply(s State) State {
	s.Here = s.Here.changed(f.ID, func(p Person) Person {
		p.Sending = f.Sources
		return p
	})
	return s
}

func (f SendingSet) notices(before, after State) []Notice {
	return append(personChanged(after, f.ID), shownNews(before, after, f.ID, Cause{At: f.At})...)
}

// Spoke is who speaks now; the next such fact replaces it.
type Spoke struct{ IDs []string }

func (f Spoke) apply(s State) State {
	s.Speaking = f.IDs
	return s
}

func (f Spoke) notices(_, _ State) []Notice { return []Notice{everyone(protocol.Speaking(f))} }

// Queued is that somebody waits to be let in, or goes on waiting.
type Queued struct {
	Waiter Waiter
	// Before is the id by which they waited; empty if they did not. Another one now
	// means another name, and who is let in by the name of before is not this one.
	Before string
}

func (f Queued) apply(s State) State {
	if f.Before == "" {
		s.Waiting, _ = s.Waiting.with(f.Waiter)
		return s
	}
	s.Waiting = s.Waiting.changed(f.Before, func(Waiter) Waiter { return f.Waiter })
	return s
}

func (f Queued) notices(before, after State) []Notice {
	var out []Notice
	if f.Before != f.Waiter.ID {
		out = whoWaits(after)
	}
	was, _ := before.Waiting.find(func(w Waiter) bool { return w.ID == f.Before })
	return append(out, was.replaced(f.Waiter.Conn)...)
}

func whoWaits(s State) []Notice {
	return s.Here.moderators(protocol.PeopleWaiting{People: s.Waiting.toProtocol()})
}

// WaiterMoved is that somebody's place in line has another connection.
type WaiterMoved struct{ ID, Conn string }

func (f WaiterMoved) apply(s State) State {
	s.Waiting = s.Waiting.changed(f.ID, func(w Waiter) Waiter {
		w.Conn = f.Conn
		return w
	})
	return s
}

func (f WaiterMoved) notices(before, _ State) []Notice {
	was, _ := before.Waiting.find(func(w Waiter) bool { return w.ID == f.ID })
	return was.replaced(f.Conn)
}

// WaiterLost is that the connection of somebody who waits has ended. They keep
// their place in line as long as those inside keep theirs.
type WaiterLost struct {
	unannounced
	ID   string
	At   time.Time
	Held time.Duration
}

func (f WaiterLost) apply(s State) State {
	s.Waiting = s.Waiting.changed(f.ID, func(w Waiter) Waiter {
		w.Conn = ""
		if last := f.At.Add(f.Held); w.Admitted || last.Before(w.Until) {
			w.Until = last
		}
		return w
	})
	return s
}

// StoppedWaiting is that some wait no more, of their own accord or because they did
// not ask again.
type StoppedWaiting struct{ IDs []string }

func (f StoppedWaiting) apply(s State) State {
	s.Waiting = s.Waiting.without(func(w Waiter) bool { return slices.Contains(f.IDs, w.ID) })
	return s
}

func (f StoppedWaiting) notices(before, after State) []Notice {
	for _, id := range f.IDs {
		if _, waited := before.Waiting.byID(id); waited {
			return whoWaits(after)
		}
	}
	return nil // nobody saw them
}

// Admitted is that a moderator lets somebody in.
type Admitted struct{ ID string }

func (f Admitted) apply(s State) State {
	s.Waiting = s.Waiting.changed(f.ID, func(w Waiter) Waiter {
		w.Admitted = true
		return w
	})
	return s
}

func (f Admitted) notices(before, after State) []Notice {
	out := whoWaits(after)
	if w, _ := before.Waiting.byID(f.ID); w.Conn != "" {
		out = append(out, Notice{Conn: w.Conn, Message: protocol.Admitted{}})
	}
	return out
}

// Denied is that a moderator does not let somebody in.
type Denied struct {
	ID string
	By event.Who
	At time.Time
}

func (f Denied) apply(s State) State { return StoppedWaiting{[]string{f.ID}}.apply(s) }

func (f Denied) notices(before, after State) []Notice {
	w, _ := before.Waiting.byID(f.ID)
	out := whoWaits(after)
	if w.Conn != "" {
		out = append(out, Notice{Conn: w.Conn, Message: errDenied, Close: protocol.CloseDenied})
	}
	n := About(after.Saved)
	n.Participant = &Participant{ID: w.ID, Name: w.Name, Role: w.Entry.Role}
	e := n.Event(event.ParticipantDenied, f.At, f.By)
	e.Room = after.Saved.Room.ID
	return append(out, Notice{Note: &e})
}
