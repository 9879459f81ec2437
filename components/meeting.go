package components

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ended"
	"overtime/components/lobby"
	"overtime/components/room"
	"overtime/internal/client"
	"overtime/internal/invitation"
	"overtime/internal/words"
)

// Meeting is the page at /r/{room}. It owns the session's life and shows the
// page that the View's phase asks for. It has no exported fields: go-app
// empties those when another room's page is navigated to.
type Meeting struct {
	app.Compo

	program Program

	room    string
	session Session
	stop    func()
	latest  latest
	view    client.View

	unlisten func()       // for links that the system hands over
	guard    client.Guard // before the way back; nil outside of the room
	asked    departure
	goTo     func(path string)
	onUI     func(f func())
}

// NewMeeting is the page of whatever room the address names.
func NewMeeting(p Program) *Meeting { return &Meeting{program: p} }

// OnNav opens the session of the room in the address: on arrival, on a
// navigation to another room, and when another link of the same room is opened
// here. A link never throws anybody out of a meeting they are in.
func (m *Meeting) OnNav(ctx app.Context) {
	u := ctx.Page().URL()
	address, _ := invitation.Parse(u.Path, "") // another page's path would not have come here
	name := address.Room
	inside := m.view.Phase == client.PhaseRoom || m.view.Phase == client.PhaseJoining
	if m.program.Open == nil || name == m.room && u.Fragment == "" {
		return
	}
	if name == m.room && inside {
		// Nor may a reload later: the tab keeps the link it came with.
		if m.program.Page != nil {
			m.program.Page.HideFragment()
		}
		return
	}
	m.close()
	m.listen(ctx)
	m.room, m.view = name, client.View{}
	m.session = m.program.Open(name)
	m.stop = m.session.Subscribe(m.latest.feed(ctx, m.follow))
}

// OnDismount ends the session with the page. Whoever was asked about the back
// button and presses it again has answered.
func (m *Meeting) OnDismount() {
	if m.asked.back && m.session != nil {
		m.session.Do(client.Leave{})
	}
	if m.unlisten != nil {
		m.unlisten()
	}
	m.close()
}

func (m *Meeting) close() {
	m.forgetGuard()
	m.asked = departure{}
	if m.session == nil {
		return
	}
	m.stop()
	m.session.Close()
	m.session = nil
}

func (m *Meeting) follow(v client.View) {
	m.view = v
	m.guardBack()
	m.settle()
	if v.Phase == client.PhaseEnded && m.program.Meetings != nil {
		m.program.Meetings.Forget(m.room) // the home page offers a new one
	}
	if m.program.Page == nil || v.Phase == client.PhaseRoom {
		return // the room's title has the time
	}
	title := "Overtime"
	if v.Room.Name != "" {
		title = m.program.Words.Say("title.meeting", words.Text("name", v.Room.Name))
	}
	m.program.Page.SetTitle(title)
}

// Render draws the page of the phase.
func (m *Meeting) Render() app.UI {
	return app.Div().Class("meeting").Body(m.program.pageOf(m.view, m.session, setting{}),
		&question{Asked: m.asked, AtDoor: m.view.Phase == client.PhaseWaiting, Meeting: answers{m}, Words: m.program.Words})
}

// setting is where a page stands: by itself, or as a part of another's page,
// which may have a logo.
type setting struct {
	embedded bool
	logo     string
}

// pageOf is the page that a view asks for; session is nil before there is one.
func (p Program) pageOf(v client.View, session Session, in setting) app.UI {
	v = v.Complete()
	switch v.Phase {
	case client.PhaseRoom:
		return &room.Room{View: v, Session: session, Stage: p.Stage, Page: p.Page, Logo: in.logo, Words: p.Words}
	case client.PhaseEnded, client.PhaseLeft, client.PhaseClosed:
		return &ended.Ended{View: v, Session: session, PortalOnly: p.PortalOnly, Embedded: in.embedded, Logo: in.logo, Words: p.Words}
	}
	return &lobby.Lobby{View: v, Session: session, Stage: p.Stage, Embedded: in.embedded, Logo: in.logo, Words: p.Words}
}
