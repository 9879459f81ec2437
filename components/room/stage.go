package room

import (
	"fmt"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// Stage is where people and screens are seen. Whoever has slot i is child i here
// for good, and so is a screen; where each is seen is the layout's matter, and the
// order in which they are read, too.
type Stage struct {
	app.Compo

	Roster   *client.Roster
	Live     *client.StageView
	Layout   *layout.Layout
	Session  ui.Session
	Words    *words.Catalogue
	Pictures client.Stage
	// Reactions are what people react with.
	Reactions *client.Reactions

	pins   []string // DOM ids of those that are shown, in the order of reading
	unhook func()
}

// OnMount measures the stage, and again whenever its size changes: the window's, or
// what stands beside it.
func (s *Stage) OnMount(app.Context) {
	s.measure()
	s.unhook = ui.OnSize(s.JSValue(), s.measure)
}

// OnResize measures it again: a window on another monitor has other pixels, and
// may have the same size.
func (s *Stage) OnResize(app.Context) { s.measure() }

// OnDismount stops that.
func (s *Stage) OnDismount() { s.unhook() }

// measure tells the session, which lays out what there is.
func (s *Stage) measure() {
	e := s.JSValue()
	width, height := e.Get("clientWidth").Int(), e.Get("clientHeight").Int()
	if width == 0 || height == 0 || s.Session == nil {
		return
	}
	ratio := app.Window().Get("devicePixelRatio").Float()
	if ratio <= 0 {
		ratio = 1
	}
	s.Session.Do(client.Resize{Width: width, Height: height, Ratio: ratio})
}

// measured reports whether anybody knows yet how large the stage is.
func (s *Stage) measured() bool { return len(s.Layout.Cells) > 0 }

// spot is where an item is seen.
func (s *Stage) spot(of, first layout.Key) spot {
	c, seen := s.Layout.Cell(of)
	return spot{at: c.Rect, seen: seen || !s.measured(), pinned: c.Pinned, first: of == first, alone: len(s.Layout.Cells) < 2}
}

// Render draws the cells.
func (s *Stage) Render() app.UI {
	people, screens := make([]app.UI, 0, len(s.Roster.Slots)), make([]app.UI, 0, len(s.Roster.Screens))
	owner, first := map[layout.Key]string{}, s.firstPin()
	for i, p := range s.Roster.Slots {
		key := layout.Key{Participant: p.ID, Source: protocol.Camera}
		owner[key] = tileID(i)
		people = append(people, &Tile{Index: i, Person: p, Spot: s.spot(key, first), Session: s.Session, Pictures: s.Pictures, Words: s.Words, Reactions: s.Reactions.Of(p.ID),
			Seat: s.Live.Seat(p.ID, protocol.Camera), Speaking: s.Live.Speaks(p.ID)})
	}
	for i, shared := range s.Roster.Screens {
		key := layout.Key{Participant: shared.Participant, Source: protocol.Screen}
		owner[key] = screenID(i)
		screens = append(screens, &Screen{Index: i, Shared: shared, Spot: s.spot(key, first), Session: s.Session, Pictures: s.Pictures, Words: s.Words,
			Seat: s.Live.Seat(shared.Participant, protocol.Screen)})
	}
	s.pins = s.pins[:0]
	for _, c := range s.Layout.Cells {
		if s.pinnable(c.Key) && owner[c.Key] != "" {
			s.pins = append(s.pins, pinID(owner[c.Key]))
		}
	}
	name := ""
	if s.measured() {
		name = string(s.Layout.Name)
	}
	return app.Div().Class("stage").DataSet("testid", "stage").DataSet("layout", name).Body(
		app.Div().Class("cells").Aria("label", s.Words.Say("stage.label")).Attr("role", "list").Aria("owns", s.order(owner)).OnKeyDown(s.onKey).Body(
			app.Div().Attr("role", "presentation").Body(people...),
			app.Div().Attr("role", "presentation").Body(screens...),
		),
		&Pages{Page: s.Layout.Page, Pages: s.Layout.Pages, Session: s.Session, Words: s.Words},
	)
}

// pinnable reports whether something has a pin: all but this tab's own person.
func (s *Stage) pinnable(k layout.Key) bool {
	return len(s.Roster.Slots) > 0 && (k.Source == protocol.Screen || k.Participant != s.Roster.Slots[0].ID)
}

// firstPin is what is read first of what has one.
func (s *Stage) firstPin() layout.Key {
	for _, c := range s.Layout.Cells {
		if s.pinnable(c.Key) {
			return c.Key
		}
	}
	return layout.Key{}
}

// order is that of reading: the DOM ids of what is seen.
func (s *Stage) order(owner map[layout.Key]string) string {
	var ids []string
	for _, c := range s.Layout.Cells {
		if id := owner[c.Key]; id != "" {
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, " ")
}

func tileID(i int) string   { return fmt.Sprintf("cell-%d", i) }
func screenID(i int) string { return fmt.Sprintf("screen-cell-%d", i) }

// spot is where something is seen on the stage. Its element stays what it is, and
// moves.
type spot struct {
	at     layout.Rect
	seen   bool
	pinned bool
	first  bool // the first to be read of those that can be pinned
	alone  bool // there is nothing beside it
}

// move moves the element there.
func (s spot) move(stage client.Stage, id string) {
	if stage != nil && s.at != (layout.Rect{}) {
		stage.Place(id, s.at)
	}
}
