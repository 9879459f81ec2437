package client

import (
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Outcome is what came of an intent whose maker waits for it: a page that
// embeds this one. It is told from the session's loop, which waits meanwhile.
// People see what comes of their presses in the View.
type Outcome struct {
	Trouble Trouble       // zero: it was done
	Grant   meeting.Grant // of an extension
}

// askToExtend answers the open window, and calls then once with what came of it.
// A refusal is told to then alone.
func (s *Session) askToExtend(m protocol.Extend, then func(Outcome)) {
	if s.canBeAsked(then) {
		s.ask(m, func() Outcome { return Outcome{Trouble: s.outside()} }, then)
	}
}

// askToEnd ends the session for all.
func (s *Session) askToEnd(reason string, then func(Outcome)) {
	if !s.canBeAsked(then) {
		return
	}
	s.ask(protocol.End{Reason: reason}, func() Outcome {
		if s.phase == PhaseEnded {
			return Outcome{} // the news of the end came before the answer
		}
		return Outcome{Trouble: s.outside()}
	}, then)
}

// canBeAsked answers then at once where the server could not be asked.
func (s *Session) canBeAsked(then func(Outcome)) bool {
	switch {
	case s.phase != PhaseRoom:
		then(Outcome{Trouble: s.outside()})
		return false
	case s.link.state != LinkGood:
		then(Outcome{Trouble: Trouble{Code: TroubleOffline}})
		return false
	}
	return true
}

// outside is why nothing can be asked of the room.
func (s *Session) outside() Trouble {
	if s.phase == PhaseEnded {
		return Trouble{Code: protocol.CodeOver}
	}
	return Trouble{Code: protocol.CodeNotJoined}
}

// ask sends a lasting request; dropped is its outcome if the place is left
// before the answer comes.
func (s *Session) ask(m protocol.ClientMessage, dropped func() Outcome, then func(Outcome)) {
	r := s.requestLasting(m, func(f protocol.ServerFrame) {
		switch m := f.Message.(type) {
		case protocol.Error:
			then(Outcome{Trouble: troubleOf(m)})
		case protocol.OK:
			o := Outcome{}
			if m.Grant != nil {
				o.Grant = *m.Grant
			}
			then(o)
		default:
			then(Outcome{Trouble: Trouble{Code: protocol.CodeInternal}})
		}
	})
	// In a turn of its own: the phase is then the one that follows.
	r.dropped = func() { s.inbox.put(func() { then(dropped()) }) }
}
