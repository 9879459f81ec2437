package client

import (
	"slices"
	"strings"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// place is the room as the server told it. Slices in it are replaced, never
// written to: views share them.
type place struct {
	room     protocol.Room
	session  protocol.Session
	you      protocol.Person
	guests   string
	people   []protocol.Person // in order of arrival
	speaking []string
	waiting  []protocol.Waiter // told to moderators only

	// epoch and seq are of the last numbered event that is in here.
	epoch, seq uint64
}

// welcomed takes the snapshot in; it replaces everything, also an epoch that
// was higher: should a fenced owner have spoken, the next event of the true
// one shows it.
func (s *Session) welcomed(f protocol.ServerFrame, w protocol.Welcome) {
	back := s.phase == PhaseRoom && s.link.state == LinkReconnecting
	known := s.place
	wasIn := s.phase == PhaseRoom && known.you.ID == w.You.ID
	if !wasIn {
		s.slots = slots{}
	}
	s.place = place{
		room: w.Room, session: w.Session, you: w.You, guests: s.address(w.Guests),
		people: w.People, speaking: w.Speaking, waiting: w.Waiting, epoch: f.Epoch, seq: f.Seq,
	}
	s.phase, s.trouble = PhaseRoom, Trouble{}
	s.link.joined = true
	s.serverAnswered()
	s.setResume(w.Resume)
	s.announce(w.Notice)
	s.seatPeople()
	if back {
		s.toast(Toast{Kind: ToastBack})
	}
	if wasIn {
		s.toastMissed(known.session, w.Session)
	}
	s.resend()
	s.startBurst(answerLimit)
	s.welcomeMedia(w.Media, s.local()-s.link.left)
	s.steerDevices() // the role is known now, or is another one
}

// address is a link of this server as others can use it: with its origin.
func (s *Session) address(link string) string {
	if strings.HasPrefix(link, "/") {
		return s.browser.Page.Origin() + link
	}
	return link
}

// toastMissed tells of the last extension that happened while away.
func (s *Session) toastMissed(known, now protocol.Session) {
	if known.Number != now.Number || !now.EndsAt.After(known.EndsAt) {
		return
	}
	for _, e := range slices.Backward(now.Story) {
		if e.Kind == meeting.EntryExtended {
			s.extendedToast(e)
			return
		}
	}
}

// checkAnswer makes an answer that a fenced owner gave a failure, and watches
// for events that an answer shows to be missing.
func (s *Session) checkAnswer(f protocol.ServerFrame) protocol.ServerFrame {
	if !s.link.joined || s.phase != PhaseRoom {
		return f
	}
	switch {
	case f.Epoch == 0: // not of the room
	case f.Epoch < s.place.epoch:
		f.Message = protocol.Error{Code: protocol.CodeUnknown, Message: "the room has moved; see whether that was done, then try again"}
	case f.Epoch > s.place.epoch || f.Seq > s.place.seq:
		s.missing(f.Epoch, f.Seq)
	}
	return f
}

// missing asks for a snapshot if the event with that number stays away. The
// server sends answers and events in order, so one that an answer knows of and
// that has not come was lost on the way.
func (s *Session) missing(epoch, seq uint64) {
	if s.link.behind.waits() {
		return
	}
	s.set(&s.link.behind, eventPatience, func() {
		if s.place.epoch < epoch || s.place.epoch == epoch && s.place.seq < seq {
			s.refresh()
		}
	})
}

// told acts on a frame that answers nothing.
func (s *Session) told(f protocol.ServerFrame) {
	switch m := f.Message.(type) {
	case protocol.GoingAway:
		s.goingAway(time.Duration(m.RetryMS) * time.Millisecond)
		return
	case protocol.Over:
		s.over(m.Room, m.Session)
		return
	case protocol.Admitted:
		s.admitted()
		return
	case protocol.Error:
		s.toldWhy(m.Code)
		return
	}
	if !s.link.joined {
		return // the snapshot to come has it
	}
	if f.Event() {
		s.numbered(f)
		return
	}
	if f.Epoch != 0 && f.Epoch < s.place.epoch {
		return
	}
	switch m := f.Message.(type) {
	case protocol.Speaking:
		s.place.speaking = m.IDs
	case protocol.PeopleWaiting:
		s.place.waiting = m.People
	case protocol.GuestLink:
		s.place.guests = s.address(m.Guests)
	case protocol.Seating:
		s.media.seats = m.Video
	case protocol.MediaLost:
		s.mediaLost()
	}
}

// toldWhy acts on the server's last word before it closes the connection. The
// close code says the same; it may get lost, as may the word.
func (s *Session) toldWhy(code protocol.Code) {
	switch code {
	case protocol.CodeRemoved, protocol.CodeDenied, protocol.CodeTooMuchMedia:
		s.shutOut(Trouble{Code: code})
	case protocol.CodeReplaced:
		s.replaced()
	case protocol.CodeNotJoined:
		s.lost(nil) // this tab was too slow to say hello; what it holds is good
	}
}

// numbered applies the room's events once and in order. A gap, or a room that
// moved, needs a whole snapshot.
func (s *Session) numbered(f protocol.ServerFrame) {
	switch {
	case f.Epoch < s.place.epoch, f.Epoch == s.place.epoch && f.Seq <= s.place.seq:
	case f.Epoch == s.place.epoch && f.Seq == s.place.seq+1:
		s.place.seq = f.Seq
		s.happened(f.Message)
	default:
		s.refresh()
	}
}

// happened applies one event of the room.
func (s *Session) happened(m protocol.ServerMessage) {
	switch m := m.(type) {
	case protocol.PersonJoined:
		s.putPerson(m.Person)
		if m.Person.ID != s.place.you.ID {
			s.toast(Toast{Kind: ToastJoined, By: m.Person.Name})
			s.comings.join(m.Person.ID, m.Person.Name, len(s.place.people))
		}
	case protocol.PersonChanged:
		s.putPerson(m.Person)
	case protocol.PersonLeft:
		s.personLeft(m)
	case protocol.WindowOpened:
		s.announce(&m.Notice)
	case protocol.RoomChanged:
		s.roomChanged(m)
	case protocol.SessionExtended:
		s.extended(m.Entry)
	case protocol.SessionEnded:
		s.over(s.place.room, m.Session)
	}
}

func (s *Session) extended(e protocol.StoryEntry) {
	s.place.session.EndsAt = e.EndsAt
	s.place.session.Story = append(slices.Clip(s.place.session.Story), e)
	s.announce(nil)
	s.extendedToast(e)
}

func (s *Session) putPerson(p protocol.Person) {
	people := slices.Clone(s.place.people)
	if i := slices.IndexFunc(people, func(have protocol.Person) bool { return have.ID == p.ID }); i >= 0 {
		people[i] = p
	} else {
		people = append(people, p)
	}
	s.place.people = people
	if p.ID == s.place.you.ID {
		changed := s.place.you.Role != p.Role
		s.place.you = p
		if changed {
			s.steerDevices()
		}
	}
	s.seatPeople()
	s.show()
}

func (s *Session) personLeft(m protocol.PersonLeft) {
	if m.ID == s.place.you.ID {
		if m.Reason == protocol.LeftRemoved {
			s.shutOut(Trouble{Code: protocol.CodeRemoved})
			return
		}
		s.refresh() // we are here after all
		return
	}
	name := ""
	s.place.people = slices.DeleteFunc(slices.Clone(s.place.people), func(p protocol.Person) bool {
		if p.ID == m.ID {
			name = p.Name
		}
		return p.ID == m.ID
	})
	s.seatPeople()
	s.show()
	switch {
	case name == "":
	case m.Reason == protocol.LeftRemoved:
		s.toast(Toast{Kind: ToastRemoved, By: name})
	default:
		s.toast(Toast{Kind: ToastLeft, By: name})
		s.comings.leave(m.ID, name, len(s.place.people))
	}
}

func (s *Session) seatPeople() {
	ids := make([]string, 0, len(s.place.people))
	for _, p := range s.place.people {
		ids = append(ids, p.ID)
	}
	s.slots.seat(s.place.you.ID, ids)
}

// leavePlace forgets what was going on in the room. The room itself and its
// session stay for the pages that follow.
func (s *Session) leavePlace() {
	s.place = place{room: s.place.room, session: s.place.session}
	s.slots = slots{}
	s.notice = notice{moment: s.notice.moment}
	s.moderation = moderation{}
	s.comings.forget()
	s.closeMedia()
}
