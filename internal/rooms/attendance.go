package rooms

import (
	"errors"
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/store"
)

// attendance is somebody's coming or going, as the record is to say it. Nobody
// waits at the door for that: people come in while the store is away, and what
// the record owes is written in order once it is back.
type attendance struct {
	doing
	place store.Place
	gone  bool
}

// settlePause leaves the store to others after it failed: nobody waits for this.
const settlePause = 5 * time.Second

func (a *actor) attend(c attendance) {
	a.owed = append(a.owed, c)
	a.settle()
}

// settle writes the first of what is owed; its outcome brings the next.
func (a *actor) settle() {
	if a.settling || len(a.owed) == 0 || a.running() == nil || a.now().Before(a.settleAgain) {
		return
	}
	a.settling = true
	c, number := a.owed[0], a.have.Session.Number
	a.commit(c.doing, func(r store.Record) (store.Record, error) {
		if r.Session == nil || r.Session.Number != number || r.Session.Ending != nil {
			return r, store.ErrUnchanged // nobody has a place in it any more
		}
		return c.in(r)
	}, func(err error) {
		a.settling = false
		if errors.Is(err, store.ErrUnavailable) || errors.Is(err, errFenced) {
			a.settleAgain = a.now().Add(settlePause)
			return // tried again, or the next owner's
		}
		if err != nil {
			a.log.Error("the record could not be told who is here", "error", err)
		}
		if len(a.owed) > 0 {
			a.owed = a.owed[1:]
		}
		a.settle()
	})
}

// in is r with the coming or going.
func (c attendance) in(r store.Record) (store.Record, error) {
	there := placeIn(r.People, c.place.ID) != nil
	switch {
	case there != c.gone:
		return r, store.ErrUnchanged
	case c.gone:
		r.People = slices.DeleteFunc(slices.Clone(r.People), func(p store.Place) bool { return p.ID == c.place.ID })
	case slices.Contains(r.Removed, c.place.Sub):
		return r, store.ErrUnchanged // removed before the record knew them
	default:
		r.People = append(slices.Clip(r.People), c.place)
	}
	return r, nil
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
