package client

import (
	"cmp"
	"slices"

	"overtime/internal/protocol"
)

// handsOf gives whoever raised a hand their place in the order of it, from 1. The
// server's instants are written so that they sort as texts do.
func handsOf(people []protocol.Person) map[string]int {
	since := func(p protocol.Person) string { return p.Attributes[protocol.AttributeHand] }
	raised := slices.DeleteFunc(slices.Clone(people), func(p protocol.Person) bool { return since(p) == "" })
	slices.SortStableFunc(raised, func(a, b protocol.Person) int { return cmp.Compare(since(a), since(b)) })
	order := make(map[string]int, len(raised))
	for i, p := range raised {
		order[p.ID] = i + 1
	}
	return order
}
