package room

// crowd is what decides whether one more person fits into a room.
type crowd struct {
	capacity int
	people   Roster
	// displaced are those who may still come back although the room is full.
	displaced int
	// returns: it is one of them who comes.
	returns bool
	// gathered: the room has been open for as long as a place is held. Before that
	// every place is without a connection, since its people are on their way back.
	gathered bool
}

// admit reports whether there is room, and who makes it; an empty id is nobody. A
// place without a connection makes room in a full room: of those whose page was
// closed the one that was lost first, then of the others. Since each of them may
// come back for a while, there are never more than twice as many people as the
// room takes.
func (c crowd) admit() (out Person, fits bool) {
	switch {
	case len(c.people) < c.capacity, c.returns:
		return Person{}, true
	case !c.gathered, len(c.people) > c.capacity, len(c.people)+c.displaced >= 2*c.capacity:
		return Person{}, false
	}
	for _, p := range c.people {
		if p.Conn == "" && (out.ID == "" || p.HeldUntil().Before(out.HeldUntil())) {
			out = p
		}
	}
	return out, out.ID != ""
}
