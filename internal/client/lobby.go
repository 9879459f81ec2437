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
)

// lobby is what the person sees and says before entering.
type lobby struct {
	people int
	role   meeting.Role
	given  string // the name that the token fixes
	typed  string
	again  alarm // for the next peek, or for the next hello of who waits
}

func (l lobby) name() string {
	if l.given != "" {
		return l.given
	}
	return l.typed
}

// final reports whether the phase needs no connection.
func (p Phase) final() bool { return p == PhaseEnded || p == PhaseLeft || p == PhaseClosed }

// open looks at the link from the start: into the room with a resume secret,
// into the lobby without. A place that another tab has is left alone.
func (s *Session) open() {
	s.hangUp()
	s.phase, s.trouble = PhaseOpening, Trouble{}
	s.link.state, s.link.attempt, s.link.late, s.link.unheard = LinkGood, 0, 0, 0
	if s.ticket == (ticket{}) {
		s.shutOut(Trouble{Code: TroubleIncomplete})
		return
	}
	if s.ticket.replaced {
		s.replaced()
		return
	}
	s.readyDevices()
	s.connect()
}

// peek asks what awaits the holder of the token.
func (s *Session) peek() {
	s.unset(&s.lobby.again)
	var asked *request
	asked = s.requestWithin(answerLimit, protocol.Peek{Room: s.room, Token: s.ticket.shown()}, func(f protocol.ServerFrame) {
		switch m := f.Message.(type) {
		case protocol.RoomState:
			s.heardTime(asked.sent, m.ServerTime)
			s.seen(m)
		case protocol.Over:
			s.heardTime(asked.sent, m.ServerTime)
			s.over(m.Room, m.Session)
		case protocol.Error:
			s.turnedDown(m)
		}
	})
}

func (s *Session) seen(m protocol.RoomState) {
	if s.phase == PhaseRoom {
		return // asked before Join; Welcome says more
	}
	s.serverAnswered()
	s.setPass(m.Pass)
	s.link.peeked = true
	s.place.room, s.place.session = m.Room, protocol.Session{}
	if m.Session != nil {
		s.place.session = *m.Session
	}
	s.lobby.people, s.lobby.given = m.People, m.Name
	if s.lobby.role != m.Role {
		s.lobby.role = m.Role
		s.steerDevices()
	}
	if s.phase == PhaseOpening {
		s.phase = PhaseLobby
	}
	if s.phase == PhaseLobby {
		s.set(&s.lobby.again, s.peekPause(), s.askAgain)
		if s.trouble.Code == protocol.CodeLocked && !m.Room.Locked {
			s.trouble = Trouble{}
		}
	}
}

// peekPause is how long the lobby waits before it asks again: not past the end.
func (s *Session) peekPause() time.Duration {
	left := s.place.session.EndsAt.Sub(s.Now())
	switch {
	case s.place.session.StartedAt.IsZero():
		return peekEvery
	case left > 0:
		return min(peekEvery, left+peekLate)
	}
	return peekEnding
}

// join is a press on Join.
func (s *Session) join() {
	if s.phase != PhaseLobby {
		return
	}
	s.phase, s.trouble = PhaseJoining, Trouble{}
	s.unset(&s.lobby.again)
	if s.lobby.given == "" {
		s.browser.Local.Set(keyName, s.lobby.typed)
	}
	switch {
	case s.link.greeting: // by itself, as the room was full
	case s.link.conn != nil:
		s.hello()
	case s.link.retry.waits():
		s.connect()
	}
}

// hello enters the room, or comes back to the place in it.
func (s *Session) hello() { s.helloWithin(answerLimit) }

func (s *Session) helloWithin(limit time.Duration) {
	s.unset(&s.lobby.again)
	hello := protocol.Hello{Room: s.room, Sending: s.sources()}
	if s.ticket.resume != "" {
		hello.Resume, hello.Name = s.ticket.resume, s.place.you.Name
	} else {
		hello.Token, hello.Name = s.ticket.shown(), meeting.Clean(s.lobby.name())
		hello.Again = again{s.browser.Local, s.room}.secret()
	}
	s.media.told = hello.Sending
	s.link.greeting = true
	var asked *request
	asked = s.requestWithin(limit, hello, func(f protocol.ServerFrame) {
		s.link.greeting = false
		switch m := f.Message.(type) {
		case protocol.Waiting:
			s.heardTime(asked.sent, m.ServerTime)
			s.waits(m)
		case protocol.Welcome:
			s.heardTime(asked.sent, m.ServerTime)
			s.welcomed(f, m)
		case protocol.Over:
			s.heardTime(asked.sent, m.ServerTime)
			s.over(m.Room, m.Session)
		case protocol.Error:
			s.turnedDown(m)
		}
	})
}

