package rooms

import (
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/store"
)

// attendance is somebody's coming or going, as the record is to say it. Nobody
// waits at the door for that: people come in while the store is away. What the
// record is owed goes into its next change, whatever that is for, in order and
// before it; so whoever changes something about a person finds them there.
type attendance struct {
	doing
	session int // its number
	place   store.Place
	gone    bool
}

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

// in is r with the coming or going.
func (c attendance) in(r store.Record) store.Record {
	there := placeIn(r.People, c.place.ID) != nil
	switch {
	case r.Session == nil || r.Session.Number != c.session || r.Session.Ending != nil:
	case there != c.gone:
	case c.gone:
		r.People = slices.DeleteFunc(slices.Clone(r.People), func(p store.Place) bool { return p.ID == c.place.ID })
	default:
		r.People = append(slices.Clip(r.People), c.place)
	}
	return r
}

// restore gives everybody their place back whom the record knows, after a
// restart or from another process. They have as long to come back as if their
// connection had just been lost.
func (a *actor) restore() {
	if a.running() == nil {
		return
	}
	for _, place := range a.have.People {
		p := &person{
			id: place.ID, sub: place.Sub, name: place.Name, role: place.Role,
			ticket: place.Ticket, joined: place.JoinedAt, lostAt: a.now(),
		}
		a.seat(p)
		a.people.add(p)
	}
}

// cameIn is for the audit, which alone is told where from.
func cameIn(p *person) doing { return doing{at: p.joined, who: event.Who{Address: p.address}} }
