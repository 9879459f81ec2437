package home

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/words"
)

// The meeting of the picture.
const (
	heroStart, heroPlanned, heroEnd = "14:00", "15:00", "15:15"
	heroBy, heroAdded               = "Asha", 15
)

// hero says what this is, in words and as a story bar. The bar is drawn by
// classes alone: it is the same for everyone and stands before any program.
func hero(w *words.Catalogue, portalOnly bool) app.UI {
	text := w.Say("home.hero.text")
	if portalOnly {
		text = w.Say("home.hero.text.portal")
	}
	return app.Section().Class("hero").Body(
		app.H1().Text(w.Say("home.hero")),
		app.P().Class("hero-text").Text(text),
		app.Div().Class("hero-bar").Attr("role", "img").
			Aria("label", w.Say("home.hero.picture", words.Text("start", heroStart), words.Text("planned", heroPlanned), words.Text("by", heroBy), words.Count("minutes", heroAdded))).Body(
			app.Div().Class("hero-who").Text(w.Say("home.hero.added", words.Count("minutes", heroAdded), words.Text("by", heroBy))),
			app.Div().Class("hero-track").Body(
				app.Div().Class("hero-planned").Body(app.Div().Class("hero-fill")),
				app.Div().Class("hero-added"),
			),
			app.Div().Class("hero-times").Body(
				app.Span().Text(heroStart), app.Span().Text(heroPlanned), app.Span().Text(heroEnd)),
		),
	)
}
