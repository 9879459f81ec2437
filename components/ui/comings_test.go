package ui_test

import (
	"testing"

	"overtime/components/ui"
	"overtime/internal/client"
)

func TestComingsInWords(t *testing.T) {
	for want, c := range map[string]client.Comings{
		"Noor joined.":                    {Joined: []string{"Noor"}},
		"Noor and Jun joined.":            {Joined: []string{"Noor", "Jun"}},
		"4 people joined.":                {Joined: []string{"A", "B", "C", "D"}},
		"Jun left.":                       {Left: []string{"Jun"}},
		"3 people joined, Noor left.":     {Joined: []string{"A", "B", "C"}, Left: []string{"Noor"}},
		"Noor joined, A and B left.":      {Joined: []string{"Noor"}, Left: []string{"A", "B"}},
		"3 people joined, 5 people left.": {Joined: make([]string, 3), Left: make([]string, 5)},
	} {
		if got := ui.Comings(nil, c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
