package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"overtime/internal/bus"
	"overtime/internal/control"
	"overtime/internal/protocol"
)

// callTimeout is how long a room may take to answer, more than it takes for its
// changes, and how long a read may take.
const callTimeout = 20 * time.Second

// operationOf is the id of what a caller asks under a key; empty without one.
func operationOf(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return callerOf(ctx) + ":" + key
}

// actors have commands carried out by the rooms that they are about.
type actors struct {
	rooms   Rooms
	records records
	logger  *slog.Logger
}

// do has a room's actor carry out a command. A refusal is a problem.
func (a *actors) do(ctx context.Context, room string, c control.Command) (control.Answer, error) {
	if !isRoomID(room) {
		return control.Answer{}, noRoom()
	}
	c.Key, c.Address = callerOf(ctx), addressOf(ctx)
	command, err := json.Marshal(c)
	if err != nil {
		return control.Answer{}, fmt.Errorf("a command does not marshal: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	text, err := a.rooms.Call(ctx, room, command)
	if err != nil {
		return control.Answer{}, a.unanswered(room, err)
	}
	var answer control.Answer
	if err := json.Unmarshal(text, &answer); err != nil {
		return control.Answer{}, fmt.Errorf("an answer does not unmarshal: %w", err)
	}
	switch {
	case answer.Error == nil:
		return answer, nil
	case answer.Error.Code == protocol.CodeOver:
		return answer, over("the session has ended; "+a.afterEnd(ctx, room), answer.Ending)
	}
	return answer, refusalOf(answer)
}

// afterEnd says how to go on after a session's end.
func (a *actors) afterEnd(ctx context.Context, room string) string {
	if rec, err := a.records.load(ctx, room); err == nil && rec.Room.Reusable {
		return "the room is reusable: the next one starts when somebody joins"
	}
	return "make another room"
}

// unanswered is the problem of a command that nobody has answered.
func (a *actors) unanswered(room string, err error) *Problem {
	switch {
	case errors.Is(err, bus.ErrNoRoom):
		return noRoom()
	case errors.Is(err, bus.ErrUnknown):
		a.logger.Error("api: a room did not answer in time", "room", room, "error", err)
		return refusal(protocol.CodeUnknown, "no answer came in time, and it may have been done; repeat the request, with the same Idempotency-Key if it has one")
	default: // no actor was asked
		a.logger.Error("api: a room could not be opened", "room", room, "error", err)
		return refusal(protocol.CodeUnavailable, "the room cannot be reached just now, and nothing was done; try again in a moment")
	}
}

// refusalOf is an actor's refusal as a problem.
func refusalOf(answer control.Answer) *Problem {
	e := answer.Error
	p := refusal(e.Code, e.Message)
	p.ExtendedMinutes, p.EndsAt, p.OpensAt = e.Minutes, e.EndsAt, e.OpensAt
	if e.By != "" {
		p.By = &control.Person{Name: e.By}
	}
	return p
}
