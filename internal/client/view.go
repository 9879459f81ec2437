package client

import (
	"reflect"
	"slices"
	"time"

	"overtime/internal/layout"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Phase is which page of the meeting a person is on.
type Phase string

const (
	PhaseOpening Phase = "opening" // the link is being looked at
	PhaseLobby   Phase = "lobby"
	PhaseJoining Phase = "joining" // Join was pressed
	PhaseWaiting Phase = "waiting" // somebody has to let this person in
	PhaseRoom    Phase = "room"
	PhaseEnded   Phase = "ended"  // the session is over; Session.Ending says why
	PhaseLeft    Phase = "left"   // this person left; the session may go on
	PhaseClosed  Phase = "closed" // this tab cannot be in the meeting; Trouble says why
)

// Trouble is why the tab cannot be in the meeting, or why something could not
// be done. It is a protocol code or one of the codes below.
type Trouble struct {
	Code    protocol.Code
	By      string // already_extended: who
	Minutes int
	EndsAt  time.Time // of the session, where it matters
	OpensAt time.Time // no_window
	Open    string    // wrong_address: the way to this meeting at the right one; unknown_name: this page's origin
}

const (
	// TroubleIncomplete: the address has no token and the tab remembers none.
	TroubleIncomplete protocol.Code = "incomplete_link"
	// TroubleOffline: asked for something while the server cannot be reached.
	TroubleOffline protocol.Code = "offline"
	// TroubleNoSocket: this browser has no WebSockets, so nothing is ever heard
	// of the server.
	TroubleNoSocket protocol.Code = "no_websocket"
	// TroubleAddress: people reach the server at another address than this
	// page's, and there only.
	TroubleAddress protocol.Code = "wrong_address"
	// TroubleProxy: a proxy in front of the server leaves out what it needs.
	TroubleProxy protocol.Code = "proxy"
	// TroubleBlocked: pages get through and WebSockets do not.
	TroubleBlocked protocol.Code = "blocked"
	// TroubleUnanswered: no answer came, and it may have been done all the same.
	TroubleUnanswered protocol.Code = "unanswered"
	// TroubleTimeUp: the end has passed and the server cannot be reached.
	TroubleTimeUp protocol.Code = "time_up"
	// TroubleScreen: the browser, the system or the page around did not let a
	// screen be shared.
	TroubleScreen protocol.Code = "screen_failed"
	// TroubleCopy: the browser did not let the link onto the clipboard.
	TroubleCopy protocol.Code = "copy_failed"
)

// Link is the state of the connection to the server while in the room.
type Link string

const (
	LinkGood         Link = "good"
	LinkReconnecting Link = "reconnecting"
)

// View is everything the components draw, at one moment. Its parts are never
// changed once handed out, and a part that did not change is the same pointer
// as in the View before: two Views are compared by ==, and whoever draws a part
// compares that alone.
type View struct {
	Phase Phase
	// Trouble is why, in PhaseClosed. In PhaseLobby it is why Join was refused,
	// until something is changed, Join is pressed again, or a locked room is open
	// again. In PhaseRoom it is TroubleTimeUp while the
	// end has passed and the server cannot be reached to say whether it holds;
	// reconnecting goes on for some minutes, then PhaseClosed offers to try again. Zero otherwise.
	Trouble Trouble

	Connection *Connection
	Me         *Me
	Room       *Room
	Timeline   *Timeline
	Roster     *Roster
	Stage      *StageView
	Layout     *layout.Layout // what is seen where
	Devices    *DevicesView
	News       *News
	Reactions  *Reactions
	Chat       *Chat
}

// Connection is how this tab is connected.
type Connection struct {
	Link Link
	// Away is, while Link is LinkReconnecting, why a server that can be reached
	// does not let this tab in for now; zero: it cannot be reached.
	Away Trouble
	// Media: connected to the server, but sound and pictures are not.
	Media MediaTrouble
}

// Lost reports whether the server cannot be asked anything now.
func (c *Connection) Lost() bool { return c.Link == LinkReconnecting }

// Me is this tab's person.
type Me struct {
	ID        string
	Name      string // what is or will be shown
	NameFixed bool   // the token gave it
	Role      meeting.Role
}

// MayExtend reports whether this person's presses on Extend can be granted.
func (m *Me) MayExtend(r *Room) bool { return r.ExtendBy.Allows(m.Role) }

// MayWrite reports whether this person may write in the chat.
func (m *Me) MayWrite(r *Room) bool {
	return r.Chat != meeting.ChatByNobody && (r.Chat != meeting.ChatByModerators || m.Moderates())
}

// MayDelete reports whether this person may take a message's text away.
func (m *Me) MayDelete(c protocol.ChatMessage) bool {
	return c.Deleted == "" && (c.From.Participant == m.ID || m.Moderates())
}

// Moderates reports whether this person may end the session for all, and say
// who is in the room.
func (m *Me) Moderates() bool { return m.Role.Moderates() }

// Room is the room's settings, and what a moderator is changing of them.
type Room struct {
	protocol.Room
	Guests string // the guests' link
	// Locking, RenewingLink: a press on SetLocked, on RenewLink waits for its answer.
	Locking, RenewingLink bool
}

// Timeline is the session's time.
type Timeline struct {
	protocol.Session // zero StartedAt before the first person joins

	// Notice is the window that is open, as the server announced it. Zero
	// Window: none. NoticeHidden: the person pressed Not now.
	Notice       meeting.Notice
	NoticeHidden bool
	// Extending: a press on Extend waits for its answer.
	Extending bool
	// EndingForAll: a press on End for all waits for its answer.
	EndingForAll bool
}

// Roster is who is here.
type Roster struct {
	// Slots are the people in the room; empty before. A person keeps a slot for
	// as long as they are in the room; a slot that fell free stays in the list,
	// Empty, until somebody takes it (go-app compares children by index, so slots
	// never move). Slot 0 is this tab's own.
	Slots []Participant
	// Screens are those that others share, in slots of their own.
	Screens []Screen
	Here    int // in the room now, as far as the lobby knows
	// Waiting are the people a moderator can let in; nobody else learns of them.
	Waiting []Waiter
	// Raising: a press on one's own hand waits for its answer.
	Raising bool
}

// Participant is the person in one slot.
type Participant struct {
	Empty        bool
	ID           string
	Name         string
	Role         meeting.Role
	Self         bool
	Microphone   bool // it is on
	Camera       bool // it is on
	Reconnecting bool
	Removing     bool // a press on Remove waits for its answer
	Hand         int  // place in the order of raised hands, from 1; 0: it is not raised
}

// Waiter is somebody who waits to be let in.
type Waiter struct {
	ID, Name  string
	Answering bool // a press on Admit or Deny waits for its answer
}

// StageView is what is heard and seen of the people in the room. It changes several
// times a second while people talk.
type StageView struct {
	Speaking []string // participants
	Seats    []protocol.Seat
	// SoundBlocked: the browser wants a click before it plays sound.
	SoundBlocked bool
}

// Speaks reports whether a participant is heard.
func (s *StageView) Speaks(participant string) bool { return slices.Contains(s.Speaking, participant) }

// Seat is the mid whose picture shows a source of a participant; empty if none does.
func (s *StageView) Seat(participant string, source protocol.Source) string {
	for _, seat := range s.Seats {
		if seat.Participant == participant && seat.Source == source {
			return seat.Mid
		}
	}
	return ""
}

// DevicesView is what this person is heard and seen by.
type DevicesView struct {
	Microphone, Camera DeviceView
	Screen             ScreenView
}

// News is what happened of late.
type News struct {
	// Toasts are short-lived, oldest first; they leave by themselves.
	Toasts []Toast
	// Comings are who came and went, as it is told to those who do not see it.
	Comings Comings
}

// Reactions are what people react with at this moment; they leave by themselves.
type Reactions struct{ Shown []Reaction }

// Reaction is one sign of one person, and how often they showed it of late.
type Reaction = protocol.Reaction

// Of are those of one participant, the newest last.
func (r *Reactions) Of(participant string) []Reaction {
	return slices.DeleteFunc(slices.Clone(r.Shown), func(one Reaction) bool { return one.Participant != participant })
}

// Gathered are those of everybody, by name, in the order in which they are offered.
func (r *Reactions) Gathered() []Reaction {
	var out []Reaction
	for _, name := range protocol.ReactionNames() {
		all := Reaction{Name: name}
		for _, one := range r.Shown {
			if one.Name == name {
				all.Count += one.Count
			}
		}
		if all.Count > 0 {
			out = append(out, all)
		}
	}
	return out
}

// Chat is what was written, as far as it was fetched.
type Chat struct {
	Messages []protocol.ChatMessage // by number
	// Pending are this person's own that the server has not written yet, oldest first.
	Pending []PendingMessage
	Older   bool // there is an older page
	Loading bool // it is on its way
	Unread  int
	// Deleting are the numbers of messages whose deletion waits for its answer.
	Deleting []int
}

// PendingMessage is one that is on its way or, with a Trouble, came to nothing.
type PendingMessage struct {
	ID      int
	Text    string
	Trouble Trouble

	after int      // the newest number when it was sent
	asked *request // that left open whether it was written; nil: none
}

// Complete is v with empty parts where it has none. The Views of a Session have
// them all.
func (v View) Complete() View {
	if v.Layout == nil {
		v.Layout = emptyLayout()
	}
	v.eachPart(func(part reflect.Value) {
		if part.IsNil() {
			part.Set(reflect.New(part.Type().Elem()))
		}
	})
	return v
}

func emptyLayout() *layout.Layout { return &layout.Layout{Name: layout.Grid, Pages: 1} }

// Copy is v with parts of its own, complete, which may be changed until they are
// handed out. The layout, which nobody changes, stays.
func (v View) Copy() View {
	v = v.Complete()
	v.eachPart(func(part reflect.Value) {
		own := reflect.New(part.Type().Elem())
		own.Elem().Set(part.Elem())
		if _, shared := part.Interface().(*layout.Layout); !shared {
			ownLists(own.Elem())
			part.Set(own)
		}
	})
	return v
}

func (v *View) eachPart(f func(part reflect.Value)) {
	for _, field := range reflect.ValueOf(v).Elem().Fields() {
		if field.Kind() == reflect.Pointer {
			f(field)
		}
	}
}

// ownLists makes the lists of a struct its own.
func ownLists(of reflect.Value) {
	switch {
	case !of.CanSet():
	case of.Kind() == reflect.Slice && !of.IsNil():
		of.Set(reflect.AppendSlice(reflect.MakeSlice(of.Type(), 0, of.Len()), of))
	case of.Kind() == reflect.Struct:
		for _, field := range of.Fields() {
			ownLists(field)
		}
	}
}

// DeviceView is one of this person's devices.
type DeviceView struct {
	On      bool // wanted on by the person
	Running bool // captured now
	Trouble DeviceTrouble
	Chosen  string // device id
	Devices []Device
}

// Sends reports whether the device is on and nothing keeps it from being
// heard or seen. A press on its button wants the opposite; where something was
// the matter, that tries again.
func (d DeviceView) Sends() bool { return d.On && d.Trouble == DeviceFine }

// ToastKind says what a toast tells.
type ToastKind string

const (
	ToastExtended ToastKind = "extended" // By, Minutes, EndsAt
	ToastRefused  ToastKind = "refused"  // Trouble
	ToastJoined   ToastKind = "joined"   // By
	ToastLeft     ToastKind = "left"     // By
	ToastRemoved  ToastKind = "removed"  // By: who is no longer there
	ToastBack     ToastKind = "back"     // the connection is back
	ToastCopied   ToastKind = "copied"   // the guests' link is on the clipboard
	ToastRenewed  ToastKind = "renewed"  // there is a new guests' link, as this moderator asked
	ToastLocked   ToastKind = "locked"   // nobody new is let in
	ToastUnlocked ToastKind = "unlocked" // people are let in again
	ToastBooked   ToastKind = "booked"   // EndsAt: the room's latest end; zero: it has none any more
)

// Toast is one short-lived piece of news.
type Toast struct {
	ID      int // never used twice by a session
	Kind    ToastKind
	By      string
	Minutes int
	EndsAt  time.Time
	Trouble Trouble
}
