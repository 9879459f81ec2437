package uitest

import (
	"context"
	"fmt"

	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/meeting"
)

// Stage records what is shown where.
type Stage struct {
	Calls  []string
	Placed map[string]layout.Rect // where each element stands
}

var _ client.Stage = (*Stage)(nil)

func (s *Stage) called(format string, args ...any) {
	s.Calls = append(s.Calls, fmt.Sprintf(format, args...))
}

// What a stage can be asked, each recorded under its name.

func (s *Stage) ShowSelf(element string)      { s.called("ShowSelf %s", element) }
func (s *Stage) ShowSeat(element, mid string) { s.called("ShowSeat %s %s", element, mid) }
func (s *Stage) Clear(element string)         { s.called("Clear %s", element) }
func (s *Stage) Place(element string, at layout.Rect) {
	if s.Placed == nil {
		s.Placed = map[string]layout.Rect{}
	}
	s.Placed[element] = at
}
func (s *Stage) Meter(element string)                { s.called("Meter %s", element) }
func (s *Stage) SoundBlocked() bool                  { return false }
func (s *Stage) UnblockSound()                       { s.called("UnblockSound") }
func (s *Stage) OnSoundBlocked(func()) (stop func()) { return func() {} }
func (s *Stage) Chime(w meeting.Window)              { s.called("Chime %s", w) }

// Tab records what becomes of the browser's tab.
type Tab struct {
	Title     string
	IsHidden  bool
	Notes     []string // notifications, as "title: body"
	Copied    string
	Hid       int // how often the fragment was hidden
	Dressed   map[string]string
	Theme     string
	CopyError error
	Told      client.Notifying // whether notifications are shown; empty: never
	Asked     func(client.Notifying)
}

var _ client.Page = (*Tab)(nil)

func (p *Tab) Address() (path, fragment string) { return "/", "" }
func (p *Tab) Origin() string                   { return "https://meet.example" }
func (p *Tab) Secure() bool                     { return true }
func (p *Tab) HideFragment()                    { p.Hid++ }
func (p *Tab) SetTitle(title string)            { p.Title = title }
func (p *Tab) Dress(properties map[string]string, theme string) {
	p.Dressed, p.Theme = properties, theme
}
func (p *Tab) OnWake(func()) (stop func()) { return func() {} }
func (p *Tab) Hidden() bool                { return p.IsHidden }
func (p *Tab) Notify(title, body string)   { p.Notes = append(p.Notes, title+": "+body) }
func (p *Tab) Notifying() client.Notifying {
	if p.Told == "" {
		return client.NotifyNever
	}
	return p.Told
}

// AskToNotify leaves the answer to the test.
func (p *Tab) AskToNotify(then func(client.Notifying)) { p.Asked = then }
func (p *Tab) Copy(_ context.Context, text string) error {
	p.Copied = text
	return p.CopyError
}
