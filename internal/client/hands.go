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
func (h *hands) raise(up bool) {
	if h.raising || !h.presses.can() {
		return
	}
	h.raising = true
	m := protocol.SetAttribute{Name: protocol.AttributeHand}
	if up {
		m.Value = protocol.HandUp
	}
	h.presses.lasting(m, func(protocol.ServerMessage) { h.raising = false })
}

// lower lowers somebody else's.
func (h *hands) lower(participant string) {
	if h.presses.can() {
		h.presses.lasting(protocol.SetAttribute{Name: protocol.AttributeHand, Participant: participant}, func(protocol.ServerMessage) {})
	}
}

// lowerAll lowers everybody's.
func (h *hands) lowerAll() {
	if h.presses.can() {
		h.presses.lasting(protocol.LowerHands{}, func(protocol.ServerMessage) {})
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
