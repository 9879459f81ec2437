package rooms

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"overtime/internal/bus"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// request is one ask that is to be answered.
type request struct {
	bus.Asked
	id  string    // the client's
	now time.Time // its arrival
	// sure: a write has shown since that the room is still this actor's, or the
	// store could not say.
	sure bool
}

var (
	errNotJoined   = protocol.Error{Code: protocol.CodeNotJoined, Message: "say hello first"}
	errUnknownAsk  = protocol.Error{Code: protocol.CodeUnknownType, Message: "this room does not know that message"}
	errManyChanges = protocol.Error{Code: protocol.CodeUnavailable, Message: "so many changes wait to be saved that this one could not be taken; try again in a moment"}
)

// mostCommits is with how many changes that wait for the store people's requests
// are refused. The end, and those who come in, are not.
const mostCommits = 512

// handle answers one ask. Identity and role come from the entry that the edge
// verified or from the place the connection has taken, never from the message.
func (a *actor) handle(q bus.Asked, now time.Time) {
	r := request{Asked: q, now: now}
	switch {
	case q.Gone:
		a.live.happen(a.live.state.Lost(q.Conn, now, q.Closed, a.writer.waits())...)
		return
	case a.stopping:
		a.out.nobody(q)
		return
	case q.Command != nil:
		var c control.Command
		if err := json.Unmarshal(q.Command, &c); err != nil {
			a.refuse(r, err)
			return
		}
		a.ask(r, room.PortalAsks(a.live.state, c, now))
		return
	}
	f, err := protocol.DecodeRelayed(q.Frame)
	if r.id = f.ID; err != nil {
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
	p, here := a.live.state.Here.ByConn(q.Conn)
	w, waits := a.live.state.Waiting.ByConn(q.Conn)
	_, leaves := f.Message.(protocol.Leave)
	switch {
	case here:
		a.ask(r, room.PersonAsks(a.live.state, p, f, now, a.now()))
	case waits && leaves:
		a.out.answer(r, protocol.OK{}, protocol.CloseNormal)
		a.live.happen(room.StoppedWaiting{IDs: []string{w.ID}})
	default:
		a.refuse(r, errNotJoined)
	}
}

// ask carries out what somebody in the room, or a portal, asks, and answers. What
// there is to know of the command its row in the table says.
func (a *actor) ask(r request, ask room.Ask) {
	c, known := a.host.commands.Of(ask.Message)
	switch {
	case !known:
		a.refuse(r, errUnknownAsk)
	case c.Durability == room.Committed:
		if !ask.Portal() && len(a.writer.queue) >= mostCommits {
			a.refuse(r, errManyChanges)
			return
		}
		a.once(c, ask, func(op room.Op, err error) { a.reply(r, op, err) })
	case c.Outside:
		if err := c.Allow(ask); err != nil {
			a.refuse(r, err)
			return
		}
		a.outside(r, ask)
	default:
		facts, reply, err := c.Happen(ask)
		switch {
		case err != nil:
			a.refuse(r, err)
		case ask.Portal():
			a.live.happen(facts...)
			a.answerPortal(r, control.Answer{People: reply.People})
		case reply.Close != 0: // nothing that follows is for them
			a.out.answer(r, reply.OK, reply.Close)
			a.live.happen(facts...)
		default:
			a.live.happen(facts...)
			a.out.answer(r, reply.OK, 0)
		}
	}
}

// outside carries out what is not the state's alone.
func (a *actor) outside(r request, ask room.Ask) {
	switch m := ask.Message.(type) {
	case protocol.Offer:
		a.media.answer(ask.Self.ID, m, func(sdp string, err error) { a.replyOK(r, protocol.OK{SDP: sdp}, err) })
	case protocol.SendChat:
		a.chats.write(ask, m, func(ok protocol.OK, err error) { a.replyOK(r, ok, err) })
	case protocol.DeleteChat:
		a.chats.delete(ask, room.DeleteMessage{Session: ask.State.Number(), Number: m.Number}, func(err error) { a.replyOK(r, protocol.OK{}, err) })
	case room.DeleteMessage:
		a.chats.delete(ask, m, func(err error) { a.reply(r, room.Op{}, err) })
	case protocol.PageChat:
		a.chats.page(ask, m, func(ok protocol.OK, err error) { a.replyOK(r, ok, err) })
	default:
		a.refuse(r, errUnknownAsk)
	}
}

func (a *actor) replyOK(r request, ok protocol.OK, err error) {
	if err != nil {
		a.refuse(r, err)
		return
	}
	a.out.answer(r, ok, 0)
}

// reply answers with the outcome of an operation, a person or a portal.
func (a *actor) reply(r request, op room.Op, err error) {
	switch {
	case err != nil:
		a.refuse(r, err)
	case r.Command == nil:
		a.out.answer(r, protocol.OK{Grant: op.Grant}, 0)
	default:
		saved := a.live.state.Saved
		answer := control.Answer{Room: saved.Room, Session: saved.Session, Grant: op.Grant, Ended: op.Ended}
		if answer.Session != nil { // the ledger is the actor's own
			s := *answer.Session
			s.Ledger = slices.Clone(s.Ledger)
			answer.Session = &s
		}
		a.answerPortal(r, answer)
	}
}

// refuse answers with the code and facts of err. What a fenced actor could not carry
// out goes to the room's new owner.
func (a *actor) refuse(r request, err error) {
	switch {
	case errors.Is(err, errFenced):
		a.out.nobody(r.Asked)
	case r.Command == nil:
		a.out.answer(r, a.toProtocol(err), 0)
	default:
		said := a.toProtocol(err)
		answer := control.Answer{Error: &said}
		var refusal *meeting.Refusal
		if errors.As(err, &refusal) {
			answer.Ending = refusal.Ending
		}
		a.answerPortal(r, answer)
	}
}

func (a *actor) answerPortal(r request, answer control.Answer) {
	text, err := json.Marshal(answer)
	if err != nil {
		a.log.Error("an answer does not marshal", "error", err)
		return // whoever asked is told that nobody knows
	}
	a.out.conn.Answer(r.Asked, bus.Delivery{Kind: bus.KindAnswer, Frame: text})
}
