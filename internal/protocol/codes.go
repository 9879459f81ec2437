package protocol

import "overtime/internal/meeting"

// Code is a stable name for why a request was refused. The rules' own codes
// (meeting.Code) are codes here as well.
type Code string

const (
	CodeOver            = Code(meeting.CodeOver)            // the session has ended
	CodeForbidden       = Code(meeting.CodeForbidden)       // the role may not
	CodeAlreadyExtended = Code(meeting.CodeAlreadyExtended) // an extension has answered the named window; by, minutes and ends_at say which
	CodeNoWindow        = Code(meeting.CodeNoWindow)        // no extension window is open now; opens_at says when one does
	CodeBadMinutes      = Code(meeting.CodeBadMinutes)      // not a whole number from 10 to 30
	CodeNoTimeLeft      = Code(meeting.CodeNoTimeLeft)      // less than 10 minutes before the room's latest end
	CodeTooLate         = Code(meeting.CodeTooLate)         // at or after the room's latest end, no session starts
	CodeBadRequest      = Code(meeting.CodeBadRequest)      // anything that no correct program asks, or a name that is missing or too long

	CodeBadMessage   Code = "bad_message"    // not JSON, wrong types, too large
	CodeUnknownType  Code = "unknown_type"   // a type this server does not know
	CodeNotJoined    Code = "not_joined"     // anything but hello and room.peek before hello
	CodeBadToken     Code = "bad_token"      // forged, damaged or for something else
	CodeExpiredToken Code = "expired_token"  // good once; ask for a new link
	CodeRoomFull     Code = "room_full"      // as many people as the room takes
	CodeTooMany      Code = "too_many"       // too many messages or connections; slow down
	CodeUnavailable  Code = "unavailable"    // the server cannot do it now, and has not; try again
	CodeUnknown      Code = "unknown"        // it may have been done, nobody knows; see, then ask again under the same id
	CodeInternal     Code = "internal"       // our mistake
	CodeReplaced     Code = "replaced"       // the same person came in elsewhere
	CodeBadOffer     Code = "bad_offer"      // the SDP cannot be used
	CodeRemoved      Code = "removed"        // a moderator, or the portal, removed the person from this session
	CodeDenied       Code = "denied"         // a moderator did not let the person in
	CodeLocked       Code = "locked"         // nobody new is let in
	CodeNotFound     Code = "not_found"      // nobody, or nothing, goes by that name
	CodeManyRemoved  Code = "many_removed"   // so many were removed from this session that no more can be; lock the room instead
	CodeNetworkFull  Code = "network_full"   // as many people of one network as the server takes; one has to leave first
	CodeUnknownName  Code = "unknown_name"   // the server was not told that people reach it by that name
	CodeTooMuchMedia Code = "too_much_media" // the browser went on sending more sound or pictures than it may
	CodeChatOff      Code = "chat_off"       // nobody writes in this room
	CodeChatFull     Code = "chat_full"      // as much was written as the session, or the server, takes; what was written stays
)

// CloseCode is the status with which the server closes a WebSocket
// (RFC 6455, 7.4; 4000 to 4999 are ours).
type CloseCode int

const (
	CloseNormal       CloseCode = 1000 // after session.leave
	CloseGoingAway    CloseCode = 1001 // the server stops; come back
	CloseTooLarge     CloseCode = 1009 // a frame larger than any message may be
	CloseRestart      CloseCode = 1012 // the room moves to another process; come back
	CloseBadMessage   CloseCode = 4400 // several messages that are none
	CloseBadToken     CloseCode = 4401 // no hello in time, or a token that is no good
	CloseRemoved      CloseCode = 4403 // a moderator, or the portal, removed the person
	CloseDenied       CloseCode = 4404 // a moderator did not let the person in
	CloseSlow         CloseCode = 4408 // the browser does not read what it is sent
	CloseReplaced     CloseCode = 4409 // the same person came in elsewhere
	CloseOver         CloseCode = 4410 // the session has ended, or had before
	CloseTooMuchMedia CloseCode = 4413 // the browser went on sending more sound or pictures than it may
	CloseTooMany      CloseCode = 4429 // too many messages or connections
)

// Retry reports whether a client should come back after a close with c.
func (c CloseCode) Retry() bool {
	switch c {
	case CloseNormal, CloseTooLarge, CloseBadMessage, CloseBadToken, CloseRemoved, CloseDenied, CloseReplaced, CloseOver, CloseTooMuchMedia:
		return false
	}
	return true
}

// Codes are all of them, in the order above.
func Codes() []Code {
	return []Code{
		CodeOver, CodeForbidden, CodeAlreadyExtended, CodeNoWindow, CodeBadMinutes, CodeNoTimeLeft, CodeTooLate, CodeBadRequest,
		CodeBadMessage, CodeUnknownType, CodeNotJoined, CodeBadToken, CodeExpiredToken, CodeRoomFull, CodeTooMany,
		CodeUnavailable, CodeUnknown, CodeInternal, CodeReplaced, CodeBadOffer, CodeRemoved, CodeDenied, CodeLocked, CodeNotFound,
		CodeManyRemoved, CodeNetworkFull, CodeUnknownName, CodeTooMuchMedia, CodeChatOff, CodeChatFull,
	}
}

// CloseCodes are all of them, in the order above.
func CloseCodes() []CloseCode {
	return []CloseCode{
		CloseNormal, CloseGoingAway, CloseTooLarge, CloseRestart, CloseBadMessage, CloseBadToken,
		CloseRemoved, CloseDenied, CloseSlow, CloseReplaced, CloseOver, CloseTooMuchMedia, CloseTooMany,
	}
}
