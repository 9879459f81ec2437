package home

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// copiedFor is how long a Copy button says that it did.
const copiedFor = 2 * time.Second

// links shows the two links of a meeting that was made.
type links struct {
	app.Compo

	Created client.Created
	Page    client.Page
	Words   *words.Catalogue

	copied string // the id of the link that was copied last
	failed string // the id of one that could not be
	alarm  ui.Alarm
}

// OnMount moves the keyboard to what comes next.
func (l *links) OnMount(app.Context) { ui.FocusOn("open-moderator") }

// OnDismount lets go of the alarm.
func (l *links) OnDismount() { l.alarm.Stop() }

// Render draws both links, what each is for, and the way in.
func (l *links) Render() app.UI {
	return app.Div().Class("card links").Body(
		app.Div().Class("links-head").Body(
			app.Span().Class("done-mark").Body(ui.Icon("check")),
			app.Div().Attr("role", "status").Body(app.H2().Class("card-title").Text(l.Words.Say("home.ready"))),
		),
		l.link("moderator-link", "moderator", l.Words.Say("home.link.moderator"),
			l.Words.Say("home.link.moderator.text"), l.Created.ModeratorLink),
		l.link("guest-link", "people", l.Words.Say("home.link.guests"),
			l.Words.Say("home.link.guests.text"), l.Created.GuestLink),
		app.A().ID("open-moderator").Class("button primary large wide").Href(l.Created.ModeratorLink).
			DataSet("testid", "open-moderator").Text(l.Words.Say("home.open")),
		app.P().Class("hint centred").Text(l.Words.Say("home.runs", words.Count("minutes", l.Created.Minutes))),
	)
}

func (l *links) link(id, icon, title, what, url string) app.UI {
	offer, done := l.Words.Say("home.copy"), l.Words.Say("home.copied")
	button, label, note := offer, l.Words.Say("home.copy.label", words.Text("link", title)), ""
	switch id {
	case l.copied:
		button, label = done, l.Words.Say("home.copied.label", words.Text("link", title))
	case l.failed:
		note = l.Words.Say("home.copy.failed")
	}
	return app.Div().Class("link").Body(
		app.Label().Class("link-title").For(id).Body(ui.Icon(icon), app.Span().Text(title)),
		app.P().Class("hint").ID(id+"-hint").Text(what),
		app.Div().Class("link-row").Body(
			ui.Use(app.Input().ID(id).Class("input").Type("text").ReadOnly(true).Value(url).
				Aria("describedby", id+"-hint").OnFocus(l.onFocus, id), id, ui.Gate{}),
			ui.Use(app.Button().Type("button").Class(ui.Classes("button copy", ui.When(id == l.copied, "copied"))).
				Aria("label", label).OnClick(l.onCopy(id, url), id, url).
				Body(ui.Steady(button, offer, done)), "copy-"+id, ui.Gate{}),
		),
		app.P().Class(ui.Classes("trouble", ui.When(note == "", "absent"))).Attr("role", "status").Text(note),
	)
}

func (l *links) onFocus(ctx app.Context, _ app.Event) { ctx.JSSrc().Call("select") }

func (l *links) onCopy(id, url string) app.EventHandler {
	return func(ctx app.Context, _ app.Event) {
		if l.Page == nil {
			return
		}
		page := l.Page
		ctx.Async(func() {
			err := page.Copy(context.Background(), url)
			ctx.Dispatch(func(ctx app.Context) { l.answered(ctx, id, err) })
		})
	}
}

func (l *links) answered(ctx app.Context, id string, err error) {
	l.copied, l.failed = id, ""
	if err != nil {
		l.copied, l.failed = "", id
		ui.FocusOn(id)
		return
	}
	l.alarm.Set(ctx, copiedFor, func(app.Context) { l.copied = "" })
}
