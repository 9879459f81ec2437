package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
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
		return app.Div().Class("popover end-dialog absent")
	}
	const offer, ending = "End for everyone", "Ending…"
	text := offer
	if d.Waiting {
		text = ending
	}
	return app.Form().Class("popover end-dialog").Attr("role", "alertdialog").Attr("method", "dialog").
		Aria("labelledby", "end-title").Aria("describedby", "end-text").OnSubmit(d.onSubmit).Body(
		app.H2().ID("end-title").Text("End the meeting for everyone?"),
		app.P().ID("end-text").Class("hint").Text("Everybody is disconnected at once. To go by yourself, leave instead."),
		app.Div().Class("field").Body(
			app.Label().For("end-reason").Text("Reason (everyone reads it)"),
			app.Input().ID("end-reason").Class("input").Type("text").MaxLength(meeting.MaxEndReason).
				Attr("autocomplete", "off").Placeholder("Optional").
				DataSet("testid", "end-reason").OnInput(d.onReason),
		),
		app.Div().Class("actions").Body(
			app.Button().Type("button").Class("button").DataSet("testid", "cancel-end").OnClick(d.onCancel).Text("Cancel"),
			app.Button().Type("submit").Class("button danger").Disabled(d.Waiting || d.Away).
				DataSet(ui.Key(!d.Away), "confirm-end").Body(ui.Steady(text, offer, ending)),
		),
	)
}

func (d *EndDialog) onReason(ctx app.Context, _ app.Event) {
	d.reason = ctx.JSSrc().Get("value").String()
}

func (d *EndDialog) onCancel(app.Context, app.Event) { d.Room.close() }

func (d *EndDialog) onSubmit(_ app.Context, e app.Event) {
	e.PreventDefault()
	if !d.Waiting && !d.Away {
		d.Session.End(d.reason)
	}
}
