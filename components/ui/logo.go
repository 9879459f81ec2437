package ui

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Logo is a portal's picture in the mark's place; the mark, where there is none
// or where it cannot be shown.
type Logo struct {
	app.Compo

	Address string // of the picture; empty is the mark

	missing string // the address that nothing came from
}

// Render draws it. The picture says nothing to a screen reader: what stands
// beside it names the meeting.
func (l *Logo) Render() app.UI {
	if l.Address == "" || l.Address == l.missing {
		return app.Span().Class("logo").Body(Mark())
	}
	return app.Span().Class("logo").Body(app.Img().Src(l.Address).Alt("").OnError(l.onError))
}

func (l *Logo) onError(app.Context, app.Event) { l.missing = l.Address }

// Brand is what stands above the pages outside a call: a portal's logo, or the
// mark with the product's name, which leads to the start unless the page is a
// part of another.
func Brand(logo string, embedded bool) app.UI {
	named := []app.UI{Mark(), app.Span().Attr("translate", Untranslated).Text("Overtime")}
	switch {
	case logo != "":
		return app.Span().Class("brand").Body(&Logo{Address: logo})
	case embedded:
		return app.Span().Class("brand").Body(named...)
	}
	return app.A().Class("brand").Href("/").Body(named...)
}
