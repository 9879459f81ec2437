package auth

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// PassLife is how long a pass holds from the last time that its holder was
	// heard: as long as the ticket that it stands for did.
	PassLife = MaxTicketLife
	// MaxPassLife is how long after a ticket was made no pass for it holds any
	// more, however often its holder was heard: as long as the longest meeting.
	MaxPassLife = 24 * time.Hour
)

// Pass stands for a ticket that was shown in time, so that whoever waits, in the
// lobby or at the door, keeps what they had for as long as they are there. Waiting
// names their place in line.
func (k *Keyring) Pass(t Ticket) (string, error) {
	now := k.Now()
	until := now.Add(PassLife)
	if last := t.IssuedAt.Add(MaxPassLife); !t.Invite && last.Before(until) {
		until = last
	}
	return k.sign(claims{
		Room: t.Room, Role: t.Role, Name: t.Name, Link: t.Link, Invite: t.Invite, Waiting: t.Waiting,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audiencePass}, Subject: t.Sub, ID: t.ID,
			IssuedAt: jwt.NewNumericDate(t.IssuedAt), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(until),
		},
	})
}

// pass is t, which a pass says, with what passes alone say.
func (c claims) pass(t Ticket) (Ticket, bool) {
	if c.ExpiresAt == nil || !c.Invite && c.life() > MaxPassLife {
		return Ticket{}, false
	}
	t.Invite, t.Waiting, t.ExpiresAt = c.Invite, c.Waiting, c.ExpiresAt.Time
	return t, true
}
