package components

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
)

// notFound is the page for an address that is none of ours.
type notFound struct{ app.Compo }

// Render draws the page.
func (*notFound) Render() app.UI {
	return app.Div().Class("page ended").Body(
		app.Header().Class("page-top").Body(ui.Brand("", false)),
		app.Main().Class("ended-body").Body(
			app.Section().Class("card ended-card").DataSet("testid", "not-found").Body(
				app.H1().Text("There is nothing here"),
				app.P().Class("ended-text").Text("The address may be mistyped. Meetings have addresses that begin with /r/ and come in a link."),
				app.Div().Class("actions").Body(app.A().Class("button primary large").Href("/").Text("Back to start")),
			),
		),
	)
}
