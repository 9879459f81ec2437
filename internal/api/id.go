package api

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// idLength is that of a room's id: 60 bits in letters that are easy to read out.
const idLength = 12

// newRoomID is drawn at random.
func newRoomID() string { return strings.ToLower(rand.Text()[:idLength]) }

// roomIDOf is the id of the room that a portal names itself. One name is one id
// for good, so that whoever asks twice, or on two nodes at once, gets one room.
func roomIDOf(kind, name string) string {
	sum := sha256.Sum256([]byte("overtime room\x00" + kind + "\x00" + name))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:idLength])
}

// maxRoomID bounds a room's id, in bytes.
const maxRoomID = 64

// isRoomID reports whether an id can be a room's. It becomes a part of the
// store's keys and the bus's subjects, where dots and stars mean something.
func isRoomID(id string) bool {
	return id != "" && len(id) <= maxRoomID && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	})
}
