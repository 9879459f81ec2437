package rooms

import (
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// attendance is somebody's coming or going, or what they are by a newer token,
// as the record is to say it. Nobody waits at the door for that: people come in
// while the store is away. What the record is owed goes into its next change,
// whatever that is for, in order and before it; so whoever changes something
// about a person finds them there. After a long time without a store it takes
// several changes.
type attendance struct {
	doing
	session int // its number
	place   store.Place
	turn    turn
	// displaced is until when whoever goes may come back to a full room.
	displaced time.Time
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
	a.owe(c)
	a.settle()
}

// settlePause leaves the store to others after it failed: nobody waits for this.
const settlePause = 5 * time.Second

const (
	// mostTold is with how many events in the outbox a record takes no comings
	// and goings any more. They are some 400 bytes each; what is left of the
	// record is for people and for what cannot wait.
	mostTold = 64
	// maxPiece is how much of what is owed one change pays.
	maxPiece = 64
)

// settle makes a change for what the record is owed, unless one is under way or
// there are too many events to be passed on first.
func (a *actor) settle() {
	told := len(a.have.PassedOn(a.passed).Outbox)
	if a.settling || len(a.owed) == 0 || told >= mostTold || a.now().Before(a.settleAgain) {
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

// settled: so much of what was owed is in the record.
func (a *actor) settled(paid int) {
	if paid == 0 {
		return
	}
	a.owed = a.owed[min(paid, len(a.owed)):]
	a.onePiece = min(2*a.onePiece, maxPiece)
	a.settledAt, a.settleAgain = a.now(), time.Time{}
}

// fits makes what is owed fit into a record that is full: in smaller pieces, and
// then without whoever is first, so that those behind them may go.
func (a *actor) fits() {
	a.settleAgain = a.now().Add(settlePause)
	if a.onePiece > 1 {
		a.onePiece /= 2
		return
	}
	first := a.owed[0].place.Sub // in whatever places: their order says who has which role
	isFirst := func(c attendance) bool { return c.place.Sub == first }
	later := slices.DeleteFunc(slices.Clone(a.owed), func(c attendance) bool { return !isFirst(c) })
	a.owed = append(slices.DeleteFunc(slices.Clone(a.owed), isFirst), later...)
}

// payment is what a change may pay of what the record is owed. It belongs to
// the goroutine that writes.
type payment struct {
	owed []attendance
	paid int // of owed, with the last try
}

func (a *actor) piece() *payment { return &payment{owed: a.owed[:min(a.onePiece, len(a.owed))]} }

// pay is r with as much as there is room for.
func (p *payment) pay(r store.Record) store.Record {
	for p.paid = 0; p.paid < len(p.owed) && len(r.Outbox) < mostTold; p.paid++ {
		c := p.owed[p.paid]
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
	case c.turn == goes && there:
		r.People = slices.DeleteFunc(slices.Clone(r.People), func(p store.Place) bool { return p.ID == c.place.ID })
		if c.why == protocol.LeftRemoved {
			return r
		}
		return r.Leaving(c.former())
	case c.turn == comes && !there:
		r.People = append(slices.Clip(r.People), c.place)
	case c.turn == isNow && there:
		r.People = slices.Clone(r.People)
		*placeIn(r.People, c.place.ID) = c.place
	default:
		return r
	}
	return r.Returned(c.place.Sub).Holding(c.place.Sub, c.place.Role)
}

// former is what is remembered of whoever goes.
func (c attendance) former() store.Former {
	return store.Former{ID: c.place.ID, Sub: c.place.Sub, Ticket: c.place.Ticket, Left: c.why == protocol.LeftByChoice, Displaced: c.displaced}
}

// restore gives everybody their place back whom the record knows, after a
// restart or from another process. They have as long to come back as if their
// connection had just been lost.
func (a *actor) restore() {
	if a.running() == nil {
		return
	}
	for _, place := range a.have.People {
		a.seatLost(place)
	}
}

func (a *actor) seatLost(place store.Place) *person {
	p := personAt(place)
	p.lostAt, p.held = a.now(), protocol.PlaceHeld
	a.seat(p)
	a.people.add(p)
	return p
}

// seatUnknown does the same for a place that came into the record without anybody
// here: whose connection ended while their session's start was written, whose
// start turned out to be written, who was let go from an end that did not hold.
// If nobody comes, they are lost after a while, and the record is told.
func (a *actor) seatUnknown(after store.Record) {
	if s := a.running(); s == nil || s.Over(a.now()) {
		return
	}
	for _, place := range after.People {
		if a.people.byID(place.ID) == nil && !a.owes(place.ID) {
			a.publish(protocol.PersonJoined{Person: a.seatLost(place).wire()})
		}
	}
}

// owes reports whether the record does not know yet of somebody's last coming or
// going.
func (a *actor) owes(id string) bool {
	return slices.ContainsFunc(a.owed, func(c attendance) bool { return c.place.ID == id })
}

// cameIn is for the audit, which alone is told where from.
func cameIn(p *person) doing { return doing{at: p.joined, who: event.Who{Address: p.address}} }
