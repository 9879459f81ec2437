//go:build storybook

package storybook

import (
	"slices"
	"time"

	"overtime/components"
	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/protocol"
)

// session shows one View for ever; presses change what one can see of them.
type session struct {
	view client.View
	now  time.Time // at the start
	from time.Time // when the page was opened
	tell func(client.View)
	size layout.Size
	pins []layout.Key
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
	s.view = s.view.Copy()
	f(&s.view)
	if s.tell != nil {
		s.tell(s.view)
	}
}

func (s *session) Do(i client.Intent) {
	s.change(func(v *client.View) {
		switch i := i.(type) {
		case client.SetName:
			v.Me.Name = i.Name
		case client.Join:
			v.Phase = client.PhaseJoining
			if v.Room.WaitingRoom {
				v.Phase = client.PhaseWaiting
			}
		case client.Leave:
			v.Phase = client.PhaseLeft
		case client.Extend:
			v.Timeline.Extending = true
		case client.HideNotice:
			v.Timeline.NoticeHidden = true
		case client.End:
			v.Timeline.EndingForAll = true
		case client.Resize:
			s.size = layout.Size{Width: i.Width, Height: i.Height, Ratio: i.Ratio}
			v.Layout = layout.Arrange(items(v.Roster), s.size, layout.Choice{}, v.Layout)
		case client.Pin:
			s.pins = []layout.Key{{Participant: i.Participant, Source: i.Source}}
			v.Layout = layout.Arrange(items(v.Roster), s.size, layout.Choice{Pins: s.pins}, v.Layout)
		case client.TurnPage:
			v.Layout = layout.Arrange(items(v.Roster), s.size, layout.Choice{Page: v.Layout.Page + i.By}, v.Layout)
		case client.ShareScreen:
			v.Devices.Screen.On = true
		case client.StopSharing:
			v.Devices.Screen.On = false
		case client.DismissToast:
			v.News.Toasts = nil
		case client.RenewLink:
			v.Room.RenewingLink = true
		case client.SetLocked:
			v.Room.Locked = i.Locked
		case client.Admit:
			answer(v, i.Waiting)
		case client.Deny:
			answer(v, i.Waiting)
		case client.Remove:
			remove(v, i.Participant)
		case client.ToggleDevice:
			d := device(v, i.Device)
			d.On = !d.On
		case client.ChooseDevice:
			device(v, i.Device).Chosen = i.ID
		default:
			talked(v, i)
		}
	})
}

func (s *session) Close() {}

// items are who and what stands on the stage.
func items(r *client.Roster) []layout.Item {
	var out []layout.Item
	for _, p := range r.Slots {
		if !p.Empty {
			out = append(out, layout.Item{Key: layout.Key{Participant: p.ID, Source: protocol.Camera}, Self: p.Self})
		}
	}
	for _, s := range r.Screens {
		if s.Participant != "" {
			out = append(out, layout.Item{Key: layout.Key{Participant: s.Participant, Source: protocol.Screen}})
		}
	}
	return out
}

func answer(v *client.View, id string) {
	v.Roster.Waiting = slices.DeleteFunc(v.Roster.Waiting, func(w client.Waiter) bool { return w.ID == id })
}

func remove(v *client.View, id string) {
	for i, p := range v.Roster.Slots {
		if p.ID == id {
			v.Roster.Slots[i] = client.Participant{Empty: true}
		}
	}
}

func device(v *client.View, kind client.DeviceKind) *client.DeviceView {
	if kind == client.CameraDevice {
		return &v.Devices.Camera
	}
	return &v.Devices.Microphone
}
