package ended

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// reasonLeft is the reason of a person who left by their own choice.
const reasonLeft = "left"

// Ended is the page for the phases ended, left and closed.
type Ended struct {
	app.Compo

	View    client.View
	Session ui.Session
	// PortalOnly: nobody can make a meeting on these pages.
	PortalOnly bool
	// Embedded: the page is a part of another, and leads nowhere else.
	Embedded bool
	// Logo is the address of a portal's, shown instead of our mark.
	Logo string
	// Words are the sentences; nil: in English.
	Words *words.Catalogue

	retrying bool // Rejoin was pressed
	alarm    ui.Alarm
}

// OnMount gives the page the keyboard: what had it is gone.
func (e *Ended) OnMount(ctx app.Context) {
	ui.FocusOn("ended-title")
	e.awaitEnd(ctx)
}

// OnUpdate takes a new view as the answer to the press on Rejoin.
func (e *Ended) OnUpdate(ctx app.Context) {
	e.retrying = false
	e.awaitEnd(ctx)
}

// OnDismount stops waiting.
func (e *Ended) OnDismount() { e.alarm.Stop() }

// awaitEnd draws the page anew at the scheduled end of a meeting that was left:
// what it says about coming back holds until then.
func (e *Ended) awaitEnd(ctx app.Context) {
	e.alarm.Stop()
	left := e.View.Timeline.EndsAt.Sub(e.now().Now)
	if e.View.Phase == client.PhaseLeft && left > 0 {
		e.alarm.Set(ctx, left, e.awaitEnd)
	}
}

// telling is what the page says.
type telling struct {
	reason, title, text string
	words               string // what was said about the end
	retry               string // the button that goes back in, empty if none
	open                string // the way to the meeting elsewhere, empty if none
}

func (e *Ended) telling() telling {
	v, w, now := e.View, e.Words, e.now()
	switch {
	case v.Phase == client.PhaseLeft:
		t := telling{reason: reasonLeft, title: w.Say("ended.left"), retry: w.Say("ended.rejoin")}
		switch end := v.Timeline.EndsAt; {
		case end.After(now.Now):
			t.text = w.Say("ended.left.goes_on", words.Text("time", now.At(end)))
		case end.IsZero():
			t.text = w.Say("ended.left.unknown")
		default:
			t.text = w.Say("ended.left.past", words.Text("time", now.At(end)))
		}
		return t
	case v.Timeline.Ending != nil:
		ending := *v.Timeline.Ending
		t := telling{reason: string(ending.Reason), words: ending.Text}
		t.title, t.text = ui.Ended(ending, now)
		return t
	case v.Phase == client.PhaseEnded:
		c := ui.Closed(client.Trouble{Code: protocol.CodeOver}, now)
		return telling{reason: string(protocol.CodeOver), title: c.Title, text: c.Text}
	}
	c := ui.Closed(v.Trouble, now)
	t := telling{reason: string(v.Trouble.Code), title: c.Title, text: c.Text}
	switch {
	case v.Trouble.Code == client.TroubleAddress && v.Trouble.Open != "" && !e.Embedded: // a frame leads nowhere
		t.open = v.Trouble.Open
	case v.Trouble.Code == protocol.CodeReplaced:
		t.retry = w.Say("ended.come_back")
	case v.Trouble.Code == protocol.CodeDenied:
		t.retry = w.Say("ended.ask_again")
	case c.Retry:
		t.retry = w.Say("ended.try_again")
	}
	return t
}

func (e *Ended) now() ui.Moment {
	if e.Session == nil {
		return ui.Moment{Now: e.View.Timeline.EndsAt, Minute: ui.Minute(e.View.Room), Words: e.Words}
	}
	return ui.MomentIn(e.Words, e.View.Room, e.Session)
}

// Render draws the page.
func (e *Ended) Render() app.UI {
	t := e.telling()
	return app.Div().Class("page ended").Body(
		app.Header().Class("page-top").Body(ui.Brand(e.Logo, e.Embedded)),
		app.Main().Class("ended-body").Body(
			app.Section().Class("card ended-card").DataSet("testid", "ended").DataSet("phase", string(e.View.Phase)).Body(
				app.P().Class(ui.Classes("ended-room", ui.When(e.View.Room.Name == "", "absent"))).Attr("translate", ui.Untranslated).Text(e.View.Room.Name),
				app.Div().Attr("role", "alert").Body(
					app.H1().ID("ended-title").TabIndex(-1).Text(t.title),
					app.P().Class("ended-text").DataSet("testid", "ended-reason").DataSet("reason", t.reason).Text(t.text),
				),
				app.Blockquote().Class(ui.Classes("said", ui.When(t.words == "", "absent"))).Text(t.words),
				e.story(),
				e.actions(t),
			),
		),
	)
}

func (e *Ended) actions(t telling) app.UI {
	text, retrying := t.retry, e.Words.Say("ended.retrying")
	if e.retrying {
		text = retrying
	}
	return app.Div().Class("actions").Body(e.wayOut(t),
		ui.Use(app.Button().Type("button").Class("button primary large").OnClick(e.onRejoin).
			Body(ui.Steady(text, t.retry, retrying)), "rejoin",
			ui.AbsentIf(t.retry == "").Or(ui.Asking(e.Words, false, e.retrying))))
}

// wayOut leads to where the meeting is, if that is elsewhere, and else to the start.
func (e *Ended) wayOut(t telling) app.UI {
	class := ui.Classes("button large", ui.When(t.retry == "", "primary"), ui.When(e.Embedded, "absent"))
	if t.open != "" {
		return app.A().Class(class).Href(t.open).DataSet("testid", "open-there").Text(e.Words.Say("ended.open_there"))
	}
	start := app.A().Class(class).Href("/").DataSet(ui.Key(!e.Embedded), "back-to-start")
	if t.retry == "" && e.View.Phase == client.PhaseEnded && !e.PortalOnly {
		return start.Text(e.Words.Say("home.new"))
	}
	return start.Text(e.Words.Say("word.back_to_start"))
}

func (e *Ended) onRejoin(app.Context, app.Event) {
	if e.Session != nil {
		e.retrying = true
		e.Session.Do(client.Rejoin{})
	}
}
