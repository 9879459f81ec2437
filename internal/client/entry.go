package client

import (
	"slices"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

const (
	// peekEvery is how often the lobby asks how the meeting stands.
	peekEvery = 5 * time.Second
	// peekEnding is how often it asks once the end has passed: the server may
	// still be deciding about an extension.
	peekEnding = time.Second
	// peekLate is how much after the end it asks first, so that the server has
	// it behind itself although the two clocks differ a little.
	peekLate = 150 * time.Millisecond
	// waitEvery is how often somebody who waits to be let in says hello again. The
	// server forgets who did not for a minute.
	waitEvery = 20 * time.Second
)

// entry is the way into the room and out of it: from the link through the lobby,
// or by the secret of a place, and what becomes of a tab that is refused.
type entry struct {
	loop     *loop
	link     *link
	requests *requests
	where    *standing
	news     *toasts
	room     *settings
	timeline *timeline
	local    Storage
	ticket   *ticket

	people   int // in the room, as the lobby was told
	role     meeting.Role
	given    string // the name that the token fixes
	typed    string
	again    alarm // for the next peek, or for the next hello of who waits
	greeting bool  // a hello over this connection has no answer yet
	admitted bool  // one was let in while a hello was under way

	parting    bool  // the connection lives on for the server's answer to a farewell
	patience   alarm // for that answer
	closeAfter bool  // the session ends with it

	// What the way in and out touches of the other parts.

	you     func() protocol.Person   // in the room; zero outside
	greet   func() []protocol.Source // what is sent, as hello says it
	heard   func(sent time.Duration, server time.Time)
	welcome func(protocol.ServerFrame, protocol.Welcome) // has the other parts take the snapshot
	forget  func()                                       // has them drop what was going on in the room
	ready   func()                                       // has the devices start afresh
	steer   func()                                       // has them do what the phase and the role want
	end     func()                                       // ends the session
}

// name is what is or will be shown.
func (e *entry) name() string {
	if e.given != "" {
		return e.given
	}
	return e.typed
}

// theRole is this person's, as far as it is known.
func (e *entry) theRole() meeting.Role {
	if role := e.you().Role; role != "" {
		return role
	}
	return e.role
}

// setName takes the name as it is being typed.
func (e *entry) setName(name string) {
	e.typed = name
	if e.where.phase == PhaseLobby {
		e.where.trouble = Trouble{}
	}
}

// open looks at the link from the start: into the room with a resume secret,
// into the lobby without. A place that another tab has is left alone.
func (e *entry) open() {
	e.link.hangUp()
	e.where.move(PhaseOpening, Trouble{})
	e.link.start()
	if e.ticket.empty() {
		e.close(Trouble{Code: TroubleIncomplete})
		return
	}
	if e.ticket.replaced != "" {
		e.replaced()
		return
	}
	e.ready()
	e.link.connect()
}

// hail says what this tab wants of a connection that was just made.
func (e *entry) hail() {
	if e.ticket.resume != "" || e.where.phase == PhaseJoining || e.where.phase == PhaseWaiting || e.where.inRoom() {
		e.hello(answerLimit)
		return
	}
	e.peek()
}

// hungUp: what was under way over the connection is not any more.
func (e *entry) hungUp() {
	e.loop.unset(&e.again)
	e.loop.unset(&e.patience)
	e.greeting, e.admitted = false, false
	if e.parting = false; e.closeAfter {
		e.closeAfter = false
		e.end()
	}
}

// peek asks what awaits the holder of the token.
func (e *entry) peek() {
	e.loop.unset(&e.again)
	e.ask(answerLimit, protocol.Peek{Room: e.ticket.room, Token: e.ticket.shown()}, func() {})
}

// ask asks how this tab stands, and acts on the answer after it was told to answered.
func (e *entry) ask(limit time.Duration, m protocol.ClientMessage, answered func()) {
	var asked *request
	asked = e.requests.askWithin(limit, m, func(f protocol.ServerFrame) {
		answered()
		switch m := f.Message.(type) {
		case protocol.RoomState:
			e.heard(asked.sent, m.ServerTime)
			e.seen(m)
		case protocol.Waiting:
			e.heard(asked.sent, m.ServerTime)
			e.waits(m)
		case protocol.Welcome:
			e.heard(asked.sent, m.ServerTime)
			e.welcome(f, m)
			e.ticket.setResume(m.Resume) // this tab has its place in the room
		case protocol.Over:
			e.heard(asked.sent, m.ServerTime)
			e.over(m.Room, m.Session)
		case protocol.Error:
			e.refused(m)
		}
	})
}

func (e *entry) seen(m protocol.RoomState) {
	if e.where.inRoom() {
		return // asked before Join; Welcome says more
	}
	e.link.answered()
	e.ticket.setPass(m.Pass)
	e.link.peeked = true
	e.room.room, e.timeline.session = m.Room, protocol.Session{}
	if m.Session != nil {
		e.timeline.session = *m.Session
	}
	e.people, e.given = m.People, m.Name
	if e.role != m.Role {
		e.role = m.Role
		e.steer()
	}
	if e.where.phase == PhaseOpening {
		e.where.phase = PhaseLobby
	}
	if e.where.phase == PhaseLobby {
		e.loop.set(&e.again, e.peekPause(), e.askAgain)
		if e.where.trouble.Code == protocol.CodeLocked && !m.Room.Locked {
			e.where.trouble = Trouble{}
		}
	}
}

// peekPause is how long the lobby waits before it asks again: not past the end.
func (e *entry) peekPause() time.Duration {
	left := e.timeline.session.EndsAt.Sub(e.timeline.now())
	switch {
	case e.timeline.session.StartedAt.IsZero():
		return peekEvery
	case left > 0:
		return min(peekEvery, left+peekLate)
	}
	return peekEnding
}

// askAgain is the lobby's next question: how the meeting stands or, of somebody
// who found the room full, whether there is a place by now.
func (e *entry) askAgain() {
	if e.where.phase == PhaseLobby && e.where.trouble.Code == protocol.CodeRoomFull {
		e.hello(answerLimit)
		return
	}
	e.peek()
}

// join is a press on Join.
func (e *entry) join() {
	if e.where.phase != PhaseLobby {
		return
	}
	e.where.move(PhaseJoining, Trouble{})
	e.loop.unset(&e.again)
	if e.given == "" {
		e.local.Set(keyName, e.typed)
	}
	switch {
	case e.greeting: // by itself, as the room was full
	case e.link.connected():
		e.hello(answerLimit)
	case e.link.waits():
		e.link.connect()
	}
}

// hello enters the room, or comes back to the place in it.
func (e *entry) hello(limit time.Duration) {
	e.loop.unset(&e.again)
	hello := protocol.Hello{Room: e.ticket.room, Sending: e.greet()}
	if e.ticket.resume != "" {
		hello.Resume, hello.Name = e.ticket.resume, e.you().Name
	} else {
		hello.Token, hello.Name = e.ticket.shown(), meeting.Clean(e.name())
		hello.Again = e.ticket.again.secret()
	}
	e.greeting = true
	e.ask(limit, hello, func() { e.greeting = false })
}

// waits: a moderator has to let this person in. The devices stay as they are.
func (e *entry) waits(m protocol.Waiting) {
	e.link.answered()
	e.ticket.setPass(m.Pass)
	e.where.move(PhaseWaiting, Trouble{})
	e.room.room = m.Room
	if e.admitted {
		e.admitted = false
		e.hello(answerLimit)
		return
	}
	e.loop.set(&e.again, waitEvery, func() { e.hello(answerLimit) })
}

// letIn: a moderator let this person in, which holds for this connection. A
// hello that is under way may have come before that; waits then says another.
func (e *entry) letIn() {
	switch {
	case e.where.phase != PhaseWaiting:
	case e.greeting:
		e.admitted = true
	default:
		e.hello(answerLimit)
	}
}

// passing are the refusals of hello and peek that may be over soon.
var passing = []protocol.Code{protocol.CodeUnavailable, protocol.CodeUnknown, protocol.CodeInternal, protocol.CodeTooMany, protocol.CodeNetworkFull}

// refused acts on the refusal of hello or peek.
func (e *entry) refused(refusal protocol.Error) {
	phase := e.where.phase
	badTicket := refusal.Code == protocol.CodeBadToken || refusal.Code == protocol.CodeExpiredToken
	atTheDoor := phase == PhaseLobby || phase == PhaseJoining || phase == PhaseWaiting
	switch {
	case refusal.Code == TroubleOffline, refusal.Code == TroubleUnanswered: // the link acts on it
	case slices.Contains(passing, refusal.Code), refusal.Code == protocol.CodeRoomFull && !atTheDoor:
		e.link.busy(troubleOf(refusal))
	case badTicket && e.ticket.resume != "":
		e.backToLobby()
	case badTicket && e.ticket.pass != "": // the link itself may be better
		e.ticket.setPass("")
		e.link.connect()
	case refusal.Code == protocol.CodeRoomFull && phase == PhaseLobby && e.where.trouble == (Trouble{}):
		e.peek() // asked by itself, and the person has begun to write another name
	case refusal.Code == protocol.CodeBadRequest && phase == PhaseJoining, atTheDoor && opens(refusal.Code):
		e.where.move(PhaseLobby, troubleOf(refusal))
		e.peek()
	default:
		e.close(troubleOf(refusal))
	}
}

// opens reports whether a refusal is of a door that may open again. Whoever is
// refused so stays before it, where the next look shows when that changed.
func opens(code protocol.Code) bool {
	return code == protocol.CodeLocked || code == protocol.CodeRoomFull
}

// backToLobby gives up a place that the server knows no more, and tries the
// link itself.
func (e *entry) backToLobby() {
	e.ticket.setResume("")
	e.requests.forgetAll() // they were asked in that place
	e.forget()
	e.open()
}
