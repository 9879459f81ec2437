package home

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// hero says what this is, in words and as a story bar. The bar is drawn by
// classes alone: it is the same for everyone and stands before any program.
func hero(portalOnly bool) app.UI {
	text := "Unless someone asks for more. Set a length, share a link; ten minutes before the end anyone can extend."
	if portalOnly {
		text = "Unless someone asks for more: ten minutes before the end, the people inside can extend."
	}
	return app.Section().Class("hero").Body(
		app.H1().Text("Meetings that end on time."),
		app.P().Class("hero-text").Text(text),
		app.Div().Class("hero-bar").Attr("role", "img").
			Aria("label", "A meeting from 14:00 to 15:00, which Asha extended by 15 minutes").Body(
			app.Div().Class("hero-who").Text("+15 min, Asha"),
			app.Div().Class("hero-track").Body(
				app.Div().Class("hero-planned").Body(app.Div().Class("hero-fill")),
				app.Div().Class("hero-added"),
			),
			app.Div().Class("hero-times").Body(
				app.Span().Text("14:00"), app.Span().Text("15:00"), app.Span().Text("15:15")),
		),
	)
}
