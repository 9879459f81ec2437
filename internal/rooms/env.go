package rooms

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// env is what the parts of one actor have in common. It does not change once the
// actor runs.
type env struct {
	host  *Host
	id    string // the room's
	epoch uint64
	log   *slog.Logger
	ctx   context.Context
	// post has something run on the actor's goroutine; after the actor's end it does
	// nothing.
	post func(f func())
}

// now is the instant the rules are asked at.
func (e *env) now() time.Time { return meeting.Instant(e.host.cfg.Now()) }

// beside runs f beside the actor's goroutine; the host waits for it.
func (e *env) beside(f func()) { e.host.group.Go(f) }

// mistake logs a panic of our own and is the error that people are answered
// with in its place: one request must not end every meeting.
func (e *env) mistake(v any) error {
	e.log.Error("a mistake of the server's own", "error", v, "stack", string(debug.Stack()))
	return protocol.Error{Code: protocol.CodeInternal, Message: "the server made a mistake; try again, and tell whoever runs it if it comes again"}
}

// unsaved logs what is tried again and again; that the store is broken is said
// by the bus, once for all rooms.
func (e *env) unsaved(what string, err error) {
	level := slog.LevelWarn
	if errors.Is(err, store.ErrBroken) {
		level = slog.LevelDebug
	}
	e.log.Log(e.ctx, level, what, "error", err)
}

// toProtocol is the code and the facts of err; what is not meant for people is
// logged and becomes CodeInternal.
func (e *env) toProtocol(err error) protocol.Error {
	var said protocol.Error
	var refusal *meeting.Refusal
	var decode *protocol.DecodeError
	switch {
	case errors.As(err, &said):
		return said
	case errors.As(err, &refusal):
		return protocol.Error{
			Code: protocol.Code(refusal.Code), Message: refusal.Message, By: refusal.By.Name,
			Minutes: refusal.Minutes, EndsAt: refusal.EndsAt, OpensAt: refusal.OpensAt,
		}
	case errors.As(err, &decode):
		return protocol.Error{Code: decode.Code, Message: decode.Message}
	case errors.Is(err, store.ErrTooLarge):
		e.log.Error("the room's record is full")
		return protocol.Error{Code: protocol.CodeUnavailable, Message: "this meeting holds as much as can be kept; start a new one"}
	case errors.Is(err, store.ErrUnknown):
		e.log.Error("a write's outcome is not known", "error", err)
		return errUnknown
	case errors.Is(err, store.ErrBroken):
		e.log.Debug("the store is broken", "error", err) // the bus says so, once for all rooms
		return errCannotSave
	case errors.Is(err, store.ErrUnavailable):
		e.log.Error("the store is unavailable", "error", err)
		return protocol.Error{Code: protocol.CodeUnavailable, Message: "it could not be saved just now; try again in a moment"}
	default:
		e.log.Error("an ask failed", "error", err)
		return protocol.Error{Code: protocol.CodeInternal, Message: "the server made a mistake; try again, and tell whoever runs it if it comes again"}
	}
}

// errUnknown is for what was tried; it shows by itself once the store answers.
var errUnknown = protocol.Error{
	Code:    protocol.CodeUnknown,
	Message: "the server could not find out whether that was saved; see whether it was done, then try again",
}

// errCannotSave is for a store that stays as it is until somebody sees to it.
var errCannotSave = protocol.Error{
	Code:    protocol.CodeUnavailable,
	Message: "the server cannot save anything at the moment; the meeting goes on until its scheduled end. Tell whoever runs the server, then try again",
}
