package client

import (
	"reflect"
	"slices"
	"time"

	"overtime/internal/layout"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// views makes the session's state into Views. Each part of one is made of what
// its key holds: values, and the identity of lists, which are replaced and never
// written to. So no change has to be marked, and none can be forgotten; what is
// not in the key of a part must not be in the part.
type views struct {
	where      *standing
	link       *link
	entry      *entry
	settings   *settings
	timeline   *timeline
	roster     *roster
	moderation *moderation
	devices    *devices
	sharing    *sharing
	media      *media
	toasts     *toasts
	comings    *comings
	hands      *hands
	reactions  *reactions
	chat       *chat
	stage      *stage
	pictures   Stage
	nothing    *layout.Layout // of an empty stage

	shown shown
}

// shown are the parts of the last View.
type shown struct {
	connection part[Connection, Connection]
	me         part[Me, Me]
	room       part[Room, Room]
	timeline   part[timelineKey, Timeline]
	roster     part[rosterKey, Roster]
	stage      part[stageKey, StageView]
	devices    part[devicesKey, DevicesView]
	news       part[newsKey, News]
	reactions  part[list[Reaction], Reactions]
	chat       part[chatKey, Chat]
}

// part is one part of the View as it was last handed out, and what it was made of.
type part[K comparable, T any] struct {
	key  K
	last *T
}

// of is the part as it was handed out last, unless something else comes of a key
// that changed.
func (p *part[K, T]) of(key K, build func() T) *T {
	if p.last != nil && p.key == key {
		return p.last
	}
	p.key = key
	if next := build(); p.last == nil || !reflect.DeepEqual(*p.last, next) {
		p.last = &next
	}
	return p.last
}

// list is the identity of a list that is replaced and never written to.
type list[T any] struct {
	first  *T
	length int
}

func listOf[T any](of []T) list[T] {
	switch {
	case of == nil:
		return list[T]{length: -1}
	case len(of) == 0:
		return list[T]{}
	}
	return list[T]{&of[0], len(of)}
}

// view is the state as the components see it.
func (v *views) view() View {
	return View{
		Phase: v.where.phase, Trouble: v.trouble(),
		Connection: v.viewConnection(), Me: v.viewMe(), Room: v.viewRoom(), Timeline: v.viewTimeline(),
		Roster: v.viewRoster(), Stage: v.viewStage(), Layout: v.viewLayout(), Devices: v.viewDevices(), News: v.viewNews(),
		Reactions: v.viewReactions(), Chat: v.viewChat(),
	}
}

// trouble is, in the room, that the end has passed and the server cannot be
// asked whether it holds. This side only says so: it never ends a meeting by
// itself.
func (v *views) trouble() Trouble {
	if v.where.inRoom() && !v.link.good() && v.timeline.pastEnd() {
		return Trouble{Code: TroubleTimeUp, EndsAt: v.timeline.session.EndsAt}
	}
	return v.where.trouble
}

func (v *views) viewConnection() *Connection {
	c := Connection{Link: v.link.state, Away: v.link.why}
	if v.where.inRoom() && v.link.good() {
		c.Media = v.media.fault.why()
	}
	return v.shown.connection.of(c, func() Connection { return c })
}

func (v *views) viewMe() *Me {
	m := Me{Name: v.entry.name(), NameFixed: v.entry.given != "", Role: v.entry.role}
	if you := v.roster.you; v.where.inRoom() {
		m.ID, m.Name, m.Role = you.ID, you.Name, you.Role
	}
	return v.shown.me.of(m, func() Me { return m })
}

func (v *views) viewRoom() *Room {
	r := Room{Room: v.settings.room, Guests: v.settings.guests, Locking: v.moderation.locking, RenewingLink: v.moderation.renewing}
	return v.shown.room.of(r, func() Room { return r })
}

type timelineKey struct {
	number            int
	startedAt, endsAt time.Time
	story             list[protocol.StoryEntry]
	ending            *protocol.Ending
	notice            meeting.Notice
	hidden            bool
	extending, forAll bool
}

func (v *views) viewTimeline() *Timeline {
	t := v.timeline
	hidden := t.hidden && !t.lastMinute()
	s := t.session
	return v.shown.timeline.of(timelineKey{
		s.Number, s.StartedAt, s.EndsAt, listOf(s.Story), s.Ending, t.notice, hidden, t.extending, t.ending,
	}, func() Timeline {
		return Timeline{Session: s, Notice: t.notice, NoticeHidden: hidden, Extending: t.extending, EndingForAll: t.ending}
	})
}

type rosterKey struct {
	here                int
	self                Participant
	slots               list[string]
	people              list[protocol.Person]
	waiting             list[protocol.Waiter]
	removing, answering list[string]
	raising             bool
	screens             list[string]
}

func (v *views) viewRoster() *Roster {
	r, m := v.roster, v.moderation
	if !v.where.inRoom() {
		return v.shown.roster.of(rosterKey{here: v.entry.people}, func() Roster { return Roster{Here: v.entry.people} })
	}
	self := v.self()
	return v.shown.roster.of(rosterKey{
		len(r.people), self, listOf(r.slots.ids), listOf(r.people), listOf(r.waiting), listOf(m.removing), listOf(m.answering), v.hands.raising, listOf(r.screens),
	}, func() Roster {
		return Roster{Slots: v.participants(self), Screens: v.screens(), Here: len(r.people), Waiting: v.waiters(), Raising: v.hands.raising}
	})
}

// self shows the devices as they are here: that is newer than what the server
// tells everyone.
func (v *views) self() Participant {
	p := v.participant(v.roster.you)
	p.Self, p.Reconnecting = true, !v.link.good()
	p.Microphone = v.devices.microphone.sends()
	p.Camera = v.devices.camera.sends()
	return p
}

// participants are the people in the slots.
func (v *views) participants(self Participant) []Participant {
	out := make([]Participant, 0, len(v.roster.slots.ids))
	hands := handsOf(v.roster.people)
	for i, id := range v.roster.slots.ids {
		p, here := v.roster.person(id)
		switch {
		case i == 0:
			out = append(out, self)
		case here:
			out = append(out, v.participant(p))
		default:
			out = append(out, Participant{Empty: true})
		}
	}
	for i := range out {
		out[i].Hand = hands[out[i].ID]
	}
	return out
}

func (v *views) participant(p protocol.Person) Participant {
	return Participant{
		ID: p.ID, Name: p.Name, Role: p.Role,
		Microphone: p.Sends(protocol.Microphone), Camera: p.Sends(protocol.Camera),
		Reconnecting: p.Reconnecting,
		Removing:     slices.Contains(v.moderation.removing, p.ID),
	}
}

// screens are what others share, in its slots.
func (v *views) screens() []Screen {
	out := make([]Screen, len(v.roster.screens))
	for i, id := range v.roster.screens {
		if p, here := v.roster.person(id); here {
			out[i] = Screen{Participant: p.ID, Name: p.Name}
		}
	}
	return out
}

// waiters are those who wait to be let in, as a moderator sees them.
func (v *views) waiters() []Waiter {
	var out []Waiter
	for _, w := range v.roster.waiting {
		out = append(out, Waiter{ID: w.ID, Name: w.Name, Answering: slices.Contains(v.moderation.answering, w.ID)})
	}
	return out
}

type stageKey struct {
	speaking list[string]
	seats    list[protocol.Seat]
	blocked  bool
}

func (v *views) viewStage() *StageView {
	speaking, seats, blocked := v.roster.speaking, v.media.seats, v.pictures.SoundBlocked()
	return v.shown.stage.of(stageKey{listOf(speaking), listOf(seats), blocked}, func() StageView {
		return StageView{Speaking: speaking, Seats: seats, SoundBlocked: blocked}
	})
}

// viewLayout is what is seen where; there is nothing to see outside of the room.
func (v *views) viewLayout() *layout.Layout {
	if !v.where.inRoom() {
		return v.nothing
	}
	return v.stage.layout()
}

type devicesKey struct {
	microphone, camera deviceKey
	screen             ScreenView
	known              list[Device]
}

type deviceKey struct {
	on, running bool
	trouble     DeviceTrouble
	chosen      string
}

func (v *views) viewDevices() *DevicesView {
	d, screen := v.devices, v.sharing.view()
	return v.shown.devices.of(devicesKey{d.microphone.key(), d.camera.key(), screen, listOf(d.known)}, func() DevicesView {
		return DevicesView{Microphone: d.view(&d.microphone), Camera: d.view(&d.camera), Screen: screen}
	})
}

type newsKey struct {
	toasts list[Toast]
	coming int
}

func (v *views) viewNews() *News {
	toasts, latest := v.toasts.list, v.comings.latest
	return v.shown.news.of(newsKey{listOf(toasts), latest.ID}, func() News { return News{Toasts: toasts, Comings: latest} })
}

func (v *views) viewReactions() *Reactions {
	shown := v.reactions.list
	return v.shown.reactions.of(listOf(shown), func() Reactions { return Reactions{Shown: shown} })
}

type chatKey struct {
	messages list[protocol.ChatMessage]
	pending  list[PendingMessage]
	deleting list[int]
	paging   bool
	read     int
	you      string
}

func (v *views) viewChat() *Chat {
	c := v.chat
	return v.shown.chat.of(chatKey{listOf(c.messages), listOf(c.pending), listOf(c.deleting), c.paging, c.read, v.roster.you.ID}, func() Chat {
		return Chat{Messages: c.messages, Pending: c.pending, Older: c.hasOlder(), Loading: c.paging, Unread: c.unread(), Deleting: c.deleting}
	})
}
