// Package event is the vocabulary of what happened in a room, as portals and
// the audit are told of it.
//
// Events are made by rooms, kept in the record's outbox by store until they are
// passed on, and taken by webhook and audit. It must not know how they travel.
package event

import (
	"encoding/json"
	"slices"
	"time"

	"overtime/internal/meeting"
)

// Kind names what happened.
type Kind string

// What portals are told by webhook.
const (
	SessionStarted    Kind = "session.started"
	ParticipantJoined Kind = "participant.joined"
	ParticipantLeft   Kind = "participant.left"
	WindowOpened      Kind = "window.opened"
	SessionExtended   Kind = "session.extended"
	SessionEnded      Kind = "session.ended"
)

// What portals are told if they name it, and may miss some of. Of what somebody does
// about another's hand the audit is told, too.
const (
	HandRaised    Kind = "participant.hand_raised"
	HandLowered   Kind = "participant.hand_lowered"
	ScreenShared  Kind = "screen.shared"
	ScreenStopped Kind = "screen.stopped"
	ChatMessage   Kind = "chat.message"
)

// Optional are the kinds that portals have to name.
func Optional() []Kind {
	return []Kind{HandRaised, HandLowered, ScreenShared, ScreenStopped, ChatMessage}
}

// Optional reports whether portals have to name it.
func (k Kind) Optional() bool { return slices.Contains(Optional(), k) }

// What is for the audit alone.
const (
	RoomCreated        Kind = "room.created"
	RoomChanged        Kind = "room.changed"
	RoomDeleted        Kind = "room.deleted"
	LinkRenewed        Kind = "link.renewed"
	ParticipantChanged Kind = "participant.changed" // a newer token gave somebody another role, name or ticket
	ParticipantDenied  Kind = "participant.denied"  // somebody was not let in, or is removed, by a moderator or the portal
	ParticipantRefused Kind = "participant.refused" // somebody was not let in, or may not do what they asked
	TokenMade          Kind = "token.made"
	APIRefused         Kind = "api.refused"
	WebhookDropped     Kind = "webhook.dropped"
	RoomSwept          Kind = "room.swept"    // it was over for longer than rooms are kept
	SessionSwept       Kind = "session.swept" // so was one session of a reusable room
	ChatDeleted        Kind = "chat.deleted"  // a moderator, or the portal, took a message's text away
	ChatSwept          Kind = "chat.swept"    // what was written in a session
)

// Hook reports whether portals are told of it without asking.
func (k Kind) Hook() bool {
	switch k {
	case SessionStarted, ParticipantJoined, ParticipantLeft, WindowOpened, SessionExtended, SessionEnded:
		return true
	}
	return false
}

// Event is one thing that happened in a room.
type Event struct {
	// ID is the room's and the event's number in it, comings and goings being
	// numbered by themselves: the same however often it is passed on, so that whoever
	// gets it twice can tell.
	ID   string          `json:"id"`
	Kind Kind            `json:"type"`
	At   time.Time       `json:"at"`
	Room string          `json:"room"`
	Data json.RawMessage `json:"data,omitempty"` // what portals are told, ready made
	// Whole is Data with the ledger of the session that ended, for portals; it
	// is made as the event is passed on. Empty: Data says all.
	Whole json.RawMessage `json:"-"`
	Who   Who             `json:"who,omitzero"`
	// Epoch of the room's owner that raised it.
	Epoch uint64 `json:"epoch,omitempty"`
}

// Who is whose doing it was, for the audit: portals are not told addresses.
type Who struct {
	Sub     string       `json:"sub,omitempty" doc:"what the server knows a person by"`
	Name    string       `json:"name,omitempty" doc:"their name"`
	Role    meeting.Role `json:"role,omitempty" doc:"what they might do; service for an API key"`
	Ticket  string       `json:"ticket,omitempty" doc:"the id of their token"`
	Address string       `json:"address,omitempty" doc:"the network that it came from"`
	Key     string       `json:"key,omitempty" doc:"the id of the API key; operator for whoever runs the server"`
	Op      string       `json:"op,omitempty" doc:"the id of what was asked, as the asker gave it: a portal's has the key's id before its Idempotency-Key"`
}
