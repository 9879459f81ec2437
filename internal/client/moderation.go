package client

import (
	"slices"

	"overtime/internal/protocol"
)

// moderation is what a moderator asked for and what was not answered yet.
type moderation struct {
	removing  []string // participants
	answering []string // people who wait
	locking   bool
	renewing  bool
}

// cannotAsk reports whether the server cannot be reached now, and tells so.
func (s *Session) cannotAsk() bool {
	if s.link.state == LinkGood {
		return false
	}
	s.refused(protocol.Error{Code: TroubleOffline})
	return true
}

// refusedIf tells the person why the server did not do what was asked.
func (s *Session) refusedIf(m protocol.ServerMessage) {
	if e, no := m.(protocol.Error); no {
		s.refused(e)
	}
}

// remove takes somebody out of the session, already confirmed.
func (s *Session) remove(id string) {
	if s.phase != PhaseRoom || slices.Contains(s.moderation.removing, id) || s.cannotAsk() {
		return
	}
	s.moderation.removing = append(s.moderation.removing, id)
	s.requestLasting(protocol.Remove{Participant: id}, func(f protocol.ServerFrame) {
		s.moderation.removing = without(s.moderation.removing, id)
		s.refusedIf(f.Message)
	})
}

// answer lets somebody in who waits, or turns them away.
func (s *Session) answer(id string, m protocol.ClientMessage) {
	if s.phase != PhaseRoom || slices.Contains(s.moderation.answering, id) || s.cannotAsk() {
		return
	}
	s.moderation.answering = append(s.moderation.answering, id)
	s.request(m, func(f protocol.ServerFrame) {
		s.moderation.answering = without(s.moderation.answering, id)
		s.refusedIf(f.Message)
	})
}

func (s *Session) setLocked(locked bool) {
	if s.phase != PhaseRoom || s.moderation.locking || s.cannotAsk() {
		return
	}
	s.moderation.locking = true
	s.requestLasting(protocol.Lock{Locked: locked}, func(f protocol.ServerFrame) {
		s.moderation.locking = false
		s.refusedIf(f.Message)
	})
}

// renewLink has the server make a new guests' link, already confirmed.
func (s *Session) renewLink() {
	if s.phase != PhaseRoom || s.moderation.renewing || s.cannotAsk() {
		return
	}
	s.moderation.renewing = true
	s.requestLasting(protocol.RenewLink{}, func(f protocol.ServerFrame) {
		s.moderation.renewing = false
		if e, no := f.Message.(protocol.Error); no {
			s.refused(e)
			return
		}
		s.toast(Toast{Kind: ToastRenewed})
	})
}

// roomChanged takes the new settings in, and tells of those that concern
// everyone. Windows close by an extension or an end only, so an event without
// a notice leaves the banner alone.
func (s *Session) roomChanged(m protocol.RoomChanged) {
	was := s.place.room
	s.place.room = m.Room
	if m.Notice != nil {
		s.announce(m.Notice)
	}
	switch {
	case m.Room.Locked && !was.Locked:
		s.toast(Toast{Kind: ToastLocked})
	case was.Locked && !m.Room.Locked:
		s.toast(Toast{Kind: ToastUnlocked})
	}
	if !m.Room.LatestEnd.Equal(was.LatestEnd) {
		s.toast(Toast{Kind: ToastBooked, EndsAt: m.Room.LatestEnd})
	}
}

// waiters are those who wait to be let in, as a moderator sees them.
func (s *Session) waiters() []Waiter {
	var out []Waiter
	for _, w := range s.place.waiting {
		out = append(out, Waiter{ID: w.ID, Name: w.Name, Answering: slices.Contains(s.moderation.answering, w.ID)})
	}
	return out
}

func without(list []string, id string) []string {
	return slices.DeleteFunc(list, func(have string) bool { return have == id })
}
