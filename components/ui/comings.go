package ui

import (
	"strings"

	"overtime/internal/client"
)

// Comings is who came and went, in words: by name while they are few.
func Comings(c client.Comings) string {
	var parts []string
	for _, p := range []struct {
		names []string
		did   string
	}{{c.Joined, " joined"}, {c.Left, " left"}} {
		switch n := len(p.names); {
		case n == 1:
			parts = append(parts, p.names[0]+p.did)
		case n == 2:
			parts = append(parts, p.names[0]+" and "+p.names[1]+p.did)
		case n > 2:
			parts = append(parts, People(n)+p.did)
		}
	}
	return strings.Join(parts, ", ") + "."
}
