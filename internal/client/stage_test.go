package client_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/protocol"
)

// TestSharedScreensAreLarge: others' screens have slots that they keep, are laid
// out large and asked for at their size; one's own is not shown to oneself.
func TestSharedScreensAreLarge(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.Resize{Width: 1440, Height: 740, Ratio: 1})
		w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben", protocol.Screen, protocol.Camera)})
		w.server.event(protocol.PersonChanged{Person: person("p_asha", "Asha", protocol.Screen)})
		w.share()
		you := w.server.you
		you.Sending = withScreen
		w.server.event(protocol.PersonChanged{Person: you})
		w.pass(time.Second)
		v := w.view()
		equal(t, "layout", v.Layout.Name, layout.Presentation)
		equal(t, "screens", fmt.Sprint(v.Roster.Screens), "[{p_ben Ben} {p_asha Asha}]")
		large := 0
		for _, c := range v.Layout.Cells {
			if c.Large {
				large++
			}
			if c.Source == protocol.Screen && c.Participant == "p_me" {
				t.Error("one's own screen is shown")
			}
		}
		equal(t, "large", large, 2)
		shows := all[protocol.Show](w.server)
		equal(t, "asked for first", shows[len(shows)-1].Pictures[0].Source, protocol.Screen)

		w.server.event(protocol.PersonChanged{Person: person("p_ben", "Ben", protocol.Camera)})
		w.settle()
		equal(t, "one is left in its slot", fmt.Sprint(w.view().Roster.Screens), "[{ } {p_asha Asha}]")
		w.server.event(protocol.PersonChanged{Person: person("p_ben", "Ben", protocol.Screen)})
		w.settle()
		equal(t, "shared again", fmt.Sprint(w.view().Roster.Screens), "[{p_ben Ben} {p_asha Asha}]")
		w.session.Do(client.Pin{Participant: "p_ben", Source: protocol.Screen})
		w.settle()
		c, _ := w.view().Layout.Cell(layout.Key{Participant: "p_asha", Source: protocol.Screen})
		equal(t, "beside a pinned one, large", c.Large, false)
		w.session.Do(client.Pin{Participant: "p_ben", Source: protocol.Screen})
		w.settle()
		c, _ = w.view().Layout.Cell(layout.Key{Participant: "p_asha", Source: protocol.Screen})
		equal(t, "beside one that is not, large", c.Large, true)
	})
}

// TestPagesAndWhoSpeaks: who speaks for three seconds is brought to the first
// page, and a page that is no longer there is not shown.
func TestPagesAndWhoSpeaks(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.Resize{Width: 1440, Height: 740, Ratio: 1})
		for i := range 30 {
			w.server.event(protocol.PersonJoined{Person: person(fmt.Sprint("p_", i), "Somebody", protocol.Camera)})
		}
		w.settle()
		seen := func(id string) bool {
			_, seen := w.view().Layout.Cell(layout.Key{Participant: id, Source: protocol.Camera})
			return seen
		}
		equal(t, "pages", w.view().Layout.Pages, 3)
		equal(t, "the last is seen", seen("p_29"), false)
		speaks := func(ids ...string) { w.server.push(protocol.ServerFrame{Message: protocol.Speaking{IDs: ids}}) }
		speaks("p_29")
		w.pass(2 * time.Second)
		speaks() // a cough
		w.pass(10 * time.Second)
		equal(t, "after a cough", seen("p_29"), false)
		speaks("p_29")
		w.pass(2900 * time.Millisecond)
		equal(t, "after 2.9 s", seen("p_29"), false)
		w.pass(200 * time.Millisecond)
		equal(t, "after 3.1 s", seen("p_29"), true)
		shown := all[protocol.Show](w.server)
		equal(t, "their picture is asked for", slices.ContainsFunc(shown[len(shown)-1].Pictures, func(p protocol.Picture) bool { return p.Participant == "p_29" }), true)
		before := w.view().Layout
		speaks("p_29", "p_28")
		w.pass(4 * time.Second)
		equal(t, "both are seen", seen("p_29") && seen("p_28"), true)
		speaks()
		w.pass(time.Minute)
		equal(t, "and stay", seen("p_29") && seen("p_28"), true)
		moved := 0
		for i, c := range w.view().Layout.Cells {
			if before.Cells[i].Key != c.Key {
				moved++
			}
		}
		equal(t, "places given", moved, 1)

		w.session.Do(client.TurnPage{By: 1})
		w.session.Do(client.TurnPage{By: 1})
		w.session.Do(client.TurnPage{By: 1})
		w.settle()
		equal(t, "the last page", w.view().Layout.Page, 2)
		w.pass(time.Second)
		shows := all[protocol.Show](w.server)
		equal(t, "asked for", len(shows[len(shows)-1].Pictures), len(w.view().Layout.Cells)-1)
		w.session.Do(client.TurnPage{By: -1})
		w.settle()
		equal(t, "a page back", w.view().Layout.Page, 1)
		for i := range 30 {
			w.server.event(protocol.PersonLeft{ID: fmt.Sprint("p_", i)})
		}
		w.settle()
		equal(t, "one page is left", w.view().Layout.Page, 0)
	})
}

// TestWhoSpeaksComesToThePageSeen, and only who speaks since it was turned to.
func TestWhoSpeaksComesToThePageSeen(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.Resize{Width: 1440, Height: 740, Ratio: 1})
		for i := range 30 {
			w.server.event(protocol.PersonJoined{Person: person(fmt.Sprint("p_", i), "Somebody", protocol.Camera)})
		}
		seen := func(id string) bool {
			_, seen := w.view().Layout.Cell(layout.Key{Participant: id, Source: protocol.Camera})
			return seen
		}
		speaks := func(ids ...string) { w.server.push(protocol.ServerFrame{Message: protocol.Speaking{IDs: ids}}) }
		speaks("p_0")
		w.pass(4 * time.Second)
		speaks()
		w.session.Do(client.TurnPage{By: 1})
		w.pass(10 * time.Second)
		equal(t, "the page", w.view().Layout.Page, 1)
		equal(t, "who spoke before is dragged along", seen("p_0"), false)
		speaks("p_0") // the last who spoke, once more
		w.pass(3100 * time.Millisecond)
		equal(t, "who speaks is seen", seen("p_0"), true)

		w.session.Do(client.TurnPage{By: -1})
		w.pass(2900 * time.Millisecond)
		equal(t, "who speaks on is seen at once", seen("p_0"), false)
		w.pass(200 * time.Millisecond)
		equal(t, "who speaks on is seen", seen("p_0"), true)
		w.session.Do(client.TurnPage{By: 1})
		w.pass(time.Second)
		speaks()
		w.pass(10 * time.Second)
		equal(t, "who fell silent is dragged along", seen("p_0"), false)
	})
}

// TestLayoutStaysAPointer: what does not change what is seen makes no new layout.
func TestLayoutStaysAPointer(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.Resize{Width: 1440, Height: 740, Ratio: 1})
		w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben")})
		w.settle()
		before := w.view().Layout
		w.server.event(protocol.PersonChanged{Person: person("p_ben", "Ben", protocol.Microphone)})
		w.server.push(protocol.ServerFrame{Message: protocol.Speaking{IDs: []string{"p_ben"}}})
		w.settle()
		equal(t, "layout", w.view().Layout, before)
	})
}
