package rooms

import (
	"time"

	"overtime/internal/protocol"
)

// crowd is what decides whether one more person fits into a room.
type crowd struct {
	capacity int
	people   []*person
	// displaced are those who may still come back although the room is full.
	displaced int
	// returns: it is one of them who comes.
	returns bool
	// settled: the room has been open for as long as a place is held. Before that
	// every place is without a connection, since its people are on their way back.
	settled bool
}

// admit reports whether there is room, and who makes it; nil is nobody. A place
// without a connection makes room in a full room: of those whose page was closed
// the one that was lost first, then of the others. Since each of them may come
// back for a while, there are never more than twice as many people as the room
// takes.
func (c crowd) admit() (out *person, fits bool) {
	switch {
	case len(c.people) < c.capacity, c.returns:
		return nil, true
	case !c.settled, len(c.people) > c.capacity, len(c.people)+c.displaced >= 2*c.capacity:
		return nil, false
	}
	for _, p := range c.people {
		if p.conn == "" && (out == nil || p.heldUntil().Before(out.heldUntil())) {
			out = p
		}
	}
	return out, out != nil
}

// crowd is the room's, for sub who comes in.
func (a *actor) crowd(sub string) crowd {
	now := a.now()
	until := map[string]time.Time{} // by sub
	for _, f := range a.have.Former {
		until[f.Who()] = f.Displaced
	}
	for _, o := range a.owed {
		until[o.place.Sub] = o.displaced // zero for whoever came
	}
	c := crowd{
		capacity: a.have.Room.Capacity, people: a.people.list,
		returns: until[sub].After(now), settled: a.gathered(now),
	}
	for _, at := range until {
		if at.After(now) {
			c.displaced++
		}
	}
	return c
}

// gathered reports whether the room has been open for as long as a place is held:
// whoever was here before has come back.
func (a *actor) gathered(now time.Time) bool { return now.Sub(a.began) >= protocol.PlaceHeld }
