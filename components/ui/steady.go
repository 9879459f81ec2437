package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Steady is a text that may give way to another in the same place, such as
// "Copy" to "Copied". It takes the room of the widest of all, so that a press
// moves nothing that the next press may be meant for. The others are the
// styles' to draw unseen; nobody reads them out.
func Steady(text string, all ...string) app.HTMLSpan {
	return app.Span().Class("steady").DataSet("also", strings.Join(all, "\n")).Body(app.Span().Text(text))
}
