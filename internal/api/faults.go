package api

import (
	"net/http"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// The codes that only REST has.
const (
	codeUnauthorized protocol.Code = "unauthorized" // no key, or one that is no good
	codeBadMethod    protocol.Code = "bad_method"   // the address takes other methods
	codeDeleted      protocol.Code = "deleted"      // it was there, and never will be again
)

// fault is a code that an error can have.
type fault struct {
	Code protocol.Code
	// Status is the one it comes with, where nothing else is said.
	Status int
	// Means is what has happened and what to do, for whoever reads the
	// description; each error's own detail says more.
	Means string
}

// faults are all of them; docs/api.md is held to the list.
var faults = []fault{
	{protocol.CodeBadRequest, http.StatusUnprocessableEntity, "The request is not as described; the detail says what to write. 400 if it is no JSON or lacks something, 413 if it is over 64 KiB, 415 if it is not sent as application/json."},
	{codeUnauthorized, http.StatusUnauthorized, "No key, or one that is no good: send Authorization: Bearer <id>:<secret>."},
	{protocol.CodeNotFound, http.StatusNotFound, "Nothing goes by that name: no such room, session, participant or message, or no such address."},
	{codeBadMethod, http.StatusMethodNotAllowed, "The address takes other methods, which the header Allow lists."},
	{control.CodeConflict, http.StatusConflict, "It is there already and differs, or holds no more, or the Idempotency-Key belongs to another request; the detail says what differs and what to do."},
	{control.CodeNotStarted, http.StatusConflict, "No session has begun in the room: one starts when the first person joins. 404 where a session is asked for."},
	{protocol.CodeAlreadyExtended, http.StatusConflict, "The end that was named has been answered by an extension: by, extended_minutes and ends_at say which. There is nothing left to do."},
	{protocol.CodeNoWindow, http.StatusConflict, "No extension window is open; the next one opens at opens_at."},
	{protocol.CodeNoTimeLeft, http.StatusConflict, "Less than 10 minutes are left before the room's latest_end; change that first if it may move."},
	{protocol.CodeOver, http.StatusGone, "The session has ended: reason, ended_at, by and text say how. Make another room, unless this one is reusable: then the next session starts when somebody joins."},
	{codeDeleted, http.StatusGone, "The room of that external_id or Idempotency-Key was deleted, or was over for longer than rooms are kept; take another one."},
	{protocol.CodeUnknownName, http.StatusMisdirectedRequest, "The server was not told that people reach it by that name; whoever runs it says so with --public-url. Requests with a key are taken by any name."},
	{protocol.CodeBadMinutes, http.StatusUnprocessableEntity, "An extension is a whole number of minutes from 10 to 30."},
	{protocol.CodeTooLate, http.StatusUnprocessableEntity, "The room's latest_end has passed; give one that is still to come."},
	{protocol.CodeTooMany, http.StatusTooManyRequests, "Too many requests from your network; come back after Retry-After seconds."},
	{protocol.CodeInternal, http.StatusInternalServerError, "A mistake of the server, whose log says more. Report it."},
	{protocol.CodeUnavailable, http.StatusServiceUnavailable, "The server cannot do it now, and has done nothing that a repetition would do twice; come back after Retry-After seconds."},
	{protocol.CodeUnknown, http.StatusGatewayTimeout, "No answer came in time, and it may have been done: repeat the request, with the same Idempotency-Key if it has one."},
}

// faultOf is what is known of a code; one that is not listed is of a room's
// actor that is newer than this process, and only it knows what was wrong.
func faultOf(code protocol.Code) fault {
	for _, f := range faults {
		if f.Code == code {
			return f
		}
	}
	return fault{Code: code, Status: http.StatusConflict}
}

// refusal is the problem of a code, with its usual status.
func refusal(code protocol.Code, detail string) *Problem {
	return problem(faultOf(code).Status, code, detail)
}

// over refuses what comes after a session's end, with its facts.
func over(detail string, e *meeting.Ending) *Problem {
	p := refusal(protocol.CodeOver, detail)
	if ending := control.EndingOf(e); ending != nil {
		p.Reason, p.EndedAt, p.By, p.Text = ending.Reason, ending.EndedAt, ending.By, ending.Text
	}
	return p
}
