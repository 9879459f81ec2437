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

// roomLocked: nobody new is let in, and this one stays at the door, where the
// next look shows when that changed. Whoever comes back to a place is let in.
func (s *Session) roomLocked(t Trouble) {
	s.phase, s.trouble = PhaseLobby, t
	s.peek()
}
