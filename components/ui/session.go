package ui

import (
	"time"

	"overtime/internal/client"
)

// Session is what the parts of a page need of the meeting's session: where
// presses go, and the time that countdowns derive from.
type Session interface {
	Do(client.Intent)
	// Now is the server's time as well as this tab knows it.
	Now() time.Time
	Zone
}
