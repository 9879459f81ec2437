package room

import (
	"overtime/internal/control"
	"overtime/internal/protocol"
)

// What people and portals are told that they may not, or that cannot be.
var (
	errExpired    = protocol.Error{Code: protocol.CodeExpiredToken, Message: "this link has expired; ask whoever sent it for a new one"}
	errGoneRoom   = protocol.Error{Code: protocol.CodeBadToken, Message: "this link is not valid; ask whoever sent it for a new one"}
	errOldLink    = protocol.Error{Code: protocol.CodeBadToken, Message: "this link was replaced by a new one; ask for that"}
	errCrowd      = protocol.Error{Code: protocol.CodeTooMany, Message: "many people are coming back from your network; try again in a moment"}
	errOldPlace   = protocol.Error{Code: protocol.CodeBadToken, Message: "that place was in a session that is over; join anew"}
	errForgotten  = protocol.Error{Code: protocol.CodeBadToken, Message: "that place was given up too long ago; join anew"}
	errLeft       = protocol.Error{Code: protocol.CodeBadToken, Message: "you left that place; come in by your link again"}
	errRoomFull   = protocol.Error{Code: protocol.CodeRoomFull, Message: "this meeting is full; try again when somebody has left"}
	errManyWait   = protocol.Error{Code: protocol.CodeRoomFull, Message: "too many people wait to be let in; try again in a while"}
	errLocked     = protocol.Error{Code: protocol.CodeLocked, Message: "this meeting is locked; ask somebody inside to unlock it, then try again"}
	errBehind     = protocol.Error{Code: protocol.CodeUnavailable, Message: "so many people came and went that the server cannot keep up just now; try again in a moment"}
	errNameless   = protocol.Error{Code: protocol.CodeBadRequest, Message: "say your name, so that the others know who you are"}
	errLongName   = protocol.Error{Code: protocol.CodeBadRequest, Message: "that name is longer than 64 characters; shorten it"}
	errReplaced   = protocol.Error{Code: protocol.CodeReplaced, Message: "you joined from another tab or device"}
	errRemoved    = protocol.Error{Code: protocol.CodeRemoved, Message: "you were removed from this meeting"}
	errDenied     = protocol.Error{Code: protocol.CodeDenied, Message: "a moderator did not let you in"}
	errNotStarted = protocol.Error{Code: control.CodeNotStarted, Message: "no session runs in this room; it starts when the first person joins"}
	errDeleted    = protocol.Error{Code: protocol.CodeNotFound, Message: "there is no such room"}

	errNotModerator = protocol.Error{Code: protocol.CodeForbidden, Message: "only a moderator can do that; ask one of them"}
	errNobodyThere  = protocol.Error{Code: protocol.CodeNotFound, Message: "nobody of that id is there; they may have left"}
	errRemoveSelf   = protocol.Error{Code: protocol.CodeBadRequest, Message: "leave the meeting instead of removing yourself"}
	errManyRemoved  = protocol.Error{Code: protocol.CodeManyRemoved, Message: "too many people were removed from this meeting; lock it instead"}
	errTooLong      = protocol.Error{Code: protocol.CodeUnavailable, Message: "this meeting was extended too often to be kept; start a new one"}
	// errNoEnd refuses what only the portal may leave out.
	errNoEnd        = protocol.Error{Code: protocol.CodeBadRequest, Message: "name the scheduled end that the window's notice showed"}
	errViewer       = protocol.Error{Code: protocol.CodeForbidden, Message: "viewers listen and watch; ask a moderator for a link with which you may be heard and seen"}
	errManyPictures = protocol.Error{Code: protocol.CodeBadRequest, Message: "a page cannot show more pictures than there can be in a room"}
	errNoID         = protocol.Error{Code: protocol.CodeBadRequest, Message: "give the request an id, so that it can be asked again"}
	errUnknownAsk   = protocol.Error{Code: protocol.CodeUnknownType, Message: "this room does not know that message"}
	errNothingAsked = protocol.Error{Code: protocol.CodeBadRequest, Message: "the command says nothing to do"}
	// errOtherRequest refuses an id that was given to another request before, of a
	// person's; errOtherKey of a portal's.
	errOtherRequest = protocol.Error{Code: protocol.CodeBadRequest, Message: "this id belongs to another request that was carried out; give each request an id of its own"}
	errOtherKey     = protocol.Error{Code: control.CodeConflict, Message: "this Idempotency-Key belongs to another request that was carried out; repeat that one as it was, or give this one a key of its own"}
)

// Of what people say of themselves, and of what they show.
var (
	errScreen          = protocol.Error{Code: protocol.CodeForbidden, Message: "only moderators share a screen in this meeting; ask one of them"}
	errTooMuchMedia    = protocol.Error{Code: protocol.CodeTooMuchMedia, Message: "your browser went on sending more sound or pictures than a meeting takes; come in again, or use another browser"}
	errNoAttribute     = protocol.Error{Code: protocol.CodeBadRequest, Message: "nobody knows what that would say about a person; a hand is called hand"}
	errAttributeValue  = protocol.Error{Code: protocol.CodeBadRequest, Message: "that cannot be said about a person; a hand is up, or not there"}
	errOthersAttribute = protocol.Error{Code: protocol.CodeForbidden, Message: "only they can say that about themselves"}
	errModeratorsWrite = protocol.Error{Code: protocol.CodeForbidden, Message: "only moderators write in this meeting"}
	errChatOff         = protocol.Error{Code: protocol.CodeChatOff, Message: "nobody writes in this meeting"}
	errNoText          = protocol.Error{Code: protocol.CodeBadRequest, Message: "write something that can be seen"}
	errLongText        = protocol.Error{Code: protocol.CodeBadRequest, Message: "a message has at most 2,000 characters; send it in parts"}
	errNotWriter       = protocol.Error{Code: protocol.CodeForbidden, Message: "only who wrote it, or a moderator, can delete a message"}
	errChatPage        = protocol.Error{Code: protocol.CodeBadRequest, Message: "a page has 1 to 100 messages"}
	errNoReaction      = protocol.Error{Code: protocol.CodeBadRequest, Message: "there is no such reaction"}
)
