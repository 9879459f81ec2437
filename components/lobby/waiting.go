package lobby

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// waitingSide is for whoever has to be let in: what they wait for, and a way
// to give up. Camera and microphone stay as they will be inside.
func (l *Lobby) waitingSide() app.UI {
	name := l.View.Room.Name
	if name == "" {
		name = l.Words.Say("word.meeting")
	}
	return app.Section().Class("lobby-side waiting").DataSet("testid", "waiting").Body(
		app.P().Class("waiting-room").Attr("translate", ui.Untranslated).Title(name).Text(name),
		app.Div().Attr("role", "status").Body(
			app.H1().ID(idWaiting).TabIndex(-1).Text(l.Words.Say("lobby.waiting.title")),
			app.P().Class("waiting-text").Text(l.waitingText()),
		),
		app.P().Class("waiting-line").Aria("hidden", "true").Body(app.Span().Class("spinner"), app.Span().Text(l.Words.Say("lobby.waiting.line"))),
		l.awayLine(),
		app.Div().Class("waiting-actions").Body(
			ui.Use(app.Button().Type("button").Class("button large").OnClick(l.onLeave).Text(l.Words.Say("word.leave")), "leave", ui.Gate{}),
		),
	)
}

// waitingText says what happens meanwhile, with the name the moderators read.
func (l *Lobby) waitingText() string {
	name := l.View.Me.Name
	return l.Words.Say("lobby.waiting.text", words.Text("as", ui.When(name != "", "named")), words.Text("name", name))
}

func (l *Lobby) onLeave(app.Context, app.Event) {
	if l.Session != nil {
		l.Session.Do(client.Leave{})
	}
}
