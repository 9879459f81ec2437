package uitest

import (
	"fmt"
	"slices"
	"time"

	"overtime/internal/client"
)

// Session records what is wanted of it. It is for one goroutine.
type Session struct {
	Shown client.View
	// Moment is the server's time; if zero, it is the (synthetic) clock's.
	Moment time.Time
	// Zone is that of whoever looks; nil: UTC.
	Zone client.Zone
	// Calls are the intents, in order, as "Extend 15".
	Calls []string

	subscribers []*func(client.View)
}

// View is the present view.
func (s *Session) View() client.View { return s.Shown }

// Subscribe calls back at once, then at each Show.
func (s *Session) Subscribe(f func(client.View)) (stop func()) {
	s.subscribers = append(s.subscribers, &f)
	f(s.Shown)
	return func() {
		s.subscribers = slices.DeleteFunc(s.subscribers, func(have *func(client.View)) bool { return have == &f })
	}
}

// Show changes the view.
func (s *Session) Show(v client.View) {
	s.Shown = v
	for _, f := range slices.Clone(s.subscribers) {
		(*f)(v)
	}
}

// Now is the server's time.
func (s *Session) Now() time.Time {
	if s.Moment.IsZero() {
		return time.Now()
	}
	return s.Moment
}

// Local is t in UTC, unless the test has a zone.
func (s *Session) Local(t time.Time) time.Time {
	if s.Zone == nil {
		return t.UTC()
	}
	return s.Zone.Local(t)
}

func (s *Session) called(format string, args ...any) {
	s.Calls = append(s.Calls, fmt.Sprintf(format, args...))
}

// The intents, each recorded under its name.

func (s *Session) SetName(name string)                 { s.called("SetName %s", name) }
func (s *Session) ToggleDevice(kind client.DeviceKind) { s.called("ToggleDevice %s", kind) }
func (s *Session) ChooseDevice(kind client.DeviceKind, id string) {
	s.called("ChooseDevice %s %s", kind, id)
}
func (s *Session) Join()               { s.called("Join") }
func (s *Session) Leave()              { s.called("Leave") }
func (s *Session) Rejoin()             { s.called("Rejoin") }
func (s *Session) Extend(minutes int)  { s.called("Extend %d", minutes) }
func (s *Session) HideNotice()         { s.called("HideNotice") }
func (s *Session) End(reason string)   { s.called("End %s", reason) }
func (s *Session) CopyGuestsLink()     { s.called("CopyGuestsLink") }
func (s *Session) Remove(id string)    { s.called("Remove %s", id) }
func (s *Session) Admit(id string)     { s.called("Admit %s", id) }
func (s *Session) Deny(id string)      { s.called("Deny %s", id) }
func (s *Session) SetLocked(lock bool) { s.called("SetLocked %t", lock) }
func (s *Session) RenewLink()          { s.called("RenewLink") }
func (s *Session) DismissToast(id int) { s.called("DismissToast %d", id) }
func (s *Session) Resize(w, h int)     { s.called("Resize %d %d", w, h) }
func (s *Session) Close()              { s.called("Close") }

// What a page around may ask besides; the outcomes are the test's to give.

func (s *Session) SetDevice(kind client.DeviceKind, on bool) { s.called("SetDevice %s %t", kind, on) }
func (s *Session) AskToExtend(minutes int, _ func(client.Outcome)) {
	s.called("AskToExtend %d", minutes)
}
func (s *Session) AskToEnd(reason string, _ func(client.Outcome)) { s.called("AskToEnd %s", reason) }
