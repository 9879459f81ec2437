package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/control"
	"overtime/internal/protocol"
)

// Addresses below a room.
const (
	roomPath         = roomsPath + "/{id}"
	participantsPath = roomPath + "/participants"
)

// Shorthands for the errors of an operation.
var (
	badRequest = []protocol.Code{protocol.CodeBadRequest}
	noSuch     = []protocol.Code{protocol.CodeNotFound}
	gone       = []protocol.Code{protocol.CodeOver}
	lost       = []protocol.Code{protocol.CodeUnknown}
)

// withBody adds what can be wrong with a body to an operation's errors.
func (f faultsOf) withBody() faultsOf {
	for _, status := range []int{
		http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	} {
		f[status] = badRequest
	}
	return f
}

// catalogue is every operation, as it is described and as it is served.
type catalogue struct {
	huma    huma.API
	callers *callers
	logger  *slog.Logger
	// operations are as they are described, in the order in which people read.
	operations []*huma.Operation
}

// register describes and adds every operation.
func (a *api) register(c *catalogue) {
	a.registerRooms(c)
	a.registerPeople(c)
	a.registerSessions(c)
	a.registerChats(c)
	add(c, huma.Operation{
		Tags: []string{tagAudit}, OperationID: "read-audit", Method: http.MethodGet, Path: apiPath + "/audit",
		Summary: "Read the audit", Description: "What was done and what was refused, whose doing it was, and when; kept for 90 days. " +
			"Each entry has the digest of the one before of its room (prev), so that one that was changed or taken out shows.",
	}, faultsOf{}, example{out: exampleAudit()}, a.audits.read)
}

// add adds an operation that needs a key. Whatever error do has is told as a
// problem.
func add[I, O any](c *catalogue, op huma.Operation, f faultsOf, ex example, do func(context.Context, *I) (*O, error)) {
	if op.DefaultStatus == 0 {
		op.DefaultStatus = http.StatusOK
	}
	if op.Security == nil {
		op.Security = []map[string][]string{{keyScheme: {}}}
		op.Middlewares = huma.Middlewares{c.callers.requireKey}
	}
	op.Middlewares = append(op.Middlewares, checkParameters, requireJSON)
	huma.Register(c.huma, described(c.huma, op, f, ex), func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, explain(c.logger, err)
		}
		return out, nil
	})
}

