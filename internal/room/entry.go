package room

import (
	"time"

	"overtime/internal/meeting"
)

// Entry is a verified identity.
type Entry struct {
	Role meeting.Role `json:"role"`
	Name string       `json:"name,omitempty"`
	Sub  string       `json:"sub,omitempty"`
	// Expired: the ticket was good once. It still learns that a room is over.
	Expired bool `json:"expired,omitempty"`
	// Participant and Session are set by a resume secret.
	Participant string `json:"participant,omitempty"`
	Session     int    `json:"session,omitempty"`
	// Crowd: the secret is one of too many from its network. It leads back to a
	// place that is held, and makes none anew.
	Crowd bool `json:"crowd,omitempty"`
	// Ticket is the token's id; empty for an invitation, which has the count of
	// renewals that its link is of instead.
	Ticket string `json:"ticket,omitempty"`
	Invite bool   `json:"invite,omitempty"`
	Link   int    `json:"link,omitempty"`
	// Issued is when the token was made that was shown first, Waiting the place in
	// line of whoever shows a pass instead.
	Issued  time.Time `json:"issued,omitzero"`
	Waiting string    `json:"waiting,omitempty"`
	// Address is the network's, for the audit.
	Address string `json:"address,omitempty"`
	// Again is who the same browser was in this room, by a secret that it kept.
	// It counts if nobody has that place now.
	Again *Entry `json:"again,omitempty"`
}
