package rooms

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"overtime/internal/bus"
	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
	"overtime/internal/store"
)

var (
	errNotStarted = protocol.Error{Code: control.CodeNotStarted, Message: "no session runs in this room; it starts when the first person joins"}
	errOtherKey   = protocol.Error{Code: control.CodeConflict, Message: "this Idempotency-Key belongs to another request that was carried out; repeat that one as it was, or give this one a key of its own"}
	errDeleted    = protocol.Error{Code: protocol.CodeNotFound, Message: "there is no such room"}
)

// command carries out what a portal asks, with what a moderator may do, and
// answers.
func (a *actor) command(q bus.Asked, now time.Time) {
	var c control.Command
	if err := json.Unmarshal(q.Command, &c); err != nil {
		a.answerCommand(q, store.Op{}, err)
		return
	}
	if a.undecided(now) {
		a.commit(doing{}, unchanged, func(err error) {
			if errors.Is(err, errFenced) {
				a.answerCommand(q, store.Op{}, err)
				return
			}
			a.command(q, now)
		})
		return
	}
	o := operation{doing: doing{who: event.Who{Key: c.Key, Address: c.Address, Role: meeting.RoleService, Op: c.ID}, at: now}}
	o.patient, o.asked = true, askedOf(c)
	switch {
	case c.ID == "":
	case c.End != nil: // which may have the key of an extension
		o.id, o.lasting = room.OpID("api end", c.ID), true
	default:
		o.id = room.OpID("api", c.ID)
	}
	if c.Remove != nil {
		o.why = protocol.LeftRemoved
	}
	var here *store.Place // of whom it is to remove
	if c.Remove != nil {
		here = a.placeHere(c.Remove.Participant)
	}
	o.change = func(rec store.Record) (store.Record, store.Op, error) {
		if !rec.Deleted.IsZero() {
			return rec, store.Op{}, errDeleted
		}
		return carryOut(c, rec, now, here)
	}
	a.once(o, func(op store.Op, err error) {
		if errors.Is(err, errOtherRequest) {
			err = errOtherKey
		}
		a.answerCommand(q, op, err)
	})
}

// askedOf is the room.Asked of a command: what is to be done, whoever asks.
func askedOf(c control.Command) string {
	c.Key, c.Address, c.ID = "", "", ""
	if c.Extend != nil {
		at := *c.Extend
		at.Answers = meeting.Instant(at.Answers) // however it was written
		c.Extend = &at
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "" // it came as JSON
	}
	return room.Asked(text)
}

// carryOut is c done to rec; here is the place of whoever it removes.
func carryOut(c control.Command, rec store.Record, now time.Time, here *store.Place) (store.Record, store.Op, error) {
	switch {
	case c.Extend != nil:
		return extendByPortal(c, rec, now)
	case c.End != nil:
		return endByPortal(c, rec, now)
	case c.Change != nil:
		room, err := rec.Room.With(*c.Change)
		rec.Room = room
		return rec, store.Op{}, err
	case c.Remove != nil:
		if rec.Session == nil {
			return rec, store.Op{}, errNotStarted
		}
		rec, err := removed(rec, c.Remove.Participant, here)
		return rec, store.Op{}, err
	case c.Renew != nil:
		rec.Room.Links++
		return rec, store.Op{}, nil
	case c.Delete != nil:
		return deleteRoom(c, rec, now), store.Op{}, nil
	}
	return rec, store.Op{}, protocol.Error{Code: protocol.CodeBadRequest, Message: "the command says nothing to do"}
}

func portal(key, name string) meeting.Actor {
	return meeting.Actor{Person: meeting.Person{Sub: "api:" + key, Name: meeting.Clean(name)}, Role: meeting.RoleService}
}

func extendByPortal(c control.Command, rec store.Record, now time.Time) (store.Record, store.Op, error) {
	if rec.Session == nil {
		return rec, store.Op{}, errNotStarted
	}
	s, grant, err := rec.Session.Extend(rec.Room, now, portal(c.Key, c.Extend.By), meeting.ExtendRequest{
		Answers: c.Extend.Answers, Minutes: c.Extend.Minutes,
	})
	if err == nil && len(s.Ledger) > maxLedger {
		return rec, store.Op{}, errTooLong
	}
	rec.Session = &s
	return rec, store.Op{Grant: &grant}, err
}

func endByPortal(c control.Command, rec store.Record, now time.Time) (store.Record, store.Op, error) {
	if rec.Session == nil {
		return rec, store.Op{}, errNotStarted
	}
	s, err := rec.Session.End(now, portal(c.Key, c.End.By), c.End.Text)
	rec.Session = &s
	return rec, store.Op{Ended: s.Number}, err
}

// deleteRoom ends a session that runs: a room that is gone has nobody in it.
func deleteRoom(c control.Command, rec store.Record, now time.Time) store.Record {
	if s := rec.Session; s != nil && s.Ending == nil {
		ended, err := s.End(now, portal(c.Key, ""), "")
		if err != nil { // it is over, and only not recorded yet
			ended, _ = s.Advance(rec.Room, now)
		}
		rec.Session = &ended
	}
	rec.Deleted = now
	return rec
}

func (a *actor) answerCommand(q bus.Asked, op store.Op, err error) {
	if errors.Is(err, errFenced) {
		a.line.Answer(q, bus.Delivery{Kind: bus.KindNobody})
		return
	}
	answer := control.Answer{Room: a.have.Room, Session: a.have.Session, Grant: op.Grant, Ended: op.Ended}
	if err != nil {
		said := a.wireError(err)
		answer = control.Answer{Error: &said}
		var refusal *meeting.Refusal
		if errors.As(err, &refusal) {
			answer.Ending = refusal.Ending
		}
	} else if answer.Session != nil {
		// What was announced and what is answered agree; the ledger is the
		// actor's own.
		s := *answer.Session
		s.Ledger = slices.Clone(s.Ledger)
		answer.Session = &s
	}
	text, err := json.Marshal(answer)
	if err != nil {
		a.log.Error("an answer does not marshal", "error", err)
		return // whoever asked is told that nobody knows
	}
	a.line.Answer(q, bus.Delivery{Kind: bus.KindAnswer, Frame: text})
}
