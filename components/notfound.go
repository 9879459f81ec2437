package components

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/words"
)

// notFound is the page for an address that is none of ours.
type notFound struct {
	app.Compo

	words *words.Catalogue
}

// Render draws the page.
func (n *notFound) Render() app.UI {
	return app.Div().Class("page ended").Body(
		app.Header().Class("page-top").Body(ui.Brand("", false)),
		app.Main().Class("ended-body").Body(
			app.Section().Class("card ended-card").DataSet("testid", "not-found").Body(
				app.H1().Text(n.words.Say("lost.inside.title")),
				app.P().Class("ended-text").Text(n.words.Say("lost.inside.text")),
				app.Div().Class("actions").Body(app.A().Class("button primary large").Href("/").Text(n.words.Say("word.back_to_start"))),
			),
		),
	)
}
