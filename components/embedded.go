package components

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/embed"
	"overtime/internal/invitation"
	"overtime/internal/theme"
	"overtime/internal/words"
)

// Embedded is the page at /embed/{room}: the meeting as a part of another's
// page. That page lets the person in by a message; a frame without a script
// around it has the token in its address, as a link does.
type Embedded struct {
	app.Compo

	program Program
	page    client.Page // as the browser gave it

	room    string
	bridge  *embed.Bridge
	entry   embed.Entry
	logo    string
	session Session // nil until the person is let in
	stop    func()
	latest  latest
	view    client.View
}

// NewEmbedded is the page of whatever room the address names.
func NewEmbedded(p Program) *Embedded { return &Embedded{program: p, page: p.Page} }

// OnNav starts listening to the page around, or opens the session of a link.
func (m *Embedded) OnNav(ctx app.Context) {
	u := ctx.Page().URL()
	address, _ := invitation.Parse(u.Path, u.Fragment) // another page's path would not have come here
	name := address.Room
	if m.program.Embedding == nil || name == m.room {
		return
	}
	m.close()
	m.room, m.view, m.entry = name, client.View{}, embed.Entry{}
	if address.Token != "" { // which stays: a reload has nothing else to come back by
		m.entry = embed.Entry{Token: address.Token, Lobby: true}
		m.follow(ctx, m.program.Embedding.Open(name, m.entry))
		return
	}
	m.bridge = embed.New(embed.Config{
		Host: m.program.Embedding.Host,
		Enter: func(e embed.Entry) embed.Session {
			session := m.program.Embedding.Open(name, e)
			ctx.Dispatch(func(ctx app.Context) {
				m.entry = e
				m.dress(e.Style)
				m.follow(ctx, session)
			})
			return session
		},
		Restyle: func(s embed.Style) { ctx.Dispatch(func(app.Context) { m.dress(s) }) },
		SayTrouble: func(t client.Trouble, v client.View) string {
			return ui.Refusal(t, ui.Moment{Now: v.Timeline.EndsAt, Minute: ui.Minute(v.Room), Zone: m.program.Zone, Words: m.program.Words})
		},
		SayDevice: func(kind client.DeviceKind, t client.DeviceTrouble) string {
			return ui.Device(m.program.Words, kind, t)
		},
		Words: m.program.Words,
	})
	if m.page != nil {
		m.program.Page = embed.WithNotify(m.page, m.bridge.Notify)
	}
}

// dress shows the meeting as the page around wants it, and tells it what
// cannot be had.
func (m *Embedded) dress(s embed.Style) {
	chosen, complaints := theme.Parse(s.Choice())
	m.logo = chosen.Logo
	if m.page != nil {
		m.page.Dress(chosen.Properties, chosen.Scheme)
	}
	for _, c := range complaints {
		if m.bridge != nil {
			m.bridge.Complain(c.Code, c.Message)
		}
	}
}

// follow shows a session.
func (m *Embedded) follow(ctx app.Context, s Session) {
	m.session = s
	m.stop = s.Subscribe(m.latest.feed(ctx, func(v client.View) { m.view = v }))
}

// OnDismount ends the session with the page.
func (m *Embedded) OnDismount() { m.close() }

func (m *Embedded) close() {
	if m.bridge != nil {
		m.bridge.Close()
		m.bridge = nil
	}
	if m.session != nil {
		m.stop()
		m.session.Close()
		m.session = nil
	}
}

// Render draws the page of the phase.
func (m *Embedded) Render() app.UI {
	page := arriving(m.program.Words)
	if !m.arrives() {
		page = m.program.pageOf(m.view, m.session, setting{embedded: true, logo: m.logo})
	}
	return app.Div().Class("meeting embedded").Body(page)
}

// arrives reports whether the person is on the way in. Who does not want to see
// the lobby sees it only if it has something to say.
func (m *Embedded) arrives() bool {
	switch m.view.Phase {
	case "", client.PhaseOpening, client.PhaseLobby, client.PhaseJoining:
		return (m.session == nil || !m.entry.Lobby) && m.view.Trouble.Code == ""
	}
	return false
}

// arriving is shown on the way in.
func arriving(w *words.Catalogue) app.UI {
	return app.Main().Class("page arriving").Body(
		app.Div().Attr("role", "status").Body(app.H1().Class("arriving-text").Body(
			app.Span().Class("spinner").Aria("hidden", "true"), app.Span().Text(w.Say("embed.joining")))))
}
