package rooms

import (
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/store"
)

// attendance is somebody's coming or going, or what they are by a newer token,
// as the record is to say it. Nobody waits at the door for that: people come in
// while the store is away. What the record is owed goes into its next change,
// whatever that is for, in order and before it; so whoever changes something
// about a person finds them there.
type attendance struct {
	doing
	session int // its number
	place   store.Place
	turn    turn
}

type turn int

const (
	comes turn = iota
	isNow      // what the place says, if they still have it
	goes
)

func (a *actor) attend(c attendance) {
	if a.running() == nil {
		return // nobody has a place in a session that is over
	}
	c.session = a.have.Session.Number
	a.owed = append(a.owed, c)
	a.settle()
}

// settlePause leaves the store to others after it failed: nobody waits for this.
const settlePause = 5 * time.Second

// settle makes a change for what the record is owed, unless one is under way.
func (a *actor) settle() {
	if a.settling || len(a.owed) == 0 || a.now().Before(a.settleAgain) {
		return
	}
	a.settling = true
	a.commit(doing{}, unchanged, func(err error) {
		a.settling = false
		if err != nil {
			a.settleAgain = a.now().Add(settlePause)
			return
		}
		a.settle()
	})
}

// paid is r with what it was owed.
func paid(r store.Record, owed []attendance) store.Record {
	for _, c := range owed {
		r = tellAll(r, c.in(r), c.doing)
	}
	return r
}

// in is r with it.
func (c attendance) in(r store.Record) store.Record {
	if r.Session == nil || r.Session.Number != c.session || r.Session.Ending != nil {
		return r
	}
	there := placeIn(r.People, c.place.ID) != nil
	switch {
	case c.turn == goes:
		r.People = slices.DeleteFunc(slices.Clone(r.People), func(p store.Place) bool { return p.ID == c.place.ID })
		return r
	case c.turn == comes && !there:
		r.People = append(slices.Clip(r.People), c.place)
	case c.turn == isNow && there:
		r.People = slices.Clone(r.People)
		*placeIn(r.People, c.place.ID) = c.place
	default:
		return r
	}
	return r.Holding(c.place.Sub, c.place.Role)
}

// restore gives everybody their place back whom the record knows, after a
// restart or from another process. They have as long to come back as if their
// connection had just been lost.
func (a *actor) restore() {
	if a.running() == nil {
		return
	}
	for _, place := range a.have.People {
		p := personAt(place)
		p.lostAt = a.now()
		a.seat(p)
		a.people.add(p)
	}
}

// cameIn is for the audit, which alone is told where from.
func cameIn(p *person) doing { return doing{at: p.joined, who: event.Who{Address: p.address}} }
