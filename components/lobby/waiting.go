package lobby

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
)

// waitingSide is for whoever has to be let in: what they wait for, and a way
// to give up. Camera and microphone stay as they will be inside.
func (l *Lobby) waitingSide() app.UI {
	name := l.View.Room.Name
	if name == "" {
		name = "Meeting"
	}
	return app.Section().Class("lobby-side waiting").DataSet("testid", "waiting").Body(
		app.P().Class("waiting-room").Attr("translate", ui.Untranslated).Title(name).Text(name),
		app.Div().Attr("role", "status").Body(
			app.H1().ID(idWaiting).TabIndex(-1).Text("Somebody will let you in soon"),
			app.P().Class("waiting-text").Text("The moderators see that you are here"+l.as()+". Keep this page open: the meeting opens by itself."),
		),
		app.P().Class("waiting-line").Aria("hidden", "true").Body(app.Span().Class("spinner"), app.Span().Text("Waiting to be let in…")),
		l.awayLine(),
		app.Div().Class("waiting-actions").Body(
			ui.Use(app.Button().Type("button").Class("button large").OnClick(l.onLeave).Text("Leave"), "leave", ui.Gate{}),
		),
	)
}

// as is the name the moderators read.
func (l *Lobby) as() string {
	if name := l.View.Me.Name; name != "" {
		return " as " + name
	}
	return ""
}

func (l *Lobby) onLeave(app.Context, app.Event) {
	if l.Session != nil {
		l.Session.Do(client.Leave{})
	}
}
