package client

import (
	"time"

	"overtime/internal/protocol"
)

// opened: there is a connection.
func (s *Session) opened() {
	s.reach.opened = true
	s.entry.hail()
}

// unopened: an attempt at one came to nothing.
func (s *Session) unopened() {
	if s.reach.failed(); s.reach.blocked() {
		s.link.why = Trouble{Code: TroubleBlocked}
	}
}

// hungUp: the connection is gone, and with it what was under way over it.
func (s *Session) hungUp() {
	s.heartbeat.stop()
	s.sequence.stop()
	s.requests.fail()
	s.entry.hungUp()
}

// received gives a frame to whom it concerns.
func (s *Session) received(f protocol.ServerFrame) {
	switch {
	case f.ID != "" && s.link.joined && s.where.inRoom():
		s.requests.answered(s.sequence.check(f))
	case f.ID != "":
		s.requests.answered(f)
	case !s.where.final():
		s.notified(f)
	}
}

// notified acts on a frame that answers nothing.
func (s *Session) notified(f protocol.ServerFrame) {
	switch m := f.Message.(type) {
	case protocol.GoingAway:
		s.link.away(time.Duration(m.RetryMS) * time.Millisecond)
		return
	case protocol.Over:
		s.entry.over(m.Room, m.Session)
		return
	case protocol.Admitted:
		s.entry.letIn()
		return
	case protocol.Error:
		s.entry.lastWord(m.Code)
		return
	}
	switch {
	case !s.link.joined: // the snapshot to come has it
	case f.Message == nil:
		s.sequence.skip(f)
	case f.Event() && s.sequence.next(f), !f.Event() && !s.sequence.stale(f):
		s.happened(f.Message)
	}
}

// happened applies one event of the room, or news that has no number: the next of its
// kind replaces it.
func (s *Session) happened(m protocol.ServerMessage) {
	switch m := m.(type) {
	case protocol.Speaking:
		s.roster.speaking = m.IDs
		s.stage.speaking(m.IDs)
	case protocol.PeopleWaiting:
		s.roster.waiting = m.People
	case protocol.GuestLink:
		s.settings.renewed(m.Guests)
	case protocol.Seating:
		s.media.seats = m.Video
	case protocol.Reactions:
		s.reactions.came(m.Reactions)
	case protocol.MediaLost:
		s.media.lost()
	case protocol.PersonJoined:
		s.people(func() { s.roster.joined(m.Person) })
	case protocol.PersonChanged:
		s.people(func() { s.roster.changed(m.Person) })
	case protocol.PersonLeft:
		s.left(m)
	case protocol.WindowOpened:
		s.timeline.announce(&m.Notice)
	case protocol.RoomChanged:
		// Windows close by an extension or an end only, so an event without a
		// notice leaves the banner alone.
		if s.settings.changed(m.Room); m.Notice != nil {
			s.timeline.announce(m.Notice)
		}
		s.sharing.steer()
	case protocol.SessionExtended:
		s.timeline.extended(m.Entry)
	case protocol.ChatSent:
		s.chat.add(m.Message)
	case protocol.ChatDeleted:
		s.chat.deleted(m.Number, m.ByModerator)
	case protocol.SessionEnded:
		s.entry.over(s.settings.room, m.Session)
	}
}

// people changes who is here, and has the devices and the pictures follow.
func (s *Session) people(change func()) {
	role := s.roster.you.Role
	change()
	if s.roster.you.Role != role {
		s.devices.steer()
		s.sharing.steer()
	}
	s.announcer.show()
}

// left: somebody is no longer in the room, or this tab is said not to be.
func (s *Session) left(m protocol.PersonLeft) {
	switch {
	case m.ID != s.roster.you.ID:
		s.people(func() { s.roster.left(m) })
	case m.Reason == protocol.LeftRemoved:
		s.entry.close(Trouble{Code: protocol.CodeRemoved})
	default:
		s.sequence.refresh() // we are here after all
	}
}

// greet is what is sent, as the server is told of it in a hello.
func (s *Session) greet() []protocol.Source {
	s.announcer.sent = s.sources()
	return s.announcer.sent
}

// sources are all that this person sends.
func (s *Session) sources() []protocol.Source {
	return append(s.devices.sources(), s.sharing.sources()...)
}

// welcome has all parts take the snapshot in; it replaces everything.
func (s *Session) welcome(f protocol.ServerFrame, w protocol.Welcome) {
	back := s.where.inRoom() && !s.link.good()
	same := s.where.inRoom() && s.roster.you.ID == w.You.ID
	s.sequence.start(f.Epoch, f.Seq)
	s.settings.room = w.Room
	s.settings.renewed(w.Guests)
	s.roster.take(w)
	s.where.move(PhaseRoom, Trouble{})
	s.link.joined = true
	s.link.answered()
	if back {
		s.toasts.show(Toast{Kind: ToastBack})
	}
	s.timeline.take(w.Session, w.Notice, same)
	s.chat.take(w.Session.Number, w.Chat, same)
	s.requests.resend()
	s.heartbeat.start(answerLimit)
	s.media.welcome(w.Media, s.loop.local()-s.link.left)
	s.devices.steer() // the role is known now, or is another one
	s.sharing.steer()
	s.stage.speaking(w.Speaking)
}

// forget has all parts drop what was going on in the room.
func (s *Session) forget() {
	s.heartbeat.stop()
	s.sequence.stop()
	s.roster.forget()
	s.settings.guests = "" // only people inside know it; the room itself stays for the pages that follow
	s.timeline.forget()
	s.presses.forget()
	s.reactions.clear()
	s.chat.forget()
	s.sharing.end()
	s.stage.forget()
	s.media.forget()
	s.announcer.forget()
}

// woke is called when the tab was hidden, asleep or offline and is back.
func (s *Session) woke() {
	s.heartbeat.clock.wake()
	s.chat.seen()
	switch {
	case s.where.final():
	case !s.link.connected() && s.link.waits():
		s.link.connect()
	case !s.link.connected(): // an attempt is under way
	case s.where.phase == PhaseWaiting: // a new connection would lose its place in the line
		if s.entry.again.waits() {
			s.entry.hello(wakeLimit)
		}
	case s.loop.local()-s.link.heard >= silenceLimit:
		s.link.lost(nil)
	case s.link.joined:
		s.heartbeat.start(wakeLimit)
		s.media.tend()
	case s.where.phase == PhaseLobby && s.entry.again.waits():
		s.entry.peek()
	}
}
