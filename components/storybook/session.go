//go:build storybook

package storybook

import (
	"slices"
	"time"

	"overtime/components"
	"overtime/internal/client"
)

// session shows one View for ever; presses change what one can see of them.
type session struct {
	view client.View
	now  time.Time // at the start
	from time.Time // when the page was opened
	tell func(client.View)
}

var _ components.Session = (*session)(nil)

func (s *session) View() client.View { return s.view }

func (s *session) Subscribe(f func(client.View)) (stop func()) {
	s.tell = f
	f(s.view)
	return func() { s.tell = nil }
}

// Now runs on from the story's moment.
func (s *session) Now() time.Time { return s.now.Add(time.Since(s.from)) }

// Local is t where the pictures are made.
func (s *session) Local(t time.Time) time.Time { return t.Local() }

func (s *session) change(f func(v *client.View)) {
	f(&s.view)
	if s.tell != nil {
		s.tell(s.view)
	}
}

func (s *session) SetName(name string) { s.change(func(v *client.View) { v.Me.Name = name }) }
func (s *session) Extend(int)          { s.change(func(v *client.View) { v.Extending = true }) }
func (s *session) HideNotice()         { s.change(func(v *client.View) { v.NoticeHidden = true }) }
func (s *session) End(string)          { s.change(func(v *client.View) { v.EndingForAll = true }) }
func (s *session) Leave()              { s.change(func(v *client.View) { v.Phase = client.PhaseLeft }) }
func (s *session) DismissToast(int)    { s.change(func(v *client.View) { v.Toasts = nil }) }
func (s *session) Rejoin()             {}
func (s *session) CopyGuestsLink()     {}
func (s *session) RenewLink()          { s.change(func(v *client.View) { v.RenewingLink = true }) }
func (s *session) SetLocked(lock bool) { s.change(func(v *client.View) { v.Room.Locked = lock }) }
func (s *session) Admit(id string)     { s.answer(id) }
func (s *session) Deny(id string)      { s.answer(id) }
func (s *session) Resize(int, int)     {}
func (s *session) Close()              {}
func (s *session) Join() {
	s.change(func(v *client.View) {
		v.Phase = client.PhaseJoining
		if v.Room.WaitingRoom {
			v.Phase = client.PhaseWaiting
		}
	})
}
func (s *session) answer(id string) {
	s.change(func(v *client.View) {
		v.Waiting = slices.DeleteFunc(slices.Clone(v.Waiting), func(w client.Waiter) bool { return w.ID == id })
	})
}
func (s *session) Remove(id string) {
	s.change(func(v *client.View) {
		v.Tiles = slices.Clone(v.Tiles)
		for i, t := range v.Tiles {
			if t.ID == id {
				v.Tiles[i] = client.Tile{Empty: true}
			}
		}
	})
}
func (s *session) ToggleDevice(of client.DeviceKind) {
	s.change(func(v *client.View) {
		if of == client.CameraDevice {
			v.Camera.On = !v.Camera.On
		} else {
			v.Microphone.On = !v.Microphone.On
		}
	})
}
func (s *session) ChooseDevice(of client.DeviceKind, id string) {
	s.change(func(v *client.View) {
		if of == client.CameraDevice {
			v.Camera.Chosen = id
		} else {
			v.Microphone.Chosen = id
		}
	})
}
