package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// EndDialog asks once before the meeting ends for everyone. It stands over the
// stage only: the clock and Leave stay in reach.
type EndDialog struct {
	app.Compo

	Open    bool
	Waiting bool // the answer is on its way
	Away    bool // the server cannot be asked now
	Session ui.Session
	Words   *words.Catalogue
	Page    port

	reason string // as typed; goes with the field
}

// Render draws the dialog; its elements exist while it is open only.
func (d *EndDialog) Render() app.UI {
	if !d.Open {
		d.reason = ""
		return app.Dialog().Class("popover end-dialog absent")
	}
	offer, ending := d.Words.Say("end.confirm"), d.Words.Say("end.ending")
	text := offer
	if d.Waiting {
		text = ending
	}
	form := app.Form().Class("end-form").Attr("method", "dialog").OnSubmit(d.onSubmit).Body(
		app.H2().ID("end-title").Text(d.Words.Say("end.title")),
		app.P().ID("end-text").Class("hint").Text(d.Words.Say("end.text")),
		app.Div().Class("field").Body(
			app.Label().For(idEndReason).Text(d.Words.Say("end.reason")),
			ui.Use(app.Input().ID(idEndReason).Class("input").Type("text").MaxLength(meeting.MaxEndReason).
				Attr("autocomplete", "off").Placeholder(d.Words.Say("end.optional")).OnInput(d.onReason), "end-reason", ui.Gate{}),
		),
		app.Div().Class("actions").Body(
			ui.Use(app.Button().Type("button").Class("button").OnClick(d.onCancel).Text(d.Words.Say("word.cancel")), "cancel-end", ui.Gate{}),
			ui.Use(app.Button().Type("submit").Class("button danger").Body(ui.Steady(text, offer, ending)), "confirm-end", ui.Asking(d.Words, d.Away, d.Waiting)),
		),
	)
	// Not modal to the mouse: an extension and Leave stay in reach. The keyboard
	// goes round in it.
	return app.Dialog().Class("popover end-dialog").Open(true).Attr("role", "alertdialog").Aria("modal", "true").
		Aria("labelledby", "end-title").Aria("describedby", "end-text").Body(form)
}

func (d *EndDialog) onReason(ctx app.Context, _ app.Event) {
	d.reason = ctx.JSSrc().Get("value").String()
}

func (d *EndDialog) onCancel(ctx app.Context, _ app.Event) { d.Page.close(ctx, panelEnd) }

func (d *EndDialog) onSubmit(_ app.Context, e app.Event) {
	e.PreventDefault()
	d.Session.Do(client.End{Reason: d.reason})
}
