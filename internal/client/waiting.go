package client

import (
	"time"

	"overtime/internal/protocol"
)

// waitEvery is how often somebody who waits to be let in says hello again. The
// server forgets who did not for a minute.
const waitEvery = 20 * time.Second

// waits: a moderator has to let this person in. The devices stay as they are.
func (s *Session) waits(m protocol.Waiting) {
	s.serverAnswered()
	s.setPass(m.Pass)
	s.phase, s.trouble = PhaseWaiting, Trouble{}
	s.place.room = m.Room
	if s.link.admitted {
		s.link.admitted = false
		s.hello()
		return
	}
	s.set(&s.lobby.again, waitEvery, s.hello)
}

// admitted: a moderator let this person in, which holds for this connection. A
// hello that is under way may have come before that; waits then says another.
func (s *Session) admitted() {
	switch {
	case s.phase != PhaseWaiting:
	case s.link.greeting:
		s.link.admitted = true
	default:
		s.hello()
	}
}

// opens reports whether a refusal is of a door that may open again. Whoever is
// refused so stays before it, where the next look shows when that changed.
func opens(code protocol.Code) bool {
	return code == protocol.CodeLocked || code == protocol.CodeRoomFull
}

// askAgain is the lobby's next question: how the meeting stands or, of somebody
// who found the room full, whether there is a place by now.
func (s *Session) askAgain() {
	if s.phase == PhaseLobby && s.trouble.Code == protocol.CodeRoomFull {
		s.hello()
		return
	}
	s.peek()
}
