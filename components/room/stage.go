package room

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// maxGrid is how many columns and rows the styles have classes for.
const maxGrid = 16

// Stage is the grid of tiles. Whoever has slot i is child i here for good;
// what is seen where is the styles' matter.
type Stage struct {
	app.Compo

	Roster   *client.Roster
	Live     *client.StageView
	Session  ui.Session
	Words    *words.Catalogue
	Pictures client.Stage
	// Reactions are what people react with.
	Reactions *client.Reactions
	// Beside: something else stands beside the stage and takes of its width.
	Beside bool

	beside        bool // when it was last measured
	width, height int  // CSS pixels
}

// OnMount measures the stage.
func (s *Stage) OnMount(app.Context) { s.measure() }

// OnResize measures it again.
func (s *Stage) OnResize(app.Context) { s.measure() }

// OnUpdate measures it once what is beside it has come or gone.
func (s *Stage) OnUpdate(ctx app.Context) {
	if s.beside == s.Beside {
		return
	}
	s.beside = s.Beside
	ctx.Defer(func(app.Context) {
		s.measure()
		s.Update()
	})
}

// measure tells the session, which asks the server for pictures that fit.
func (s *Stage) measure() {
	e := s.JSValue()
	width, height := e.Get("clientWidth").Int(), e.Get("clientHeight").Int()
	if width == 0 || height == 0 {
		return
	}
	s.width, s.height = width, height
	if s.Session == nil {
		return
	}
	ratio := app.Window().Get("devicePixelRatio").Float()
	if ratio <= 0 {
		ratio = 1
	}
	s.Session.Do(client.Resize{Width: int(float64(width) * ratio), Height: int(float64(height) * ratio)})
}

// grid is how the tiles stand.
func (s *Stage) grid() client.Grid {
	width, height := s.width, s.height
	if width == 0 {
		width, height = 1280, 640 // until it was measured, and in tests
	}
	n := 0
	for _, t := range s.Roster.Slots {
		if !t.Empty {
			n++
		}
	}
	return client.Arrange(n, width, height)
}

// Render draws the tiles.
func (s *Stage) Render() app.UI {
	g := s.grid()
	tiles := make([]app.UI, 0, len(s.Roster.Slots))
	for i, p := range s.Roster.Slots {
		tiles = append(tiles, &Tile{Index: i, Person: p, Pictures: s.Pictures, Words: s.Words, Reactions: s.Reactions.Of(p.ID),
			Seat: s.Live.Seat(p.ID, protocol.Camera), Speaking: s.Live.Speaks(p.ID)})
	}
	return app.Div().Class("stage", fmt.Sprintf("columns-%d", min(g.Columns, maxGrid)), fmt.Sprintf("rows-%d", min(g.Rows, maxGrid))).
		Aria("label", s.Words.Say("stage.label")).Attr("role", "list").Body(tiles...)
}
