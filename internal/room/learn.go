package room

import (
	"slices"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Recorded is that the store has this record.
type Recorded struct {
	unannounced
	Record Record
}

func (f Recorded) apply(s State) State {
	before := s.Saved
	s.Saved = f.Record
	if before.Session == nil || s.Number() != before.Session.Number {
		s.Lately = Lately{}
		return s
	}
	for _, sub := range s.Saved.Removed[min(len(before.Removed), len(s.Saved.Removed)):] {
		s.Lately = s.Lately.without(sub)
	}
	return s
}

// Learn is what follows for those who are here from what the record gained since
// before. It compares, and trusts no memory of what was asked: also a write whose
// outcome was not known, or one of another process, is told this way, and once.
// The state has Recorded the newer one.
func (s State) Learn(before Record, now time.Time) []Fact {
	var out []Fact
	after := s.Saved
	if was, is := before.Session, after.Session; was != nil && is != nil && was.Number == is.Number {
		for _, e := range is.Ledger[len(was.Ledger):] {
			out = append(out, Happened{e, now})
		}
		if was.Over(now) && !is.Over(now) {
			out = append(out, EndMoved{At: now})
		}
	} // a session that begins has nobody to tell; the welcome says it all
	over := after.running() == nil
	here := s.Here
	if over {
		here = nil
	}
	if len(after.Removed) != len(before.Removed) {
		for _, p := range here {
			if slices.Contains(after.Removed, p.Sub) {
				out = append(out, LetGo{p.ID, now})
			}
		}
	}
	if RoomToProtocol(before.Room) != RoomToProtocol(after.Room) {
		out = append(out, SettingsChanged{now, after.Room.Locked && !before.Room.Locked})
	}
	if before.Room.ScreenShare != after.Room.ScreenShare {
		for _, p := range here {
			if allowed := mayBeOn(after.Room, p.Role, p.Sending); len(allowed) < len(p.Sending) {
				out = append(out, SendingSet{p.ID, allowed, now})
			}
		}
	}
	if before.Room.Links != after.Room.Links {
		out = append(out, LinkRenewed{})
	}
	return out
}

// Happened is an entry of the ledger that people are told of. An end lets go of
// everybody.
type Happened struct {
	Entry meeting.Entry
	At    time.Time
}

func (f Happened) apply(s State) State {
	if f.Entry.Kind != meeting.EntryEnded {
		return s
	}
	s = farewell(s)
	s.Lately = Lately{}
	s.Attended++ // there is nothing to be kept of it
	return s
}

func (f Happened) notices(before, after State) []Notice {
	switch f.Entry.Kind {
	case meeting.EntryWindowOpened:
		if n := after.Notice(f.At); n != nil {
			return []Notice{everyone(protocol.WindowOpened{Notice: *n})}
		}
	case meeting.EntryExtended:
		return []Notice{everyone(protocol.SessionExtended{Entry: entryToProtocol(f.Entry)})}
	case meeting.EntryEnded:
		return lastWords(before, *after.Saved.Session, f.At)
	}
	return nil
}

// EndUnsaved is that people are let go of though the end cannot be saved: the
// scheduled end is in the store, so whoever reads it later says the same. Should it
// not hold, they have lost their connection, and no more.
type EndUnsaved struct {
	Session meeting.Session // with its end
	At      time.Time
}

func (f EndUnsaved) apply(s State) State {
	here := s.Here.lost(f.At, func(Person) bool { return true })
	s = farewell(s)
	s.Here = here
	return s
}

func (f EndUnsaved) notices(before, _ State) []Notice { return lastWords(before, f.Session, f.At) }

// EndMoved is that the session goes on, though its end had come: whoever was let go, or
// lost, has as long to come back as if it were now.
type EndMoved struct {
	unannounced
	At time.Time
}

func (f EndMoved) apply(s State) State {
	s.Here = s.Here.lost(f.At, func(p Person) bool { return p.Conn == "" })
	return s
}

// farewell is s without anybody. Who waits goes on waiting if there may be another
// session, which may let them in.
func farewell(s State) State {
	s.Here, s.Speaking, s.Absent = nil, nil, nil
	if !s.Saved.Room.Reusable {
		s.Waiting = nil
	}
	return s
}

func lastWords(before State, s meeting.Session, now time.Time) []Notice {
	out := []Notice{{Message: protocol.SessionEnded{Session: SessionToProtocol(s)}, Close: protocol.CloseOver}}
	if before.Saved.Room.Reusable {
		return out
	}
	over := protocol.Over{Room: RoomToProtocol(before.Saved.Room), Session: SessionToProtocol(s), ServerTime: now}
	for _, w := range before.Waiting {
		if w.Conn != "" {
			out = append(out, Notice{Conn: w.Conn, Message: over, Close: protocol.CloseOver})
		}
	}
	return out
}

// LetGo is that somebody who was removed has no place here any more.
type LetGo struct {
	ID string
	At time.Time
}

func (f LetGo) apply(s State) State {
	p, _ := s.Here.ByID(f.ID)
	was := p.Place()
	s.Here, s.Lately = s.Here.without(f.ID), s.Lately.without(p.Sub)
	return s.attends(&was, nil, Cause{At: f.At, Why: protocol.LeftRemoved})
}

func (f LetGo) notices(before, _ State) []Notice {
	return goodbye(before, f.ID, protocol.LeftRemoved, errRemoved, protocol.CloseRemoved)
}

// SettingsChanged is that people see other settings of the room.
type SettingsChanged struct {
	At time.Time
	// Locks: it is locked, and was not. Whoever was let in and has not come yet is
	// somebody new then.
	Locks bool
}

func (f SettingsChanged) apply(s State) State {
	if f.Locks {
		s.Waiting = s.Waiting.without(func(w Waiter) bool { return w.Admitted })
	}
	return s
}

func (f SettingsChanged) notices(_, after State) []Notice {
	return []Notice{everyone(protocol.RoomChanged{Room: RoomToProtocol(after.Saved.Room), Notice: after.Notice(f.At)})}
}

// LinkRenewed is that the guests' links given out so far are useless. The new one
// goes to everyone who may invite others.
type LinkRenewed struct{ passing }

func (LinkRenewed) notices(_, after State) []Notice {
	var out []Notice
	for _, p := range after.Here {
		if p.Conn != "" && p.MayInvite() {
			out = append(out, Notice{Conn: p.Conn, Message: protocol.GuestLink{}, Invites: true})
		}
	}
	return out
}

// passing are facts that change nothing but what people are told.
type passing struct{}

func (passing) apply(s State) State { return s }
