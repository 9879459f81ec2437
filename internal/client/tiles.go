package client

import (
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

// tiles are the slots as the components draw them.
func (s *Session) tiles() []Tile {
	var out []Tile
	for i, id := range s.slots.ids {
		p, here := s.person(id)
		switch {
		case i == 0:
			out = append(out, s.selfTile())
		case here:
			out = append(out, s.tile(p))
		default:
			out = append(out, Tile{Empty: true})
		}
	}
	return out
}

// selfTile shows the devices as they are here: that is newer than what the
// server tells everyone.
func (s *Session) selfTile() Tile {
	t := s.tile(s.place.you)
	t.Self, t.Seat, t.Reconnecting = true, "", s.link.state == LinkReconnecting
	t.Microphone = s.devices.microphone.sends()
	t.Camera = s.devices.camera.sends()
	return t
}

func (s *Session) tile(p protocol.Person) Tile {
	return Tile{
		ID: p.ID, Name: p.Name, Role: p.Role,
		Microphone: p.Sends(protocol.Microphone), Camera: p.Sends(protocol.Camera),
		Speaking:     slices.Contains(s.place.speaking, p.ID),
		Reconnecting: p.Reconnecting,
		Removing:     slices.Contains(s.moderation.removing, p.ID),
		Seat:         s.seatOf(p.ID),
	}
}

// seatOf is the mid of the seat that carries the person's camera.
func (s *Session) seatOf(id string) string {
	for _, seat := range s.media.seats {
		if seat.Participant == id && seat.Source == protocol.Camera {
			return seat.Mid
		}
	}
	return ""
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
		Phase: s.phase, Trouble: s.trouble, Link: s.link.state, Away: s.link.why,
		Room: s.place.room, Session: s.place.session, People: s.lobby.people,
		Me:         Me{Name: s.lobby.name(), NameFixed: s.lobby.given != "", Role: s.lobby.role},
		Microphone: s.deviceView(&s.devices.microphone), Camera: s.deviceView(&s.devices.camera),
		Toasts:       s.shownToasts(),
		Comings:      s.comings.told,
		SoundBlocked: s.browser.Stage.SoundBlocked(),
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
		v.MediaTrouble = s.media.fault.why()
	}
	v.People = len(s.place.people)
	v.Me.ID, v.Me.Name, v.Me.Role = s.place.you.ID, s.place.you.Name, s.place.you.Role
	v.Tiles = s.tiles()
	v.Guests = s.place.guests
	v.Waiting = s.waiters()
	v.Locking, v.RenewingLink = s.moderation.locking, s.moderation.renewing
	v.Notice = s.notice.open
	v.NoticeHidden = s.notice.hidden && !s.lastMinute()
	v.Extending, v.EndingForAll = s.notice.extending, s.notice.ending
}
