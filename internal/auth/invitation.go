package auth

import (
	"time"

	"overtime/internal/meeting"
)

// invitationLife is how long after a room was made its invitations let people
// join: long enough for any meeting planned ahead, and for its extensions.
const invitationLife = 60 * 24 * time.Hour

// Invitation is the link that lets anybody join the room in a role, as a path
// on this server; who asks again gets the same. The token is in the fragment,
// which stays out of logs.
func (k *Keyring) Invitation(room meeting.Room, role meeting.Role) (path string, err error) {
	token, err := k.Ticket(Ticket{
		Room: room.ID, Role: role, IssuedAt: room.CreatedAt, ExpiresAt: room.CreatedAt.Add(invitationLife),
	})
	if err != nil {
		return "", err
	}
	return "/r/" + room.ID + "#" + token, nil
}
