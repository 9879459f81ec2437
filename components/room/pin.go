package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/words"
)

// pinID is the DOM id of the pin of a cell.
func pinID(cell string) string { return "pin-" + cell }

// pin is the button that makes a cell large, for this tab alone, and small again.
// Of all pins one is a stop of the Tab key: the arrows go from there to the others,
// in the order in which cells are read and not that of the page.
func (s spot) pin(w *words.Catalogue, cell, name string, onPin app.EventHandler) app.HTMLButton {
	stop := -1
	if s.first {
		stop = 0
	}
	label := w.Say("stage.pin", words.Text("name", name))
	return app.Button().ID(pinID(cell)).Type("button").Class(ui.Classes("pin", ui.When(s.pinned, "lit"))).TabIndex(stop).
		Aria("label", label).Aria("pressed", s.pinned).Title("%s", label).OnClick(onPin).Body(ui.Icon("pin"))
}

// gate offers a pin where there is something to be larger than.
func (s spot) gate() ui.Gate { return ui.AbsentIf(s.alone || !s.seen) }

// onKey moves the keyboard from pin to pin.
func (s *Stage) onKey(_ app.Context, e app.Event) {
	step, end := 0, -1
	switch e.Get("key").String() {
	case "ArrowRight", "ArrowDown":
		step = 1
	case "ArrowLeft", "ArrowUp":
		step = -1
	case "Home":
		end = 0
	case "End":
		end = len(s.pins) - 1
	default:
		return
	}
	at := app.Window().Get("document").Get("activeElement")
	for i, id := range s.pins {
		if at.Truthy() && at.Get("id").String() == id {
			if end < 0 {
				end = min(max(i+step, 0), len(s.pins)-1)
			}
			e.PreventDefault()
			ui.FocusOn(s.pins[end])
			return
		}
	}
}

// pinned is what a pin is about.
func pinned(session ui.Session, of layout.Key) {
	session.Do(client.Pin{Participant: of.Participant, Source: of.Source})
}
