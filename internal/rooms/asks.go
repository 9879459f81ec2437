package rooms

import (
	"context"
	"errors"
	"slices"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// request is one decoded ask.
type request struct {
	bus.Asked
	id  string    // the client's
	now time.Time // its arrival
	// sure: a write has shown since that the room is still this actor's, or the
	// store could not say.
	sure bool
}

// handle answers one ask. Identity and role come from the entry that the edge
// verified or from the place the connection has taken, never from the message.
func (a *actor) handle(q bus.Asked, now time.Time) {
	switch {
	case q.Gone:
		a.lost(q.Conn, now, q.Closed)
		return
	case a.stopping:
		a.line.Answer(q, bus.Delivery{Kind: bus.KindNobody})
		return
	case q.Command != nil:
		a.command(q, now)
		return
	}
	f, err := protocol.DecodeClient(q.Frame)
	r := request{Asked: q, id: f.ID, now: now}
	if err != nil {
		a.refuse(r, err)
		return
	}
	switch m := f.Message.(type) {
	case protocol.Peek:
		a.peek(r)
		return
	case protocol.Hello:
		a.hello(r, m)
		return
	}
	p := a.people.byConn(q.Conn)
	if _, leaves := f.Message.(protocol.Leave); p == nil && leaves {
		if w := a.waiting.byConn(q.Conn); w != nil {
			a.stopWaiting(r, w)
			return
		}
	}
	if p == nil {
		a.refuse(r, protocol.Error{Code: protocol.CodeNotJoined, Message: "say hello first"})
		return
	}
	a.handlePerson(r, p, f.Message)
}

// handlePerson answers what only somebody in the room may ask.
func (a *actor) handlePerson(r request, p *person, m protocol.ClientMessage) {
	switch m := m.(type) {
	case protocol.Leave:
		a.leave(r, p)
	case protocol.Extend:
		a.extend(r, p, m)
	case protocol.End:
		a.end(r, p, m)
	case protocol.Remove:
		a.remove(r, p, m)
	case protocol.Admit:
		a.letIn(r, p, m.Waiting)
	case protocol.Deny:
		a.turnAway(r, p, m.Waiting)
	case protocol.Lock:
		a.lock(r, p, m)
	case protocol.RenewLink:
		a.renewLink(r, p, m)
	case protocol.AskClock:
		a.ok(r, protocol.OK{Clock: &protocol.Clock{Now: a.now()}})
	case protocol.Offer:
		a.offer(r, p, m)
	case protocol.Sending:
		a.sending(r, p, m)
	case protocol.Show:
		a.show(r, p, m)
	default:
		a.refuse(r, protocol.Error{Code: protocol.CodeUnknownType, Message: "this room does not know that message"})
	}
}

// extend asks the rules, commits what they grant and answers. Everyone else
// hears of it from announce.
func (a *actor) extend(r request, p *person, m protocol.Extend) {
	by := p.actor()
	a.ask(r, p, m, "", func(rec store.Record) (store.Record, store.Op, error) {
		s, grant, err := rec.Session.Extend(rec.Room, r.now, by, meeting.ExtendRequest{Answers: m.Window, Minutes: m.Minutes})
		switch {
		case m.Window.IsZero() && !comesFirst(err):
			return rec, store.Op{}, errNoEnd
		case err == nil && len(s.Ledger) > maxLedger:
			return rec, store.Op{}, errTooLong
		}
		rec.Session = &s
		return rec, store.Op{Grant: &grant}, err
	})
}

// maxLedger bounds the story that a welcome carries whole: some five hundred
// extensions.
const maxLedger = 1500

var errTooLong = protocol.Error{Code: protocol.CodeUnavailable, Message: "this meeting was extended too often to be kept; start a new one"}

// errNoEnd refuses what only the portal may leave out. comesFirst are the
// refusals that the rules check before it.
var errNoEnd = protocol.Error{Code: protocol.CodeBadRequest, Message: "name the scheduled end that the window's notice showed"}

func comesFirst(err error) bool {
	var refusal *meeting.Refusal
	return errors.As(err, &refusal) && (refusal.Code == meeting.CodeOver || refusal.Code == meeting.CodeForbidden)
}

func (a *actor) end(r request, p *person, m protocol.End) {
	by := p.actor()
	a.ask(r, p, m, "", func(rec store.Record) (store.Record, store.Op, error) {
		s, err := rec.Session.End(r.now, by, m.Reason)
		rec.Session = &s
		return rec, store.Op{}, err
	})
}

// sending notes which sources are on, and tells everyone.
func (a *actor) sending(r request, p *person, m protocol.Sending) {
	if len(m.Sources) > 0 && !p.role.Sends() {
		a.refuse(r, errViewer)
		return
	}
	if now := knownSources(m.Sources); !slices.Equal(now, p.sending) {
		p.sending = now
		p.peer.Sending(now)
		a.publish(protocol.PersonChanged{Person: p.wire()})
	}
	a.ok(r, protocol.OK{})
}

// offer has the media answer, which takes a while, beside the actor.
func (a *actor) offer(r request, p *person, m protocol.Offer) {
	peer := p.peer
	a.host.group.Go(func() {
		ctx, cancel := context.WithTimeout(a.ctx, commitTimeout)
		defer cancel()
		sdp, err := a.sdpAnswer(ctx, peer, m)
		a.post(func() {
			if err != nil {
				a.refuse(r, err)
				return
			}
			a.ok(r, protocol.OK{SDP: sdp})
		})
	})
}

// sdpAnswer runs beside the actor's goroutine.
func (a *actor) sdpAnswer(ctx context.Context, peer MediaPeer, m protocol.Offer) (sdp string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = a.mistake(v)
		}
	}()
	return peer.Answer(ctx, m)
}

func (a *actor) ok(r request, m protocol.OK) {
	a.line.Answer(r.Asked, a.delivery(bus.KindAnswer, r.id, m))
}

// refuse answers with the code and facts of err; what is not meant for people
// is logged and becomes CodeInternal. What a fenced actor could not carry out
// goes to the room's new owner.
func (a *actor) refuse(r request, err error) {
	if errors.Is(err, errFenced) {
		a.line.Answer(r.Asked, bus.Delivery{Kind: bus.KindNobody})
		return
	}
	a.line.Answer(r.Asked, a.delivery(bus.KindAnswer, r.id, a.wireError(err)))
}

func (a *actor) wireError(err error) protocol.Error {
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
		a.log.Error("the room's record is full")
		return protocol.Error{Code: protocol.CodeUnavailable, Message: "this meeting holds as much as can be kept; start a new one"}
	case errors.Is(err, store.ErrUnknown):
		a.log.Error("a write's outcome is not known", "error", err)
		return errUnknown
	case errors.Is(err, store.ErrBroken):
		a.log.Debug("the store is broken", "error", err) // the bus says so, once for all rooms
		return errCannotSave
	case errors.Is(err, store.ErrUnavailable):
		a.log.Error("the store is unavailable", "error", err)
		return protocol.Error{Code: protocol.CodeUnavailable, Message: "it could not be saved just now; try again in a moment"}
	default:
		a.log.Error("an ask failed", "error", err)
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
