package client

import (
	"cmp"
	"slices"

	"overtime/internal/protocol"
)

// hands are the presses on the hand; who has raised one, and since when, is in the
// roster.
type hands struct {
	presses *presses
	raising bool // a press on one's own waits for its answer
}

// raise raises one's own hand, or lowers it.
func (h *hands) raise(i RaiseHand) {
	m := protocol.SetAttribute{Name: protocol.AttributeHand}
	if i.Up {
		m.Value = protocol.HandUp
	}
	switch {
	case i.Then != nil:
		h.presses.inside(m, i.Then)
	case !h.raising && h.presses.can():
		h.raising = true
		h.presses.lasting(m, func(protocol.ServerMessage) { h.raising = false })
	}
}

// lower lowers somebody else's, or everybody's, as m says.
func (h *hands) lower(m protocol.ClientMessage, then func(Outcome)) {
	switch {
	case then != nil:
		h.presses.inside(m, then)
	case h.presses.can():
		h.presses.lasting(m, func(protocol.ServerMessage) {})
	}
}

func (h *hands) forget() { h.raising = false }

// handsOf gives whoever raised a hand their place in the order of it, from 1. The
// server's instants are written so that they sort as texts do.
func handsOf(people []protocol.Person) map[string]int {
	var raised []protocol.Person
	for _, p := range people {
		if p.Attributes[protocol.AttributeHand] != "" {
			raised = append(raised, p)
		}
	}
	slices.SortStableFunc(raised, func(a, b protocol.Person) int {
		return cmp.Compare(a.Attributes[protocol.AttributeHand], b.Attributes[protocol.AttributeHand])
	})
	order := make(map[string]int, len(raised))
	for i, p := range raised {
		order[p.ID] = i + 1
	}
	return order
}
