package client

import (
	"overtime/internal/layout"
	"overtime/internal/protocol"
)

// Intent is what a person, or a page around this one, can want of a session. What
// comes of it shows in a later View.
type Intent interface {
	// do gives it to the part whose matter it is, in the session's loop.
	do(s *Session)
}

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
	Resize layout.Size
	// TurnPage shows another page of the people; By is 1 or -1.
	TurnPage struct{ By int }
	// Pin makes one person or screen large, for this tab alone, and small again.
	Pin layout.Key
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

func (i SetName) do(s *Session)      { s.entry.setName(i.Name) }
func (Join) do(s *Session)           { s.entry.join() }
func (Leave) do(s *Session)          { s.entry.leave() }
func (Rejoin) do(s *Session)         { s.entry.rejoin() }
func (i ToggleDevice) do(s *Session) { s.devices.toggle(i.Device) }
func (i SetDevice) do(s *Session)    { s.devices.set(i.Device, i.On) }
func (i ChooseDevice) do(s *Session) { s.devices.choose(i.Device, i.ID) }
func (i Resize) do(s *Session)       { s.stage.resize(layout.Size(i)) }
func (i TurnPage) do(s *Session)     { s.stage.turn(i.By) }
func (i Pin) do(s *Session)          { s.stage.pin(layout.Key(i)) }
func (ShareScreen) do(s *Session)    { s.sharing.start() }
func (StopSharing) do(s *Session)    { s.sharing.end() }
func (i Extend) do(s *Session)       { s.timeline.extend(i) }
func (HideNotice) do(s *Session)     { s.timeline.hideNotice() }
func (i End) do(s *Session)          { s.timeline.end(i) }
func (CopyGuestsLink) do(s *Session) { s.settings.copyLink() }
func (i DismissToast) do(s *Session) { s.toasts.dismiss(i.ID) }
func (i React) do(s *Session)        { s.reactions.react(i) }
func (i SendChat) do(s *Session)     { s.chat.send(i) }
func (i RetryChat) do(s *Session)    { s.chat.retry(i.ID) }
func (i DiscardChat) do(s *Session)  { s.chat.discard(i.ID) }
func (OlderChat) do(s *Session)      { s.chat.older() }
func (i ReadChat) do(s *Session)     { s.chat.show(i.Open) }

func (i Remove) do(s *Session) {
	s.presses.once(press{toRemove, i.Participant}, protocol.Remove{Participant: i.Participant}, nil)
}

func (i Admit) do(s *Session) {
	s.presses.passing(press{toAnswer, i.Waiting}, protocol.Admit{Waiting: i.Waiting}, nil)
}

func (i Deny) do(s *Session) {
	s.presses.passing(press{toAnswer, i.Waiting}, protocol.Deny{Waiting: i.Waiting}, nil)
}

func (i SetLocked) do(s *Session) {
	s.presses.once(press{wants: toLock}, protocol.Lock{Locked: i.Locked}, nil)
}

func (RenewLink) do(s *Session) {
	s.presses.once(press{wants: toRenewLink}, protocol.RenewLink{}, func(answer protocol.ServerMessage) {
		if _, refused := answer.(protocol.Error); !refused {
			s.toasts.show(Toast{Kind: ToastRenewed})
		}
	})
}

func (i RaiseHand) do(s *Session) {
	m := protocol.SetAttribute{Name: protocol.AttributeHand}
	if i.Up {
		m.Value = protocol.HandUp
	}
	s.presses.either(press{wants: toRaiseHand}, m, i.Then, nil)
}

func (i LowerHand) do(s *Session) {
	m := protocol.SetAttribute{Name: protocol.AttributeHand, Participant: i.Participant}
	s.presses.either(press{toLowerHand, i.Participant}, m, i.Then, nil)
}

func (i LowerHands) do(s *Session) {
	s.presses.either(press{wants: toLowerHands}, protocol.LowerHands{}, i.Then, nil)
}

func (i DeleteChat) do(s *Session) {
	s.presses.either(deleting(i.Number), protocol.DeleteChat{Number: i.Number}, i.Then, nil)
}
