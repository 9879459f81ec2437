package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
)

// EndDialog asks once before the meeting ends for everyone. It stands over the
// stage only: the clock and Leave stay in reach.
type EndDialog struct {
	app.Compo

	Open    bool
	Waiting bool // the answer is on its way
	Away    bool // the server cannot be asked now
	Session ui.Session
	Room    closer

	reason string // as typed; goes with the field
}

// Render draws the dialog; its elements exist while it is open only.
func (d *EndDialog) Render() app.UI {
	if !d.Open {
		d.reason = ""
		return app.Dialog().Class("popover end-dialog absent")
	}
	const offer, ending = "End for everyone", "Ending…"
	text := offer
	if d.Waiting {
		text = ending
	}
	form := app.Form().Class("end-form").Attr("method", "dialog").OnSubmit(d.onSubmit).Body(
		app.H2().ID("end-title").Text("End the meeting for everyone?"),
		app.P().ID("end-text").Class("hint").Text("Everybody is disconnected at once. To go by yourself, leave instead."),
		app.Div().Class("field").Body(
			app.Label().For(idEndReason).Text("Reason (everyone reads it)"),
			ui.Use(app.Input().ID(idEndReason).Class("input").Type("text").MaxLength(meeting.MaxEndReason).
				Attr("autocomplete", "off").Placeholder("Optional").OnInput(d.onReason), "end-reason", ui.Gate{}),
		),
		app.Div().Class("actions").Body(
			ui.Use(app.Button().Type("button").Class("button").OnClick(d.onCancel).Text("Cancel"), "cancel-end", ui.Gate{}),
			ui.Use(app.Button().Type("submit").Class("button danger").Body(ui.Steady(text, offer, ending)), "confirm-end", d.gate()),
		),
	)
	// Not modal to the mouse: an extension and Leave stay in reach. The keyboard
	// goes round in it.
	return app.Dialog().Class("popover end-dialog").Open(true).Attr("role", "alertdialog").Aria("modal", "true").
		Aria("labelledby", "end-title").Aria("describedby", "end-text").Body(form)
}

// gate is that of the press that ends it.
func (d *EndDialog) gate() ui.Gate {
	return ui.ShutIf(d.Away, ui.WhyAway).Or(ui.ShutIf(d.Waiting, ui.WhyWaits))
}

func (d *EndDialog) onReason(ctx app.Context, _ app.Event) {
	d.reason = ctx.JSSrc().Get("value").String()
}

func (d *EndDialog) onCancel(app.Context, app.Event) { d.Room.close() }

func (d *EndDialog) onSubmit(_ app.Context, e app.Event) {
	e.PreventDefault()
	if d.gate().Open() {
		d.Session.Do(client.End{Reason: d.reason})
	}
}
