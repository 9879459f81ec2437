package client

import (
	"reflect"

	"overtime/internal/layout"
	"overtime/internal/protocol"
)

// views makes the session's state into Views. Each part of one is made of what
// its key holds: values, and lists, which are replaced and never written to. So no
// change has to be marked, and none can be forgotten; what is not in the key of a
// part must not be in the part.
type views struct {
	*parts
	pictures Stage
	nothing  *layout.Layout // of an empty stage

	shown shown
}

// shown are the parts of the last View.
type shown struct {
	connection part[Connection, Connection]
	me         part[Me, Me]
	room       part[Room, Room]
	timeline   part[Timeline, Timeline]
	roster     part[rosterKey, Roster]
	stage      part[StageView, StageView]
	devices    part[DevicesView, DevicesView]
	news       part[News, News]
	reactions  part[Reactions, Reactions]
	chat       part[chatKey, Chat]
}

// part is one part of the View as it was last handed out, and what it was made of.
type part[K, T any] struct {
	key  *K
	last *T
}

// of is the part as it was handed out last, unless something else comes of a key
// that changed.
func (p *part[K, T]) of(key *K, build func() *T) *T {
	if p.last != nil && alike(p.key, key) {
		return p.last
	}
	p.key = key
	if next := build(); p.last == nil || !reflect.DeepEqual(p.last, next) {
		p.last = next
	}
	return p.last
}

// is is of for a part that costs nothing to make: it is its own key.
func is[T any](p *part[T, T], now *T) *T { return p.of(now, func() *T { return now }) }

// alike reports whether two values are the same at a glance: lists by their
// identity, because they are replaced and never written to.
func alike[T any](a, b *T) bool {
	return identical(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
}

func identical(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Slice:
		return a.Len() == b.Len() && a.UnsafePointer() == b.UnsafePointer()
	case reflect.Struct:
		for i := range a.NumField() {
			if !identical(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// view is the state as the components see it.
func (v *views) view() View {
	return View{
		Phase: v.where.phase, Trouble: v.trouble(), Connection: v.viewConnection(), Me: v.viewMe(),
		Room: is(&v.shown.room, &Room{
			Room: v.settings.room, Guests: v.settings.guests, Locking: v.waits(toLock), RenewingLink: v.waits(toRenewLink),
		}),
		Timeline: is(&v.shown.timeline, &Timeline{
			Session: v.timeline.session, Notice: v.timeline.notice, NoticeHidden: v.timeline.hidden && !v.timeline.lastMinute(),
			Extending: v.waits(toExtend), EndingForAll: v.waits(toEnd),
		}),
		Roster: v.viewRoster(),
		Stage:  is(&v.shown.stage, &StageView{Speaking: v.roster.speaking, Seats: v.media.seats, SoundBlocked: v.pictures.SoundBlocked()}),
		Layout: v.viewLayout(),
		Devices: is(&v.shown.devices, &DevicesView{
			Microphone: v.devices.microphone.view(), Camera: v.devices.camera.view(), Screen: v.sharing.view(),
		}),
		News:      is(&v.shown.news, &News{Toasts: v.toasts.list, Comings: v.comings.latest}),
		Reactions: is(&v.shown.reactions, &Reactions{Shown: v.reactions.list}),
		Chat:      v.viewChat(),
	}
}

// waits reports whether a press for something that there is one of waits for its answer.
func (v *views) waits(w wish) bool { return v.presses.waits(press{wants: w}) }

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
	c := &Connection{Link: v.link.state, Away: v.link.why}
	if v.where.inRoom() && v.link.good() {
		c.Media = v.media.fault.why()
	}
	return is(&v.shown.connection, c)
}

func (v *views) viewMe() *Me {
	m := &Me{Name: v.entry.name(), NameFixed: v.entry.given != "", Role: v.entry.role}
	if you := v.roster.you; v.where.inRoom() {
		m.ID, m.Name, m.Role = you.ID, you.Name, you.Role
	}
	return is(&v.shown.me, m)
}

type rosterKey struct {
	here           int
	self           Participant
	slots, screens []string
	people         []protocol.Person
	waiting        []protocol.Waiter
	presses        []press
}

func (v *views) viewRoster() *Roster {
	if !v.where.inRoom() {
		return v.shown.roster.of(&rosterKey{here: v.entry.people}, func() *Roster { return &Roster{Here: v.entry.people} })
	}
	r, self := v.roster, v.self()
	return v.shown.roster.of(&rosterKey{len(r.people), self, r.slots, r.screens, r.people, r.waiting, v.presses.waiting}, func() *Roster {
		return &Roster{
			Slots: v.participants(self), Screens: v.screens(), Here: len(r.people), Waiting: v.waiters(),
			Raising: v.waits(toRaiseHand),
		}
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
	out := make([]Participant, 0, len(v.roster.slots))
	hands := handsOf(v.roster.people)
	for i, id := range v.roster.slots {
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
		Reconnecting: p.Reconnecting, Removing: v.presses.waits(press{toRemove, p.ID}),
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
		out = append(out, Waiter{ID: w.ID, Name: w.Name, Answering: v.presses.waits(press{toAnswer, w.ID})})
	}
	return out
}

// viewLayout is what is seen where; there is nothing to see outside of the room.
func (v *views) viewLayout() *layout.Layout {
	if !v.where.inRoom() {
		return v.nothing
	}
	return v.stage.layout()
}

type chatKey struct {
	messages []protocol.ChatMessage
	pending  []PendingMessage
	presses  []press
	read     int
	you      string
}

func (v *views) viewChat() *Chat {
	c := v.chat
	return v.shown.chat.of(&chatKey{c.messages, c.pending, v.presses.waiting, c.read, v.roster.you.ID}, func() *Chat {
		out := &Chat{
			Messages: c.messages, Pending: c.pending, Older: c.hasOlder(), Unread: c.unread(),
			Loading: v.waits(toPage),
		}
		for _, m := range c.messages {
			if v.presses.waits(deleting(m.Number)) {
				out.Deleting = append(out.Deleting, m.Number)
			}
		}
		return out
	})
}
