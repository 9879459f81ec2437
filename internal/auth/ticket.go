package auth

import (
	"errors"
	"time"

	"overtime/internal/meeting"
)

// MaxTicketLife is the longest that a personal ticket lets its holder join,
// counted from when it was made. What lives longer is an invitation.
const MaxTicketLife = 15 * time.Minute

// Ticket is what a join token says: this room, this role, perhaps this person.
// It is personal (see Keyring.Ticket) or an invitation (Keyring.Invitation).
type Ticket struct {
	// ID names this token and no other; empty for an invitation, which is the
	// same token for everybody.
	ID   string
	Room string
	Role meeting.Role
	// Name as others will read it; empty where its holder types one, as all
	// holders of an invitation do.
	Name string
	// Sub is the person; empty for an invitation, for whose holders the
	// server makes one at each admission.
	Sub string
	// Invite marks an invitation. Link is how often the room's links had been
	// renewed when it was made (see meeting.Room); the room knows whether that
	// still lets anybody in.
	Invite bool
	Link   int
	// Waiting is of a pass: the place in line of whoever waits to be let in.
	Waiting string
	// IssuedAt and ExpiresAt bound joining only; neither ever ends a session.
	// An invitation has no ExpiresAt: it holds as long as its room.
	IssuedAt, ExpiresAt time.Time
}

// Place is what a resume secret says: this person's place in this session.
// It holds until that session ends, so it carries no expiry.
type Place struct {
	Room        string
	Session     int // the session's number
	Participant string
	Sub         string
	Name        string
	Role        meeting.Role
}

var (
	// ErrInvalid is returned for a token that is forged, damaged, made for
	// another purpose or not meant for now.
	ErrInvalid = errors.New("auth: the token is not valid")
	// ErrExpired is returned, together with the ticket, for a token that was
	// good once.
	ErrExpired = errors.New("auth: the token has expired")
)
