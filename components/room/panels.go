package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/protocol"
)

// panel is something that opens beside the stage or over it.
type panel string

const (
	panelPeople panel = "people"
	panelStory  panel = "story"
	panelEnd    panel = "end" // the question before End for all
	panelChat   panel = "chat"
	panelReact  panel = "react" // the reactions
)

// manner is how a panel opens and closes.
type manner struct {
	// beside: it stands beside the stage, or as a sheet over it on a narrow
	// screen, until it is closed. Else it is over the stage for a moment.
	beside bool
	opener string   // DOM id of the button that opens it: the keyboard goes back there
	first  []string // DOM ids of what gets the keyboard, the best first
	// within is the selector of what a press may be on without closing it; empty:
	// only its own buttons and Escape close it.
	within string
}

var manners = map[panel]manner{
	panelPeople: {beside: true, opener: idPeopleButton, first: []string{idPeopleTitle}},
	panelChat:   {beside: true, opener: idChatButton, first: []string{idChatInput, idChatTitle}},
	panelReact:  {opener: idReact, first: []string{"react-" + string(protocol.ReactionClap)}, within: ".react"},
	panelStory:  {opener: idStoryButton, first: []string{idStoryClose}, within: "#story, .pill"},
	// What was typed into it would be lost by a press beside it.
	panelEnd: {opener: idEnd, first: []string{idEndReason}},
}

// panels owns what is open: at most one panel beside the stage and one over it.
// It says where the keyboard goes, best first; nobody else moves it for a panel.
// The zero value is all closed. It can be compared.
type panels struct {
	beside, over panel
	asked        question // within the panel beside the stage
}

// question is what a panel asks before something that cannot be undone.
type question struct {
	about string // what: of the asker's choice; empty: nothing is asked
	// participant is whom it is about, if about somebody: it goes with them.
	participant string
	message     int    // the number of the message that it is about, if about one: it goes with the message
	from        string // DOM id of the button that asks, where the keyboard goes back
	to          string // DOM id of the answer that changes nothing, which gets the keyboard
}

// shows reports whether a panel is open.
func (p panels) shows(which panel) bool { return which == p.beside || which == p.over }

// open opens a panel. One beside the stage comes to sight: what is over it goes.
func (p *panels) open(which panel) (focus []string) {
	m := manners[which]
	if m.beside {
		*p = panels{beside: which}
	} else {
		p.over = which
	}
	return m.first
}

// close closes a panel; the keyboard goes back to what opened it.
func (p *panels) close(which panel) (focus []string) {
	switch {
	case which == p.over && which != "":
		p.over = ""
	case which == p.beside && which != "":
		p.beside, p.asked = "", question{}
	default:
		return nil
	}
	return []string{manners[which].opener}
}

// toggle is a press on a panel's button. A panel beside the stage that something
// is over comes to sight again: on a narrow screen it is not seen.
func (p *panels) toggle(which panel) (focus []string) {
	if p.shows(which) && (which == p.over || p.over == "") {
		return p.close(which)
	}
	return p.open(which)
}

// ask asks within the panel beside the stage; a second press takes it back.
func (p *panels) ask(q question) (focus []string) {
	if p.asked == q {
		return p.answer()
	}
	p.asked = q
	return []string{q.to}
}

// answer takes the question back: the keyboard goes to what asked.
func (p *panels) answer() (focus []string) {
	from := p.asked.from
	p.asked = question{}
	return []string{from}
}

// confirm answers the question with yes: what asked may go, so the keyboard goes
// where it goes in a panel that was just opened.
func (p *panels) confirm() (focus []string) {
	p.asked = question{}
	return manners[p.beside].first
}

// escape closes one thing: what is over the others first.
func (p *panels) escape() (focus []string) {
	switch {
	case p.over != "":
		return p.close(p.over)
	case p.asked != question{}:
		return p.answer()
	}
	return p.close(p.beside)
}

// pressedOutside closes what is over the stage, if the press was not within it.
func (p *panels) pressedOutside(of panel) {
	if p.over == of {
		p.over = ""
	}
}

// port is what the parts of the page have the page do. It is a small value that
// compares equal from render to render, where a func would not.
type port struct{ room *Room }

// Each draws the page anew and moves the keyboard once it has been drawn.

func (p port) toggle(ctx app.Context, which panel) { p.done(ctx, p.room.panels.toggle(which)) }
func (p port) close(ctx app.Context, which panel)  { p.done(ctx, p.room.panels.close(which)) }
func (p port) ask(ctx app.Context, q question)     { p.done(ctx, p.room.panels.ask(q)) }
func (p port) answer(ctx app.Context)              { p.done(ctx, p.room.panels.answer()) }
func (p port) confirm(ctx app.Context)             { p.done(ctx, p.room.panels.confirm()) }

func (p port) escape(ctx app.Context) { p.done(ctx, p.room.panels.escape()) }

func (p port) done(ctx app.Context, focus []string) {
	p.room.Update()
	ctx.Defer(func(app.Context) { ui.FocusFirst(focus...) })
}

// watch has Escape and presses beside a panel close what they close, until stop.
func (p port) watch(ctx app.Context) (stop []func()) {
	stop = append(stop, ui.OnEscape(func() { ctx.Dispatch(p.escape) }))
	for which, m := range manners {
		if m.within == "" {
			continue
		}
		stop = append(stop, ui.OnPressOutside(m.within, func() { ctx.Dispatch(func(ctx app.Context) { p.pressedOutside(ctx, which) }) }))
	}
	return stop
}

func (p port) pressedOutside(ctx app.Context, of panel) {
	p.room.panels.pressedOutside(of)
	ctx.Defer(func(app.Context) { p.room.keeper.Keep() })
}