// passing are the refusals of hello and peek that may be over soon.
var passing = []protocol.Code{protocol.CodeUnavailable, protocol.CodeUnknown, protocol.CodeInternal, protocol.CodeTooMany, protocol.CodeNetworkFull}

// turnedDown acts on the refusal of hello or peek.
func (s *Session) turnedDown(e protocol.Error) {
	badTicket := e.Code == protocol.CodeBadToken || e.Code == protocol.CodeExpiredToken
	atTheDoor := s.phase == PhaseLobby || s.phase == PhaseJoining || s.phase == PhaseWaiting
	switch {
	case e.Code == TroubleOffline, e.Code == TroubleUnanswered: // lost acts on it
	case slices.Contains(passing, e.Code), e.Code == protocol.CodeRoomFull && !atTheDoor:
		s.lost(nil)
		s.link.why = troubleOf(e)
	case badTicket && s.ticket.resume != "":
		s.backToLobby()
	case badTicket && s.ticket.pass != "": // the link itself may be better
		s.setPass("")
		s.connect()
	case e.Code == protocol.CodeRoomFull && s.phase == PhaseLobby && s.trouble == (Trouble{}):
		s.peek() // asked by itself, and the person has begun to write another name
	case e.Code == protocol.CodeBadRequest && s.phase == PhaseJoining, atTheDoor && opens(e.Code):
		s.phase, s.trouble = PhaseLobby, troubleOf(e)
		s.peek()
	default:
		s.shutOut(troubleOf(e))
	}
}

// backToLobby gives up a place that the server knows no more, and tries the
// link itself.
func (s *Session) backToLobby() {
	s.setResume("")
	s.leavePlace()
	s.open()
}

// shutOut: this tab cannot be in the meeting. Who was removed keeps the secret
// of the place, so that a reload says so again instead of offering to join.
func (s *Session) shutOut(t Trouble) {
	if t.Code != protocol.CodeRemoved {
		s.setResume("")
	}
	again{s.browser.Local, s.room}.forget(s.ticket.resume)
	s.setReplaced(false)
	s.retire(PhaseClosed, t)
	s.hangUp()
}

// replaced: the same person is in the meeting elsewhere. The secret of the
// place stays, for Rejoin.
func (s *Session) replaced() {
	s.setReplaced(true)
	s.retire(PhaseClosed, Trouble{Code: protocol.CodeReplaced})
	s.hangUp()
}

// over: the meeting has ended; the server said so.
func (s *Session) over(room protocol.Room, session protocol.Session) {
	s.setResume("")
	known := again{s.browser.Local, s.room}
	known.forget(known.secret())
	s.retire(PhaseEnded, Trouble{})
	s.hangUp()
	s.place.room, s.place.session = room, session
}

// retire goes to a phase without connection, devices and place. The token
// stays with the tab, so that a reload shows how things stand: the server
// answers it with the lobby, or with over. The caller hangs up.
func (s *Session) retire(to Phase, t Trouble) {
	s.forgetRequests()
	s.leavePlace()
	s.clearToasts()
	s.phase, s.trouble = to, t
	s.steerDevices()
}

// leaveWait is how long a farewell waits for the server to have heard it.
const leaveWait = 2 * time.Second

func (s *Session) leave() {
	if s.phase.final() {
		return
	}
	heard := s.link.joined || s.phase == PhaseWaiting && s.link.conn != nil
	s.setResume("")
	s.retire(PhaseLeft, Trouble{})
	if !heard {
		s.hangUp()
		return
	}
	// The page changes now; the connection lives on until the server knows.
	s.link.parting = true
	s.unset(&s.pulse.next)
	s.unset(&s.link.behind)
	s.set(&s.link.retry, leaveWait, s.hangUp)
	s.request(protocol.Leave{}, func(protocol.ServerFrame) { s.hangUp() })
}

// rejoin goes back into a meeting that was left, or tries again.
func (s *Session) rejoin() {
	switch {
	case s.phase.final():
		s.setReplaced(false)
		s.open()
	case s.link.retry.waits():
		s.connect()
	}
}
