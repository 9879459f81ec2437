package room

import (
	"slices"
	"testing"

	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

func away(v *client.View) { v.Connection.Link = client.LinkReconnecting }

// TestEndForAllByPresses: the whole of it, as a moderator does it.
func TestEndForAllByPresses(t *testing.T) {
	w := mount(t, calm(), at(10))
	w.Press("button", "End for all")
	w.MustRole("textbox", "Reason (everyone reads it)").Write("Fire drill")
	w.Press("button", "End for everyone")
	if want := []string{"End Fire drill"}; !slices.Equal(w.s.Calls, want) {
		t.Fatalf("got %v, want %v", w.s.Calls, want)
	}
	w.show(with(calm(), func(v *client.View) { v.Timeline.EndingForAll = true }))
	w.isBusy("Ending…")
	w.MustRole("textbox", "Reason (everyone reads it)").Submit() // Enter
	w.Press("button", "Cancel")
	if w.Role("button", "Ending…") != nil || len(w.s.Calls) != 1 {
		t.Errorf("the question stays, or was answered twice: %v", w.s.Calls)
	}
}

// TestNothingIsEndedWhileTheConnectionIsAway: neither the question is asked nor
// one that was asked is answered.
func TestNothingIsEndedWhileTheConnectionIsAway(t *testing.T) {
	w := mount(t, with(calm(), away), at(10))
	w.isShut("End for all", words.English().Say("why.away"))
	w.show(calm())
	w.Press("button", "End for all")
	w.show(with(calm(), away))
	w.isShut("End for everyone", words.English().Say("why.away"))
	w.MustRole("textbox", "Reason (everyone reads it)").Submit()
	if len(w.s.Calls) != 0 {
		t.Errorf("got %v", w.s.Calls)
	}
	w.show(calm())
	w.Press("button", "End for everyone")
	if !slices.Equal(w.s.Calls, []string{"End"}) && !slices.Equal(w.s.Calls, []string{"End "}) {
		t.Errorf("once it is back: %v", w.s.Calls)
	}
}

// TestWhatNeedsTheServerIsShutWithoutIt: by name, with the reason, and with no
// id for tools to press; the rest stays open.
func TestWhatNeedsTheServerIsShutWithoutIt(t *testing.T) {
	full := with(opened(meeting.FirstWindow, 30), func(v *client.View) {
		v.Roster.Waiting = []client.Waiter{{ID: "w1", Name: "Noor"}}
	})
	asks := []string{"Extend by 15 min", "10 min 15:10: extend by 10 minutes, until 15:10", "30 min 15:30: extend by 30 minutes, until 15:30", "Admit Noor", "Deny Noor", "End for all"}
	inPanel := []string{"Admit Noor", "Deny Noor", "Remove Asha", "Remove", "Lock the meeting", "New link"}
	free := []string{"Leave", "Microphone", "Camera", "Not now", "Invite: copy the guests’ link"}
	w := mount(t, full, at(51))
	for _, name := range append(slices.Clone(asks), free...) {
		w.isOpen(name)
	}
	w.show(with(full, away))
	for _, name := range asks {
		w.isShut(name, words.English().Say("why.away"))
	}
	for _, name := range free {
		w.isOpen(name)
	}
	w.show(full)
	w.Press("button", "2 people here 1 waiting to come in")
	w.Press("button", "Remove Asha")
	w.show(with(full, away))
	for _, name := range inPanel {
		w.isShut(name, words.English().Say("why.away"))
	}
	w.isOpen("Copy the guests’ link")
	if len(w.s.Calls) != 0 {
		t.Errorf("got %v", w.s.Calls)
	}
}

// TestAViewersSwitchesAreShut: they send nothing, and are told why.
func TestAViewersSwitchesAreShut(t *testing.T) {
	w := mount(t, with(calm(), func(v *client.View) {
		v.Devices.Microphone.Trouble, v.Devices.Camera.Trouble = client.DeviceViewer, client.DeviceViewer
	}), at(10))
	for _, name := range []string{"Microphone", "Camera"} {
		w.isShut(name, words.English().Say("device.viewer"))
	}
}

// TestPressesOfAModerator: each reaches the session as what it is called.
func TestPressesOfAModerator(t *testing.T) {
	v := with(opened(meeting.FinalWindow, 30), func(v *client.View) { v.Roster.Waiting = []client.Waiter{{ID: "w1", Name: "Noor"}} })
	for _, c := range []struct {
		presses []string
		want    string
	}{
		{[]string{"Extend by 15 min"}, "Extend 15"},
		{[]string{"20 min 15:20: extend by 20 minutes, until 15:20"}, "Extend 20"},
		{[]string{"Not now"}, "HideNotice"},
		{[]string{"Admit Noor"}, "Admit w1"},
		{[]string{"Deny Noor"}, "Deny w1"},
		{[]string{"Microphone"}, "ToggleDevice microphone"},
		{[]string{"Camera"}, "ToggleDevice camera"},
		{[]string{"Leave"}, "Leave"},
		{[]string{"Invite: copy the guests’ link"}, "CopyGuestsLink"},
		{[]string{"2 people here 1 waiting to come in", "Lock the meeting"}, "SetLocked true"},
		{[]string{"2 people here 1 waiting to come in", "Remove Asha", "Remove"}, "Remove asha"},
		{[]string{"2 people here 1 waiting to come in", "New link", "Make a new link"}, "RenewLink"},
	} {
		w := mount(t, v, at(56))
		for _, name := range c.presses {
			w.button(name).Press()
		}
		if !slices.Equal(w.s.Calls, []string{c.want}) {
			t.Errorf("pressing %q came to %q, want %q", c.presses, w.s.Calls, c.want)
		}
	}
}

// pressStory presses the clock's button.
func (w *world) pressStory() {
	w.Press("button", "How this meeting goes, ends at "+w.room.now().At(w.room.View.Timeline.EndsAt))
}

// button is one by its name; a switch is one, too.
func (w *world) button(name string) *uitest.Control {
	if c := w.Role("switch", name); c != nil {
		return c
	}
	return w.MustRole("button", name)
}

func (w *world) isOpen(name string) {
	w.t.Helper()
	if c := w.button(name); c.Disabled() || c.Attr("data-testid") == "" {
		w.t.Errorf("%q cannot be pressed, or not be found", name)
	}
}

// isBusy: a press has its answer on its way, keeps the keyboard, and another does
// nothing.
func (w *world) isBusy(name string) {
	w.t.Helper()
	w.isClosed(name, (*uitest.Control).Busy, words.English().Say("why.waits"))
	before := len(w.s.Calls)
	if w.button(name).Press(); w.button(name).Disabled() || len(w.s.Calls) != before {
		w.t.Errorf("%q: disabled %t, and pressed %v", name, w.button(name).Disabled(), w.s.Calls[before:])
	}
}

func (w *world) isShut(name, why string) {
	w.t.Helper()
	w.isClosed(name, (*uitest.Control).Disabled, why)
}

func (w *world) isClosed(name string, so func(*uitest.Control) bool, why string) {
	w.t.Helper()
	c := w.button(name)
	if !so(c) || c.Why() != why || c.Attr("data-testid") != "" || c.Attr("data-shut") == "" {
		w.t.Errorf("%q: closed %t because %q, data-testid %q, data-shut %q", name, so(c), c.Why(), c.Attr("data-testid"), c.Attr("data-shut"))
	}
}
