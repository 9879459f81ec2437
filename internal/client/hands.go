package client

import (
	"cmp"
	"slices"

	"overtime/internal/protocol"
)

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
