package client

import "overtime/internal/protocol"

// Intent is what a person, or a page around this one, can want of a session. What
// comes of it shows in a later View.
type Intent interface{ intent() }

// Before and around the room.
type (
	// SetName takes the name as it is being typed; a name that the token fixes
	// stays.
	SetName struct{ Name string }
	// Join enters the room from the lobby.
	Join struct{}
	// Leave gives up one's place, or waiting for one; the session goes on.
	Leave struct{}
	// Rejoin goes back to the lobby of a meeting that was left or could not be
	// entered, and to one's place if somebody else has it; while connecting it
	// tries now.
	Rejoin struct{}
)

// Devices and pictures.
type (
	// ToggleDevice turns a device off if it sends, and on if it does not. What it
	// does is decided by the session, where presses come one by one, and not by
	// whoever drew the button: two quick presses are off and on again.
	ToggleDevice struct{ Device DeviceKind }
	// SetDevice turns a device on or off, as a page that embeds this one wants it.
	SetDevice struct {
		Device DeviceKind
		On     bool
	}
	// ChooseDevice changes to another microphone or camera, and remembers it.
	ChooseDevice struct {
		Device DeviceKind
		ID     string
	}
	// Resize says how large the stage is in CSS pixels, and how many of the device's
	// one of them has on a side.
	Resize struct {
		Width, Height int
		Ratio         float64
	}
	// TurnPage shows another page of the people; By is 1 or -1.
	TurnPage struct{ By int }
	// Pin makes one person or screen large, for this tab alone, and small again.
	Pin struct {
		Participant string
		Source      protocol.Source
	}
	// ShareScreen has the browser ask what to share. It counts as long as the press
	// that it comes from does.
	ShareScreen struct{}
	// StopSharing ends that.
	StopSharing struct{}
)

// Time.
type (
	// Extend answers the open window; no minutes (0) ask for the room's usual
	// extension. Then is of a maker who waits for the outcome (see Outcome), and
	// nil of a press.
	Extend struct {
		Minutes int
		Then    func(Outcome)
	}
	// HideNotice is Not now. The last minute's banner cannot be hidden.
	HideNotice struct{}
	// End ends the session for all. Then is as in Extend.
	End struct {
		Reason string
		Then   func(Outcome)
	}
)

// People.
type (
	// Remove takes a participant out of the session.
	Remove struct{ Participant string }
	// Admit lets somebody in who waits.
	Admit struct{ Waiting string }
	// Deny turns somebody away who waits.
	Deny struct{ Waiting string }
	// SetLocked lets nobody new in, or lets people in again.
	SetLocked struct{ Locked bool }
	// RenewLink makes a new guests' link; those given out so far stop working.
	RenewLink struct{}
	// CopyGuestsLink puts the guests' link on the clipboard.
	CopyGuestsLink struct{}
	// DismissToast takes a toast away before its time.
	DismissToast struct{ ID int }
)

// Hands, reactions and the chat.
type (
	// RaiseHand raises one's own hand, or lowers it. Then is as in Extend, also
	// below.
	RaiseHand struct {
		Up   bool
		Then func(Outcome)
	}
	// LowerHand lowers somebody else's.
	LowerHand struct {
		Participant string
		Then        func(Outcome)
	}
	// LowerHands lowers everybody's.
	LowerHands struct{ Then func(Outcome) }
	// React shows everyone a sign for a moment.
	React struct {
		Name protocol.ReactionName
		Then func(Outcome)
	}
	// SendChat writes to everyone. While the server cannot be reached it waits,
	// unless somebody waits for the outcome.
	SendChat struct {
		Text string
		Then func(Outcome)
	}
	// RetryChat sends a pending message that came to nothing once more, and
	// DiscardChat takes it away.
	RetryChat   struct{ ID int }
	DiscardChat struct{ ID int }
	// DeleteChat takes a message's text away for everyone.
	DeleteChat struct {
		Number int
		Then   func(Outcome)
	}
	// OlderChat fetches the page before what is shown.
	OlderChat struct{}
	// ReadChat says that the chat is seen, or is not any more. What comes while it
	// is seen is read.
	ReadChat struct{ Open bool }
)

func (RaiseHand) intent()      {}
func (LowerHand) intent()      {}
func (LowerHands) intent()     {}
func (React) intent()          {}
func (SendChat) intent()       {}
func (RetryChat) intent()      {}
func (DiscardChat) intent()    {}
func (DeleteChat) intent()     {}
func (OlderChat) intent()      {}
func (ReadChat) intent()       {}
func (SetName) intent()        {}
func (Join) intent()           {}
func (Leave) intent()          {}
func (Rejoin) intent()         {}
func (ToggleDevice) intent()   {}
func (SetDevice) intent()      {}
func (ChooseDevice) intent()   {}
func (Resize) intent()         {}
func (TurnPage) intent()       {}
func (Pin) intent()            {}
func (ShareScreen) intent()    {}
func (StopSharing) intent()    {}
func (Extend) intent()         {}
func (HideNotice) intent()     {}
func (End) intent()            {}
func (Remove) intent()         {}
func (Admit) intent()          {}
func (Deny) intent()           {}
func (SetLocked) intent()      {}
func (RenewLink) intent()      {}
func (CopyGuestsLink) intent() {}
func (DismissToast) intent()   {}
