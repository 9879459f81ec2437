package auth

import (
	"github.com/golang-jwt/jwt/v5"

	"overtime/internal/meeting"
)

// Invitation is the link that lets anybody join the room in a role, as a path
// on this server; who asks again gets the same, until the room's links are
// renewed or the key changes. It holds as long as the room does, which decides
// at each admission. The token is in the fragment, which stays out of logs.
func (k *Keyring) Invitation(room meeting.Room, role meeting.Role) (path string, err error) {
	made := jwt.NewNumericDate(room.CreatedAt)
	token, err := k.sign(claims{
		Room: room.ID, Role: role, Link: room.Links,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audienceInvite}, IssuedAt: made, NotBefore: made,
		},
	})
	if err != nil {
		return "", err
	}
	return "/r/" + room.ID + "#" + token, nil
}
