package room

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// Screen is one slot for a screen that somebody shares. It keeps its <video> for as
// long as the room is open, whoever shares there. Nothing of a screen is mirrored
// or cropped.
type Screen struct {
	app.Compo

	Index    int
	Shared   client.Screen
	Spot     spot
	Seat     string // the mid whose picture shows it; empty: none does, yet
	Session  ui.Session
	Pictures client.Stage
	Words    *words.Catalogue

	shown shown
}

// OnMount binds the picture.
func (s *Screen) OnMount(app.Context) { s.bind() }

// OnUpdate binds it anew if another is shared here, and moves it.
func (s *Screen) OnUpdate(app.Context) { s.bind() }

// OnDismount lets the picture go.
func (s *Screen) OnDismount() {
	if s.Pictures != nil {
		s.Pictures.Clear(s.video())
	}
}

func (s *Screen) video() string { return fmt.Sprintf("screen-video-%d", s.Index) }

func (s *Screen) bind() {
	s.Spot.move(s.Pictures, screenID(s.Index))
	want := shown{}
	if s.Shared.Participant != "" {
		want.seat = s.Seat
	}
	s.shown.bind(s.Pictures, s.video(), want)
}

func (s *Screen) onPin(app.Context, app.Event) {
	pinned(s.Session, layout.Key{Participant: s.Shared.Participant, Source: protocol.Screen})
}

// Render draws the screen; an empty slot keeps its elements, hidden.
func (s *Screen) Render() app.UI {
	empty := s.Shared.Participant == ""
	whose := s.Words.Say("share.whose", words.Text("name", s.Shared.Name))
	root := app.Div().ID(screenID(s.Index)).Attr("role", "listitem").Class(ui.Classes("tile screen", ui.When(empty || !s.Spot.seen, "absent")))
	if !empty {
		root = root.DataSet("testid", fmt.Sprintf("screen-%d", s.Index)).DataSet("participant", s.Shared.Participant).Aria("label", whose)
	}
	return root.Body(
		app.Video().ID(s.video()).Class(ui.Classes(ui.When(s.Seat == "", "absent"))).
			Muted(true).AutoPlay(true).Attr("playsinline", true),
		app.Span().Class(ui.Classes("spinner", ui.When(s.Seat != "", "absent"))).Aria("hidden", "true"),
		ui.Use(s.Spot.pin(s.Words, screenID(s.Index), whose, s.onPin), fmt.Sprintf("pin-screen-%d", s.Index), ui.AbsentIf(empty).Or(s.Spot.gate())),
		app.Div().Class("name-chip").Aria("hidden", "true").Body(
			ui.Icon("screen"), app.Span().Class("name-text").Attr("translate", ui.Untranslated).Text(whose)),
	)
}
