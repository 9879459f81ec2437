package client

import (
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// notice is the banner and the presses on it.
type notice struct {
	open      meeting.Notice // as the server announced it; zero: none
	hidden    bool
	extending bool
	ending    bool
	moment    alarm // for the next instant at which a view changes by itself
}

// announce opens the server's notice, or closes the banner. Not now holds for
// one window only.
func (s *Session) announce(n *meeting.Notice) {
	if n == nil {
		n = &meeting.Notice{}
	}
	if n.Window != s.notice.open.Window || !n.EndsAt.Equal(s.notice.open.EndsAt) {
		s.notice.hidden = false
	}
	s.notice.open = *n
}

func (s *Session) hideNotice() {
	if s.notice.open.Window != meeting.NoWindow && !s.lastMinute() {
		s.notice.hidden = true
	}
}

// lastMinute is of the room's minutes, like everything in its rules.
func (s *Session) lastMinute() bool { return !s.Now().Before(s.lastMinuteAt()) }

func (s *Session) lastMinuteAt() time.Time {
	minute := time.Duration(s.place.room.MinuteMS) * time.Millisecond
	if minute == 0 {
		minute = time.Minute
	}
	return s.place.session.EndsAt.Add(-minute)
}

// timeUp: the end has passed, and the server cannot be asked whether it holds.
// This side only says so: it never ends a meeting by itself.
func (s *Session) timeUp() bool {
	return s.phase == PhaseRoom && s.link.state == LinkReconnecting && s.pastEnd()
}

// awaitMoment wakes the loop when the last minute begins and at the end, so
// that a new view is made.
func (s *Session) awaitMoment() {
	if s.phase != PhaseRoom {
		s.unset(&s.notice.moment)
		return
	}
	now := s.Now()
	for _, at := range []time.Time{s.lastMinuteAt(), s.place.session.EndsAt} {
		if at.After(now) {
			s.set(&s.notice.moment, at.Sub(now), func() {})
			return
		}
	}
	s.unset(&s.notice.moment)
}

// extend is a press on Extend. It names the end that the person saw, so that
// of two people who press at once only one moves it.
func (s *Session) extend(i Extend) {
	m := protocol.Extend{Window: s.window()}
	if i.Minutes != 0 {
		m.Minutes = &i.Minutes
	}
	if i.Then != nil {
		s.askToExtend(m, i.Then)
		return
	}
	if s.phase != PhaseRoom || s.notice.extending || s.cannotAsk() {
		return
	}
	s.notice.extending = true
	s.requestLasting(m, func(f protocol.ServerFrame) {
		s.notice.extending = false
		if e, no := f.Message.(protocol.Error); no {
			s.notExtended(e)
		}
	})
}

// window is the one that the person saw, by its end.
func (s *Session) window() time.Time {
	if s.notice.open.Window == meeting.NoWindow {
		return s.place.session.EndsAt // the server says when one opens
	}
	return s.notice.open.EndsAt
}

// notExtended tells why a press did nothing. Who was a moment late is told once:
// this says all that the news of the other's extension says.
func (s *Session) notExtended(e protocol.Error) {
	if e.Code == protocol.CodeAlreadyExtended {
		s.dropToasts(func(t Toast) bool { return t.Kind == ToastExtended && t.EndsAt.Equal(e.EndsAt) })
	}
	s.refused(e)
}

// endForAll is a press on End for all, already confirmed.
func (s *Session) endForAll(i End) {
	if i.Then != nil {
		s.askToEnd(i.Reason, i.Then)
		return
	}
	if s.phase != PhaseRoom || s.notice.ending || s.cannotAsk() {
		return
	}
	s.notice.ending = true
	s.requestLasting(protocol.End{Reason: i.Reason}, func(f protocol.ServerFrame) {
		s.notice.ending = false
		s.refusedIf(f.Message)
	})
}
