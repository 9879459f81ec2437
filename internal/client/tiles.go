package client

import (
	"reflect"
	"slices"

	"overtime/internal/protocol"
)

// slots says who sits where on the stage. Whoever has a slot keeps it; who
// comes takes the first that is free. It never gets shorter, because a
// component that moves would lose its picture.
type slots struct{ ids []string } // "" is a free slot; 0 is this tab's own

// seat gives self the first slot and each of people one, and frees those of
// everyone else.
func (l *slots) seat(self string, people []string) {
	if len(l.ids) == 0 {
		l.ids = []string{self}
	}
	l.ids[0] = self
	for i, id := range l.ids[1:] {
		if !slices.Contains(people, id) {
			l.ids[i+1] = ""
		}
	}
	for _, id := range people {
		if id != "" && !slices.Contains(l.ids, id) {
			l.take(id)
		}
	}
}

func (l *slots) take(id string) {
	for i, have := range l.ids[1:] {
		if have == "" {
			l.ids[i+1] = id
			return
		}
	}
	l.ids = append(l.ids, id)
}

// participants are the people in the slots as the components draw them.
func (s *Session) participants() []Participant {
	var out []Participant
	for i, id := range s.slots.ids {
		p, here := s.person(id)
		switch {
		case i == 0:
			out = append(out, s.self())
		case here:
			out = append(out, s.participant(p))
		default:
			out = append(out, Participant{Empty: true})
		}
	}
	return out
}

// self shows the devices as they are here: that is newer than what the server
// tells everyone.
func (s *Session) self() Participant {
	p := s.participant(s.place.you)
	p.Self, p.Reconnecting = true, s.link.state == LinkReconnecting
	p.Microphone = s.devices.microphone.sends()
	p.Camera = s.devices.camera.sends()
	return p
}

func (s *Session) participant(p protocol.Person) Participant {
	return Participant{
		ID: p.ID, Name: p.Name, Role: p.Role,
		Microphone: p.Sends(protocol.Microphone), Camera: p.Sends(protocol.Camera),
		Reconnecting: p.Reconnecting,
		Removing:     slices.Contains(s.moderation.removing, p.ID),
	}
}

func (s *Session) person(id string) (p protocol.Person, here bool) {
	for _, p := range s.place.people {
		if p.ID == id && id != "" {
			return p, true
		}
	}
	return p, false
}

// buildView is the state as the components see it.
func (s *Session) buildView() View {
	v := View{
		Phase: s.phase, Trouble: s.trouble,
		Connection: &Connection{Link: s.link.state, Away: s.link.why},
		Me:         &Me{Name: s.lobby.name(), NameFixed: s.lobby.given != "", Role: s.lobby.role},
		Room:       &Room{Room: s.place.room},
		Timeline:   &Timeline{Session: s.place.session},
		Roster:     &Roster{Here: s.lobby.people},
		Stage:      &StageView{SoundBlocked: s.browser.Stage.SoundBlocked()},
		Devices:    &DevicesView{Microphone: s.deviceView(&s.devices.microphone), Camera: s.deviceView(&s.devices.camera)},
		News:       &News{Toasts: s.shownToasts(), Comings: s.comings.told},
	}
	if s.phase == PhaseRoom {
		s.viewRoom(&v)
	}
	return v
}

func (s *Session) viewRoom(v *View) {
	if s.timeUp() {
		v.Trouble = Trouble{Code: TroubleTimeUp, EndsAt: s.place.session.EndsAt}
	}
	if s.link.state == LinkGood {
		v.Connection.Media = s.media.fault.why()
	}
	v.Me.ID, v.Me.Name, v.Me.Role = s.place.you.ID, s.place.you.Name, s.place.you.Role
	v.Room.Guests = s.place.guests
	v.Room.Locking, v.Room.RenewingLink = s.moderation.locking, s.moderation.renewing
	v.Timeline.Notice = s.notice.open
	v.Timeline.NoticeHidden = s.notice.hidden && !s.lastMinute()
	v.Timeline.Extending, v.Timeline.EndingForAll = s.notice.extending, s.notice.ending
	v.Roster = &Roster{Slots: s.participants(), Here: len(s.place.people), Waiting: s.waiters()}
	v.Stage.Speaking, v.Stage.Seats = s.place.speaking, s.media.seats
}

// keep takes over the parts of last that are the same.
func (v *View) keep(last *View) {
	keep(&v.Connection, last.Connection)
	keep(&v.Me, last.Me)
	keep(&v.Room, last.Room)
	keep(&v.Timeline, last.Timeline)
	keep(&v.Roster, last.Roster)
	keep(&v.Stage, last.Stage)
	keep(&v.Devices, last.Devices)
	keep(&v.News, last.News)
}

func keep[T any](part **T, last *T) {
	if reflect.DeepEqual(*part, last) {
		*part = last
	}
}
