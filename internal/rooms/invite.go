package rooms

import (
	"time"

	"overtime/internal/auth"
	"overtime/internal/meeting"
)

// invitationLife is how long an invitation lets people join: long enough for
// any meeting planned ahead, and for its extensions.
const invitationLife = 60 * 24 * time.Hour

// GuestPath is the link that lets anybody join as a participant, as a path on
// this server. The token is in the fragment, which stays out of logs.
func GuestPath(secrets Secrets, room meeting.Room, now time.Time) (string, error) {
	return invitation(secrets, room, meeting.RoleParticipant, now)
}

// ModeratorPath is the link of whoever made the room.
func ModeratorPath(secrets Secrets, room meeting.Room, now time.Time) (string, error) {
	return invitation(secrets, room, meeting.RoleModerator, now)
}

func invitation(secrets Secrets, room meeting.Room, role meeting.Role, now time.Time) (string, error) {
	token, err := secrets.Ticket(auth.Ticket{Room: room.ID, Role: role, IssuedAt: now, ExpiresAt: now.Add(invitationLife)})
	if err != nil {
		return "", err
	}
	return "/r/" + room.ID + "#" + token, nil
}
