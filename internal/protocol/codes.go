package protocol

import "overtime/internal/meeting"

// Code is a stable name for why a request was refused. The rules' own codes
// (meeting.Code) are codes here as well.
type Code string

const (
	CodeOver            = Code(meeting.CodeOver)
	CodeForbidden       = Code(meeting.CodeForbidden)
	CodeAlreadyExtended = Code(meeting.CodeAlreadyExtended)
	CodeNoWindow        = Code(meeting.CodeNoWindow)
	CodeBadMinutes      = Code(meeting.CodeBadMinutes)
	CodeNoTimeLeft      = Code(meeting.CodeNoTimeLeft)
	CodeTooLate         = Code(meeting.CodeTooLate)
	CodeBadRequest      = Code(meeting.CodeBadRequest)

	CodeBadMessage   Code = "bad_message"   // not JSON, wrong types, too large
	CodeUnknownType  Code = "unknown_type"  // a type this server does not know
	CodeNotJoined    Code = "not_joined"    // anything but hello and room.peek before hello
	CodeBadToken     Code = "bad_token"     // forged, damaged or for something else
	CodeExpiredToken Code = "expired_token" // good once; ask for a new link
	CodeRoomFull     Code = "room_full"     // as many people as the room takes
	CodeTooMany      Code = "too_many"      // too many messages or connections; slow down
	CodeUnavailable  Code = "unavailable"   // the server cannot do it now; try again
	CodeInternal     Code = "internal"      // our mistake
	CodeReplaced     Code = "replaced"      // the same person came in elsewhere
	CodeBadOffer     Code = "bad_offer"     // the SDP cannot be used
)

// CloseCode is the status with which the server closes a WebSocket
// (RFC 6455, 7.4; 4000 to 4999 are ours).
type CloseCode int

const (
	CloseNormal     CloseCode = 1000 // after session.leave
	CloseGoingAway  CloseCode = 1001 // the server stops; come back
	CloseRestart    CloseCode = 1012
	CloseBadMessage CloseCode = 4400 // several messages that are none
	CloseBadToken   CloseCode = 4401 // no hello in time, or a token that is no good
	CloseRemoved    CloseCode = 4403
	CloseSlow       CloseCode = 4408 // the browser does not read what it is sent
	CloseReplaced   CloseCode = 4409
	CloseOver       CloseCode = 4410
	CloseTooMany    CloseCode = 4429
)

// Retry reports whether a client should come back after a close with c.
func (c CloseCode) Retry() bool {
	switch c {
	case CloseNormal, CloseBadMessage, CloseBadToken, CloseRemoved, CloseReplaced, CloseOver:
		return false
	}
	return true
}
