package components

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/client"
)

// listen has links that the system hands over come here while a meeting's page
// is open.
func (m *Meeting) listen(ctx app.Context) {
	m.goTo = ctx.Navigate
	if m.program.Launches != nil && m.unlisten == nil {
		m.unlisten = m.program.Launches.OnLaunch(func(address string) {
			ctx.Dispatch(func(app.Context) { m.launched(address) })
		})
	}
	m.onUI = func(f func()) { ctx.Dispatch(func(app.Context) { f() }) }
}

// launched is a link that the system handed over.
func (m *Meeting) launched(address string) {
	if m.program.Page == nil {
		return
	}
	what, to := client.LaunchOf(address, m.program.Page.Origin(), m.room, m.view.Phase)
	switch what {
	case client.LaunchOpen:
		m.goTo(to)
	case client.LaunchLoad:
		m.program.History.Load(to)
	case client.LaunchAsk:
		m.asked = departure{to: to}
	}
}

// guardBack has the back button ask while the person is in the room.
func (m *Meeting) guardBack() {
	inside := m.view.Phase == client.PhaseRoom
	switch {
	case m.program.History == nil:
	case inside && m.guard == nil:
		m.guard = m.program.History.Guard(func() { m.onUI(m.back) })
	case !inside && m.guard != nil:
		m.guard.Lift()
		m.guard = nil
	}
}

// back is a press of the back button.
func (m *Meeting) back() {
	if m.guard != nil {
		m.asked = departure{back: true}
	}
}

// stay is an answer to the question, as is depart.
func (m *Meeting) stay() {
	if m.guard != nil {
		m.guard.Renew() // also of a link that took the place of the back button's question
	}
	m.asked = departure{}
	m.Update()
}

func (m *Meeting) depart() {
	to := m.asked.to
	m.asked = departure{}
	if to != "" {
		m.forgetGuard()
	}
	m.session.Do(client.Leave{})
	if to != "" {
		m.goTo(to)
	}
	m.Update()
}

// settle closes a question that has become none: the meeting is over for this
// person. A link that waited for the answer is followed.
func (m *Meeting) settle() {
	switch m.view.Phase {
	case client.PhaseRoom, client.PhaseJoining, client.PhaseWaiting:
		return
	}
	to := m.asked.to
	m.asked = departure{}
	if to != "" {
		m.forgetGuard()
		m.goTo(to)
	}
}

func (m *Meeting) forgetGuard() {
	if m.guard != nil {
		m.guard.Forget()
		m.guard = nil
	}
}

// launched goes to a meeting whose link the system handed over while none is open.
func (p Program) launched(address string) {
	if p.Page == nil {
		return
	}
	if what, to := client.LaunchOf(address, p.Page.Origin(), "", ""); what == client.LaunchOpen {
		app.Window().Call("goappNav", to)
	}
}