func (a *api) registerRooms(c *catalogue) {
	create := huma.Operation{
		Tags: []string{tagRooms}, OperationID: "create-room", Method: http.MethodPost, Path: roomsPath, DefaultStatus: http.StatusCreated,
		Summary: "Make a room",
		Description: "The session starts when the first person joins. A room is made once for each external_id (or Idempotency-Key): " +
			"a second request with the same settings answers 200 with the room as it is, one with other settings 409, and after the room was deleted, or was over for longer than rooms are kept, 410.",
		Security: []map[string][]string{{keyScheme: {}}}, Middlewares: huma.Middlewares{c.callers.requireKeyUnlessOpen},
	}
	if c.callers.open {
		create.Description += " Without a key a room has a name, a duration and an extension only."
		create.Security = append(create.Security, map[string][]string{})
	}
	faults := faultsOf{
		http.StatusConflict: {control.CodeConflict}, http.StatusGone: {codeDeleted}, http.StatusUnprocessableEntity: {protocol.CodeTooLate},
	}
	if c.callers.open {
		faults[http.StatusMisdirectedRequest] = []protocol.Code{protocol.CodeUnknownName}
	}
	add(c, create, faults.withBody(), example{exampleNewRoom(), exampleRoom()}, a.rooms.create)
	c.describeFound()
	add(c, huma.Operation{
		Tags: []string{tagRooms}, OperationID: "list-rooms", Method: http.MethodGet, Path: roomsPath,
		Summary: "List the rooms", Description: "Those that are there, page by page, in the order of their ids.",
	}, faultsOf{}, example{out: roomPage{Rooms: []room{exampleRoom()}, Next: exampleRoomID}}, a.rooms.list)
	add(c, huma.Operation{
		Tags: []string{tagRooms}, OperationID: "read-room", Method: http.MethodGet, Path: roomPath,
		Summary: "Read a room", Description: "Its settings, its links, and the session that runs or the last one.",
	}, faultsOf{http.StatusNotFound: noSuch}, example{out: exampleRoom()}, a.rooms.read)
	add(c, huma.Operation{
		Tags: []string{tagRooms}, OperationID: "change-room", Method: http.MethodPatch, Path: roomPath,
		Summary: "Change a room", Description: "What is left out stays. It holds at once, in a session that runs too; only duration_minutes counts from the next session on.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusGatewayTimeout: lost}.withBody(),
		example{exampleChanges(), exampleChangedRoom()}, a.rooms.change)
	add(c, huma.Operation{
		Tags: []string{tagRooms}, OperationID: "delete-room", Method: http.MethodDelete, Path: roomPath, DefaultStatus: http.StatusNoContent,
		Summary: "Delete a room", Description: "A session that runs ends for everybody, with the reason ended_by_api. Its links let nobody in, and its external_id is not given again.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusGatewayTimeout: lost}, example{}, a.rooms.delete)
}

// describeFound describes the other answer to a request for a room.
func (c *catalogue) describeFound() {
	answers := c.operations[len(c.operations)-1].Responses
	made := answers["201"]
	made.Description = "The room was made."
	found := *made
	found.Headers, found.Description = made.Headers, "The room was made by an earlier request with this external_id or Idempotency-Key; here it is, with its present session."
	answers["200"] = &found
}

func (a *api) registerPeople(c *catalogue) {
	add(c, huma.Operation{
		Tags: []string{tagPeople}, OperationID: "renew-links", Method: http.MethodPost, Path: roomPath + "/links",
		Summary: "Renew the guests' link", Description: "The guests' links that were given out so far let nobody in any more; whoever is in stays. The moderators' link goes on.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusGatewayTimeout: lost}, example{out: exampleRoom().Links}, a.rooms.renewLinks)
	add(c, huma.Operation{
		Tags: []string{tagPeople}, OperationID: "create-token", Method: http.MethodPost, Path: roomPath + "/tokens", DefaultStatus: http.StatusCreated,
		Summary: "Make a token", Description: "One person's way into the room, for 15 minutes. Make it when they are about to join.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusGone: gone, http.StatusUnprocessableEntity: {protocol.CodeTooLate}}.withBody(),
		example{exampleNewToken(), exampleToken()}, a.tokens.create)
	add(c, huma.Operation{
		Tags: []string{tagPeople}, OperationID: "list-participants", Method: http.MethodGet, Path: participantsPath,
		Summary: "List the participants", Description: "Who has a place in the session that runs; nobody, if none does. Somebody whose connection was lost keeps the place for half a minute.",
	}, faultsOf{http.StatusNotFound: noSuch}, example{out: attendance{[]control.Participant{exampleParticipant()}}}, a.participants.list)
	add(c, huma.Operation{
		Tags: []string{tagPeople}, OperationID: "remove-participant", Method: http.MethodDelete, Path: participantsPath + "/{participant}", DefaultStatus: http.StatusNoContent,
		Summary: "Remove a participant", Description: "They are told, and their token lets them back into this session no more. It works on whoever was there lately as well.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusConflict: {control.CodeConflict}, http.StatusGatewayTimeout: lost}, example{}, a.participants.remove)
	add(c, huma.Operation{
		Tags: []string{tagPeople}, OperationID: "lower-hand", Method: http.MethodDelete, Path: participantsPath + "/{participant}/hand", DefaultStatus: http.StatusNoContent,
		Summary: "Lower a hand", Description: "Everybody sees it. Whose hand is down already stays as they are.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusGatewayTimeout: lost}, example{}, a.participants.lowerHand)
	add(c, huma.Operation{
		Tags: []string{tagPeople}, OperationID: "lower-hands", Method: http.MethodDelete, Path: roomPath + "/hands", DefaultStatus: http.StatusNoContent,
		Summary: "Lower all hands", Description: "Everybody sees it. There may be none that is up, and no session either.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusGatewayTimeout: lost}, example{}, a.participants.lowerHands)
}

func (a *api) registerSessions(c *catalogue) {
	add(c, huma.Operation{
		Tags: []string{tagSessions}, OperationID: "read-session", Method: http.MethodGet, Path: roomPath + "/session",
		Summary: "Read the session", Description: "The one that runs, or the last one, with everything that happened in it and the extension window that is open.",
	}, faultsOf{http.StatusNotFound: {protocol.CodeNotFound, control.CodeNotStarted}}, example{out: exampleRunning()}, a.sessions.read)
	add(c, huma.Operation{
		Tags: []string{tagSessions}, OperationID: "read-ledger", Method: http.MethodGet, Path: roomPath + "/sessions/{number}",
		Summary: "Read a session by its number", Description: "Finished sessions are kept as long as the room.",
	}, faultsOf{http.StatusNotFound: noSuch}, example{out: exampleEnded()}, a.sessions.readLedger)
	add(c, huma.Operation{
		Tags: []string{tagSessions}, OperationID: "extend-session", Method: http.MethodPost, Path: roomPath + "/extend",
		Summary: "Extend the session", Description: "Answers an open extension window: 10 minutes before the scheduled end one opens, 5 minutes before it the last one. " +
			"An extension closes it, and windows open anew before the new end. Of two that answer one window the first holds.",
	}, faultsOf{
		http.StatusNotFound: noSuch, http.StatusGone: gone, http.StatusGatewayTimeout: lost,
		http.StatusConflict:            {protocol.CodeAlreadyExtended, protocol.CodeNoWindow, protocol.CodeNoTimeLeft, control.CodeNotStarted, control.CodeConflict},
		http.StatusUnprocessableEntity: {protocol.CodeBadMinutes},
	}.withBody(), example{exampleExtend(), exampleGrant()}, a.sessions.extend)
	add(c, huma.Operation{
		Tags: []string{tagSessions}, OperationID: "end-session", Method: http.MethodPost, Path: roomPath + "/end",
		Summary: "End the session", Description: "For everybody and at once, with the reason ended_by_api.",
	}, faultsOf{
		http.StatusNotFound: noSuch, http.StatusConflict: {control.CodeNotStarted, control.CodeConflict}, http.StatusGone: gone, http.StatusGatewayTimeout: lost,
	}.withBody(), example{end{Reason: "The next patient is waiting.", By: "Reception"}, exampleEnded()}, a.sessions.end)
}

func (a *api) registerChats(c *catalogue) {
	add(c, huma.Operation{
		Tags: []string{tagSessions}, OperationID: "read-chat", Method: http.MethodGet, Path: roomPath + "/sessions/{number}/chat",
		Summary: "Read what was written", Description: "The chat of a session, page by page from the first message on. It is kept for a day after the session's end, or for as long as who operates the server says.",
	}, faultsOf{http.StatusNotFound: noSuch}, example{out: exampleChat()}, a.chats.read)
	add(c, huma.Operation{
		Tags: []string{tagSessions}, OperationID: "delete-message", Method: http.MethodDelete, Path: roomPath + "/sessions/{number}/chat/{message}", DefaultStatus: http.StatusNoContent,
		Summary: "Delete a message", Description: "Its text is gone for good, and people are told so. That it was written, when and by whom, stays.",
	}, faultsOf{http.StatusNotFound: noSuch, http.StatusGatewayTimeout: lost}, example{}, a.chats.delete)
}
