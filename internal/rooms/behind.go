package rooms

import (
	"overtime/internal/bus"
	"overtime/internal/protocol"
)

// mostOwed is with how many comings and goings that the record does not know yet
// nobody new comes in: some 500 people who came and went while nothing could be
// saved. Who is inside can still leave, so that there are a few more; each is
// half a KiB.
const mostOwed = 1024

// errBehind is for whoever would be one too many for the record.
var errBehind = protocol.Error{
	Code:    protocol.CodeUnavailable,
	Message: "so many people came and went that the server cannot keep up just now; try again in a moment",
}

// behind reports whether the record is owed as much as it may be, and this person
// would add to it: who comes back to a place that is held for them does not.
func (a *actor) behind(e *bus.Entry, over bool) bool {
	return len(a.owed) >= mostOwed && !a.hasPlace(e, over)
}

// owe notes that the record does not say yet that somebody came, went, or is what
// a newer token says. Where much is owed only the last of what a person is counts.
func (a *actor) owe(c attendance) {
	if c.turn == isNow && len(a.owed) >= mostOwed {
		// Before maxPiece a write may hold what is there.
		for i := len(a.owed) - 1; i >= maxPiece && a.owed[i].turn == isNow; i-- {
			if a.owed[i].place.ID == c.place.ID {
				a.owed[i] = c
				return
			}
		}
	}
	a.owed = append(a.owed, c)
}
