package components_test

import (
	"slices"
	"testing"

	"overtime/components"
	"overtime/components/uitest"
	"overtime/internal/client"
)

// system hands over links, and has the back button.
type system struct {
	launch func(address string)
	onBack func()
	calls  []string
}

func (s *system) OnLaunch(f func(address string)) (stop func()) {
	s.launch = f
	return func() { s.launch = nil }
}

func (s *system) Guard(onBack func()) client.Guard {
	s.onBack = onBack
	s.calls = append(s.calls, "guard")
	return s
}

func (s *system) Renew()              { s.calls = append(s.calls, "renew") }
func (s *system) Lift()               { s.calls = append(s.calls, "lift") }
func (s *system) Forget()             { s.calls = append(s.calls, "forget") }
func (s *system) Load(address string) { s.calls = append(s.calls, "load "+address) }

// TestNothingTakesAnybodyOutOfAMeetingUnasked, neither the back button nor a link
// that the system hands over, and only there is anything asked.
func TestNothingTakesAnybodyOutOfAMeetingUnasked(t *testing.T) {
	o, sys := &opener{}, &system{}
	p := uitest.Mount(t, components.NewMeeting(components.Program{Open: o.open, Page: &uitest.Tab{}, Launches: sys, History: sys}))
	navigate(p, "/r/one#token")
	s := o.sessions[0]
	show := func(phase client.Phase) { s.Show(client.View{Phase: phase}); p.Settle() }
	asks := func() bool { return p.Find("stay") != nil }

	show(client.PhaseLobby)
	if asks() || len(sys.calls) != 0 {
		t.Errorf("the lobby holds people back: %v", sys.calls)
	}
	show(client.PhaseRoom)
	sys.launch("https://meet.example/r/two")
	if p.Settle(); !asks() {
		t.Error("another meeting: nothing is asked")
	}
	sys.onBack()
	if p.Settle(); !asks() {
		t.Error("the back button: nothing is asked")
	}
	sys.launch("https://meet.example/r/one") // the same meeting again
	sys.launch("https://meet.example/")      // the app's icon
	if p.Settle(); slices.Contains(s.Calls, "Leave") || slices.Contains(s.Calls, "Close") {
		t.Errorf("left all the same: %v", s.Calls)
	}
	p.Press("button", "Stay")
	if asks() || slices.Contains(s.Calls, "Leave") {
		t.Errorf("asked to stay, the page does %v", s.Calls)
	}
	sys.onBack()
	sys.launch("https://meet.example/r/two") // whoever stays is asked about the next press, too
	p.Settle()
	p.Press("button", "Stay")
	sys.onBack()
	p.Settle()
	show(client.PhaseEnded)
	if asks() {
		t.Error("the question outlives the meeting")
	}
	sys.launch("https://meet.example/r/one")
	p.Settle()
	if want := []string{"guard", "renew", "renew", "lift", "load /r/one"}; !slices.Equal(sys.calls, want) {
		t.Errorf("got %v, want %v", sys.calls, want)
	}
}

// TestLeaveForAnotherMeeting: who wants to go gives up their place, and the
// question goes with them.
func TestLeaveForAnotherMeeting(t *testing.T) {
	o, sys := &opener{}, &system{}
	p := uitest.Mount(t, components.NewMeeting(components.Program{Open: o.open, Page: &uitest.Tab{}, Launches: sys, History: sys}))
	navigate(p, "/r/one#token")
	s := o.sessions[0]
	s.Show(client.View{Phase: client.PhaseRoom})
	p.Settle()
	sys.launch("https://meet.example/r/two")
	p.Settle()
	p.Press("button", "Leave and go")
	if !slices.Contains(s.Calls, "Leave") || p.Find("stay") != nil {
		t.Errorf("the page does %v", s.Calls)
	}
	if want := []string{"guard", "forget"}; !slices.Equal(sys.calls, want) {
		t.Errorf("got %v, want %v", sys.calls, want)
	}
}
