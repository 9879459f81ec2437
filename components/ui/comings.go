package ui

import (
	"overtime/internal/client"
	"overtime/internal/words"
)

// Comings is who came and went, in words: by name while they are few.
func Comings(w *words.Catalogue, c client.Comings) string {
	joined, left := len(c.Joined), len(c.Left)
	switch {
	case left == 0:
		return w.Say("came.joined", words.Count("joined", joined),
			words.Text("joiner", nth(c.Joined, 0)), words.Text("second_joiner", nth(c.Joined, 1)))
	case joined == 0:
		return w.Say("came.left", words.Count("left", left),
			words.Text("leaver", nth(c.Left, 0)), words.Text("second_leaver", nth(c.Left, 1)))
	}
	return w.Say("came.both", words.Count("joined", joined),
		words.Text("joiner", nth(c.Joined, 0)), words.Text("second_joiner", nth(c.Joined, 1)),
		words.Count("left", left), words.Text("leaver", nth(c.Left, 0)), words.Text("second_leaver", nth(c.Left, 1)))
}

// nth is the nth name, empty if there are fewer.
func nth(names []string, n int) string {
	if n < len(names) {
		return names[n]
	}
	return ""
}
