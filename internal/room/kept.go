package room

import (
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
)

// Kept is a fact of what is kept of a room: it is in the record, written by
// compare-and-set, before anybody is told of it.
type Kept interface {
	keep(Record) Record
	// news are what portals and the audit are told of it.
	news(before, after Record, c Cause) []event.Event
}

// Keep is r after facts, with every event that portals and the audit are told of
// them in its outbox. It is the only place where such events are made, so a change
// cannot be without its events, nor they without it: both are written at once.
func Keep(r Record, c Cause, facts ...Kept) Record {
	for _, f := range facts {
		after := f.keep(r)
		for _, e := range f.news(r, after, c) {
			after = after.Tell(e)
		}
		r = after
	}
	return r
}

// silent are facts that nobody is told of.
type silent struct{}

func (silent) news(Record, Record, Cause) []event.Event { return nil }

// Nothing has the record written as it is. That shows whether the room is still
// its owner's, which no read of a memory does.
type Nothing struct{ silent }

func (Nothing) keep(r Record) Record { return r }

// OpDone is that an operation was carried out.
type OpDone struct {
	silent
	Op Op
}

func (f OpDone) keep(r Record) Record { return r.With(f.Op) }

// SessionBegan is a session's start, by its first entry.
type SessionBegan struct {
	Number int
	Entry  meeting.Entry
}

func (f SessionBegan) keep(r Record) Record {
	s := meeting.Session{Number: f.Number}.After(f.Entry)
	r.Session = &s
	return r.Begun()
}

func (f SessionBegan) news(_, after Record, c Cause) []event.Event {
	return []event.Event{entryNews(after, f.Entry, c)}
}

// LedgerGrew is any later entry of the session's ledger. An end says goodbye to all.
type LedgerGrew struct{ Entry meeting.Entry }

func (f LedgerGrew) keep(r Record) Record {
	s := r.Session.After(f.Entry)
	r.Session = &s
	if s.Ending != nil {
		r.Held = nil
	}
	return r
}

func (f LedgerGrew) news(_, after Record, c Cause) []event.Event {
	return []event.Event{entryNews(after, f.Entry, c)}
}

// grew is what the ledger of before gained to become after's.
func grew(before, after meeting.Session) []Kept {
	var out []Kept
	for _, e := range after.Ledger[len(before.Ledger):] {
		out = append(out, LedgerGrew{e})
	}
	return out
}

// PersonRemoved is that somebody, there or gone, is not to come back. That they left
// portals are told as they are let go.
type PersonRemoved struct{ Place Place }

const (
	// maxRemoved bounds what a record remembers of removed people.
	maxRemoved = 128
	// ticketMark tells a ticket's id from a Sub among those who were removed.
	ticketMark = "ticket "
)

func (f PersonRemoved) keep(r Record) Record {
	r.Removed = append(slices.Clip(r.Removed), f.Place.Sub)
	if f.Place.Ticket != "" {
		r.Removed = append(r.Removed, ticketMark+f.Place.Ticket)
	}
	return r
}

// news is for the audit.
func (f PersonRemoved) news(_, after Record, c Cause) []event.Event {
	n := About(after)
	n.Participant = &Participant{ID: f.Place.ID, UserRef: meeting.UserRef(f.Place.Sub)}
	return []event.Event{n.Event(event.ParticipantDenied, c.At, c.Who)}
}

// RoleGiven is what a newer token of somebody says of them. Portals are told of it as
// their place changes.
type RoleGiven struct {
	silent
	Entry Entry
}

func (f RoleGiven) keep(r Record) Record {
	r.Held = r.Held.With(f.Entry.Sub, f.Entry.Role)
	return r
}

// RoomSet is what the room's settings are now.
type RoomSet struct{ Room meeting.Room }

func (f RoomSet) keep(r Record) Record {
	r.Room = f.Room
	return r
}

func (f RoomSet) news(before, after Record, c Cause) []event.Event {
	var out []event.Event
	if after.Room.Links != before.Room.Links {
		out = append(out, settingsNews(event.LinkRenewed, after, c))
	}
	if RoomToProtocol(after.Room) != RoomToProtocol(before.Room) || after.Room.Reusable != before.Room.Reusable {
		out = append(out, settingsNews(event.RoomChanged, after, c))
	}
	return out
}

// RoomDeleted is that the room was taken away.
type RoomDeleted struct{ At time.Time }

func (f RoomDeleted) keep(r Record) Record {
	r.Deleted = f.At
	return r
}

func (f RoomDeleted) news(before, after Record, c Cause) []event.Event {
	if !before.Deleted.IsZero() {
		return nil
	}
	return []event.Event{settingsNews(event.RoomDeleted, after, c)}
}
