package auth

import (
	"errors"
	"time"

	"overtime/internal/meeting"
)

// Ticket is what a join token says: this room, this role, perhaps this person.
type Ticket struct {
	Room string
	Role meeting.Role
	// Name as others will read it; empty for an invitation, whose holder
	// types one.
	Name string
	// Sub is the person; empty for an invitation, for whose holders the
	// server makes one at each admission.
	Sub string
	// IssuedAt and ExpiresAt bound joining only; neither ever ends a session.
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
