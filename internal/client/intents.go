package client

import (
	"overtime/internal/protocol"
)

// SetName takes the name as it is being typed; a name that the token fixes
// stays.
func (s *Session) SetName(name string) {
	s.post(func() {
		s.lobby.typed = name
		if s.phase == PhaseLobby {
			s.trouble = Trouble{}
		}
	})
}

// ToggleDevice turns a device off if it sends, and on if it does not. What it
// does is decided here, where presses come one by one, and not by whoever drew
// the button: two quick presses are off and on again.
func (s *Session) ToggleDevice(kind DeviceKind) {
	s.post(func() { s.toggleDevice(kind) })
}

// SetDevice turns a device on or off, as a page that embeds this one wants it.
func (s *Session) SetDevice(kind DeviceKind, on bool) {
	s.post(func() { s.setDevice(kind, on) })
}

// ChooseDevice changes to another microphone or camera, and remembers it.
func (s *Session) ChooseDevice(kind DeviceKind, id string) {
	s.post(func() { s.chooseDevice(kind, id) })
}

// Join enters the room from the lobby.
func (s *Session) Join() { s.post(s.join) }

// Leave gives up one's place, or waiting for one; the session goes on.
func (s *Session) Leave() { s.post(s.leave) }

// Rejoin goes back to the lobby of a meeting that was left or could not be
// entered, and to one's place if somebody else has it; while connecting it
// tries now.
func (s *Session) Rejoin() { s.post(s.rejoin) }

// Extend answers the open window.
func (s *Session) Extend(minutes int) { s.post(func() { s.extend(minutes) }) }

// HideNotice is Not now; in the last minute it does nothing.
func (s *Session) HideNotice() { s.post(s.hideNotice) }

// End ends the session for all.
func (s *Session) End(reason string) { s.post(func() { s.endForAll(reason) }) }

// Remove takes a participant out of the session.
func (s *Session) Remove(id string) { s.post(func() { s.remove(id) }) }

// Admit lets somebody in who waits.
func (s *Session) Admit(id string) { s.post(func() { s.answer(id, protocol.Admit{Waiting: id}) }) }

// Deny turns somebody away who waits.
func (s *Session) Deny(id string) { s.post(func() { s.answer(id, protocol.Deny{Waiting: id}) }) }

// SetLocked lets nobody new in, or lets people in again.
func (s *Session) SetLocked(locked bool) { s.post(func() { s.setLocked(locked) }) }

// RenewLink makes a new guests' link.
func (s *Session) RenewLink() { s.post(s.renewLink) }

// CopyGuestsLink puts the guests' link on the clipboard.
func (s *Session) CopyGuestsLink() {
	s.post(func() {
		link := s.place.guests
		if link == "" {
			return
		}
		s.work(func() func() {
			err := s.browser.Page.Copy(s.ctx, link)
			return func() { s.copied(err) }
		})
	})
}

func (s *Session) copied(err error) {
	switch {
	case s.closing:
	case err != nil:
		s.refused(protocol.Error{Code: TroubleCopy})
	default:
		s.toast(Toast{Kind: ToastCopied})
	}
}

// DismissToast takes a toast away before its time.
func (s *Session) DismissToast(id int) { s.post(func() { s.dismissToast(id) }) }

// Resize says how large the stage is, in device pixels.
func (s *Session) Resize(width, height int) {
	s.post(func() {
		s.media.width, s.media.height = width, height
		s.show()
	})
}
