package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// idShare is the DOM id of the button that shares a screen.
const idShare = "share-screen"

// Sharing tells whoever shares their screen that they do, for as long as it is so,
// and stops it.
type Sharing struct {
	app.Compo

	Screen  client.ScreenView
	Session ui.Session
	Words   *words.Catalogue
}

// Render draws the strip.
func (s *Sharing) Render() app.UI {
	text := ""
	switch {
	case s.Screen.On && s.Screen.Sound:
		text = s.Words.Say("share.on_with_sound")
	case s.Screen.On:
		text = s.Words.Say("share.on")
	}
	return app.Div().Class(ui.Classes("strip sharing", ui.When(!s.Screen.On, "absent"))).Body(
		ui.Icon("screen"),
		app.Span().Attr("role", "status").Text(text),
		ui.Use(app.Button().Type("button").Class("button stop-share").OnClick(s.onStop).Text(s.Words.Say("share.stop")),
			"stop-share", ui.AbsentIf(!s.Screen.On)),
	)
}

func (s *Sharing) onStop(app.Context, app.Event) { s.Session.Do(client.StopSharing{}) }
