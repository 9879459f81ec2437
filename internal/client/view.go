package client

import (
	"time"

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
	// TroubleCopy: the browser did not let the link onto the clipboard.
	TroubleCopy protocol.Code = "copy_failed"
)

// Link is the state of the connection to the server while in the room.
type Link string

const (
	LinkGood         Link = "good"
	LinkReconnecting Link = "reconnecting"
)

// View is everything the components draw, at one moment. It is never changed
// once handed out; slices in it must not be written to.
type View struct {
	Phase Phase
	// Trouble is why, in PhaseClosed. In PhaseLobby it is why Join was refused,
	// until something is changed, Join is pressed again, or a locked room is open
	// again. In PhaseRoom it is TroubleTimeUp while the
	// end has passed and the server cannot be reached to say whether it holds;
	// reconnecting goes on for some minutes, then PhaseClosed offers to try again. Zero otherwise.
	Trouble Trouble
	Link    Link
	// Away is, while Link is LinkReconnecting, why a server that can be reached
	// does not let this tab in for now; zero: it cannot be reached.
	Away Trouble
	// MediaTrouble: connected to the server, but sound and pictures are not.
	MediaTrouble MediaTrouble

	Room    protocol.Room
	Session protocol.Session // zero StartedAt before the first person joins
	People  int              // in the room now, as far as the lobby knows
	Me      Me
	Tiles   []Tile // stable slots, see Tile
	Guests  string // the guests' link

	// Waiting are the people a moderator can let in; nobody else learns of them.
	Waiting []Waiter
	// Locking, RenewingLink: a press on SetLocked, on RenewLink waits for its answer.
	Locking, RenewingLink bool

	Microphone DeviceView
	Camera     DeviceView

	// Notice is the window that is open, as the server announced it. Zero
	// Window: none. NoticeHidden: the person pressed Not now.
	Notice       meeting.Notice
	NoticeHidden bool
	// Extending: a press on Extend waits for its answer.
	Extending bool
	// EndingForAll: a press on End for all waits for its answer.
	EndingForAll bool

	// Comings are who came and went, as it is told to those who do not see it.
	Comings Comings
	// Toasts are short-lived news, oldest first; they leave by themselves.
	Toasts []Toast
	// SoundBlocked: the browser wants a click before it plays sound.
	SoundBlocked bool
}

// Me is this tab's person.
type Me struct {
	ID        string
	Name      string // what is or will be shown
	NameFixed bool   // the token gave it
	Role      meeting.Role
}

// MayExtend reports whether this person's presses on Extend can be granted.
func (v View) MayExtend() bool { return v.Room.ExtendBy.Allows(v.Me.Role) }

// MayEnd reports whether this person may end the session for all.
func (v View) MayEnd() bool { return v.Me.Role.Moderates() }

// MayModerate reports whether this person may say who is in the room.
func (v View) MayModerate() bool { return v.Me.Role.Moderates() }

// Waiter is somebody who waits to be let in.
type Waiter struct {
	ID, Name  string
	Answering bool // a press on Admit or Deny waits for its answer
}

// Tile is one slot of the stage. A person keeps a slot for as long as they are
// in the room; a slot that fell free stays in the list, Empty, until somebody
// takes it (go-app compares children by index, so slots never move). Slot 0 is
// this tab's own.
type Tile struct {
	Empty        bool
	ID           string // participant
	Name         string
	Role         meeting.Role
	Self         bool
	Microphone   bool
	Camera       bool
	Speaking     bool
	Reconnecting bool
	Removing     bool // a press on Remove waits for its answer
	// Seat is the mid whose picture shows this person, empty if none does.
	Seat string
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

// Intents is what a person can want of a session. Each returns at once; what
// comes of it shows in a later View. All are safe to call from any goroutine.
type Intents interface {
	SetName(name string)
	// ToggleDevice is a press on a device's button: off if it sends, on if not.
	ToggleDevice(kind DeviceKind)
	ChooseDevice(kind DeviceKind, id string)
	Join()
	// Leave gives up one's place, or waiting for one.
	Leave()
	// Rejoin goes back into a meeting that was left, or tries again. After
	// being replaced it takes one's place over.
	Rejoin()
	// Extend answers the open window by minutes.
	Extend(minutes int)
	// HideNotice is Not now. The last minute's banner cannot be hidden.
	HideNotice()
	// End ends the session for all.
	End(reason string)
	CopyGuestsLink()
	// Remove takes a participant out of the session.
	Remove(id string)
	// Admit and Deny answer somebody of View.Waiting.
	Admit(id string)
	Deny(id string)
	// SetLocked lets nobody new in, or lets people in again.
	SetLocked(locked bool)
	// RenewLink makes a new guests' link; those given out so far stop working.
	RenewLink()
	DismissToast(id int)
	// Resize says how large the stage is, in device pixels.
	Resize(width, height int)
}
