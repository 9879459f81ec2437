package room

import (
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Cause is whose doing a change is, and when it was asked for.
type Cause struct {
	Who event.Who
	At  time.Time
	Why protocol.LeftReason // of whoever leaves with it
}

// PresenceChange is somebody's coming or going, or what they are by a newer token,
// as the record is to say it. It is Kept, behind what people see: nobody waits at
// the door for the store.
type PresenceChange struct {
	Cause   Cause
	Session int // its number
	Place   Place
	Turn    Turn
	// Displaced is until when whoever goes may come back to a full room.
	Displaced time.Time
}

// Turn is what a PresenceChange says of a person.
type Turn int

const (
	Comes Turn = iota
	IsNow      // what the place says, if they still have it
	Goes
)

// keep is r with it.
func (c PresenceChange) keep(r Record) Record {
	if r.Session == nil || r.Session.Number != c.Session || r.Session.Ending != nil {
		return r
	}
	there := placeIn(r.People, c.Place.ID) != nil
	switch {
	case c.Turn == Goes && there:
		r.People = slices.DeleteFunc(slices.Clone(r.People), func(p Place) bool { return p.ID == c.Place.ID })
		if c.Cause.Why == protocol.LeftRemoved {
			return r
		}
		return r.Leaving(c.former())
	case c.Turn == Comes && !there:
		r.People = append(slices.Clip(r.People), c.Place)
	case c.Turn == IsNow && there:
		r.People = slices.Clone(r.People)
		*placeIn(r.People, c.Place.ID) = c.Place
	default:
		return r
	}
	return r.Returned(c.Place.Sub).Holding(c.Place.Sub, c.Place.Role)
}

func (c PresenceChange) news(before, after Record, cause Cause) []event.Event {
	return placeNews(before, after, c.Place.ID, cause)
}

// former is what is remembered of whoever goes.
func (c PresenceChange) former() Former {
	return Former{ID: c.Place.ID, Sub: c.Place.Sub, Ticket: c.Place.Ticket, Left: c.Cause.Why == protocol.LeftByChoice, Displaced: c.Displaced}
}

const (
	// mostPending is with how many comings and goings that the record does not know
	// yet nobody new comes in: some 500 people who came and went while nothing could
	// be saved. Who is inside can still leave, so that there are a few more; each is
	// half a KiB.
	mostPending = 1024
	// MaxBatch is how many of them one change of the record takes.
	MaxBatch = 64
)

// Pending are the changes of presence that the record does not know yet, oldest
// first.
type Pending []PresenceChange

// with is p with one more. Where there are many only the last of what a person is
// counts.
func (p Pending) with(c PresenceChange) Pending {
	if c.Turn == IsNow && len(p) >= mostPending {
		// Before MaxBatch a write may hold what is there.
		for i := len(p) - 1; i >= MaxBatch && p[i].Turn == IsNow; i-- {
			if p[i].Place.ID == c.Place.ID {
				p = slices.Clone(p)
				p[i] = c
				return p
			}
		}
	}
	return append(slices.Clip(p), c)
}

// last is the newest change of sub.
func (p Pending) last(sub string) (c PresenceChange, found bool) {
	for _, c := range slices.Backward(p) {
		if c.Place.Sub == sub {
			return c, true
		}
	}
	return PresenceChange{}, false
}

// has reports whether there is one about a place.
func (p Pending) has(id string) bool {
	return slices.ContainsFunc(p, func(c PresenceChange) bool { return c.Place.ID == id })
}

// putOff is p without whoever is first, who comes last: a record that is full may
// have room for the others. All of one person move, in whatever places: their
// order says who has which role.
func (p Pending) putOff() Pending {
	if len(p) == 0 {
		return p
	}
	var first, others Pending
	for _, c := range p {
		if c.Place.Sub == p[0].Place.Sub {
			first = append(first, c)
		} else {
			others = append(others, c)
		}
	}
	return append(others, first...)
}

// held is p in which nothing brings back another role of sub than this one.
func (p Pending) held(sub string, role meeting.Role) Pending {
	p = slices.Clone(p)
	for i := range p {
		if p[i].Place.Sub == sub {
			p[i].Place.Role = role
		}
	}
	return p
}

// MostEvents is with how many events in the outbox a record takes no comings and
// goings any more. They are some 400 bytes each; what is left of the record is for
// people and for what cannot wait.
const MostEvents = 64

// Batch is what one change of the record takes of what is pending.
type Batch struct {
	changes Pending
	// Flushed is how many it took with the last try.
	Flushed int
}

// Batch is the oldest of p, so many at most.
func (p Pending) Batch(most int) *Batch { return &Batch{changes: p[:min(most, len(p))]} }

// Flush is r with as much of the batch as there is room for.
func (b *Batch) Flush(r Record) Record {
	for b.Flushed = 0; b.Flushed < len(b.changes) && len(r.Outbox) < MostEvents; b.Flushed++ {
		c := b.changes[b.Flushed]
		r = Keep(r, c.Cause, c)
	}
	return r
}
