package room

import (
	"slices"
	"strings"
	"testing"

	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// laid is a view with its people and screens laid out on a stage.
func laid(v client.View, width, height int) client.View {
	var items []layout.Item
	for _, p := range v.Roster.Slots {
		if !p.Empty {
			items = append(items, layout.Item{Key: layout.Key{Participant: p.ID, Source: protocol.Camera}, Self: p.Self, Picture: p.Camera})
		}
	}
	for _, s := range v.Roster.Screens {
		if s.Participant != "" {
			items = append(items, layout.Item{Key: layout.Key{Participant: s.Participant, Source: protocol.Screen}, Picture: true})
		}
	}
	v.Layout = layout.Arrange(items, layout.Size{Width: width, Height: height, Ratio: 1}, layout.Choice{}, v.Layout)
	return v
}

// shared is calm with Maya, whose screen it is that is shared, on a stage.
func shared() client.View {
	v := calm()
	v.Roster.Slots = append(v.Roster.Slots, tile("Maya"))
	v.Roster.Screens = []client.Screen{{}, {Participant: "maya", Name: "Maya"}}
	v.Stage.Seats = append(v.Stage.Seats, protocol.Seat{Mid: "7", Participant: "maya", Source: protocol.Screen})
	return laid(v, 1440, 740)
}

// TestCellsMoveAndStay: every cell stands where the layout says, is read in the
// layout's order, and is the same element when the layout is another.
func TestCellsMoveAndStay(t *testing.T) {
	v := laid(calm(), 1440, 740)
	w := mount(t, v, at(10))
	if got := w.Must("stage").Attr("data-layout"); got != "grid" {
		t.Errorf("the stage is a %q", got)
	}
	owns := func() string { return w.Class("cells").Attr("aria-owns") }
	if got := owns(); got != "cell-1 cell-0" { // oneself last
		t.Errorf("read in the order %q", got)
	}
	bound := slices.Clone(w.stage.Calls)
	before := w.stage.Placed["cell-1"]
	w.show(shared())
	if got := w.Must("stage").Attr("data-layout"); got != "presentation" {
		t.Errorf("beside a screen the stage is a %q", got)
	}
	if got := owns(); got != "screen-cell-1 cell-1 cell-2 cell-0" {
		t.Errorf("read in the order %q", got)
	}
	cell, _ := shared().Layout.Cell(layout.Key{Participant: "asha", Source: protocol.Camera})
	if got := w.stage.Placed["cell-1"]; got != cell.Rect || got == before {
		t.Errorf("Asha stands at %+v, want %+v", got, cell.Rect)
	}
	if got, want := w.stage.Calls[len(bound):], []string{"ShowSeat screen-video-1 7"}; !slices.Equal(got, want) {
		t.Errorf("bound %v, want %v: whoever moved is bound anew", got, want)
	}
	screen := w.Must("screen-1")
	if screen.Attr("data-participant") != "maya" || screen.Attr("aria-label") != "Maya’s screen" || w.Find("screen-0") != nil {
		t.Errorf("the screen is %q of %q", screen.Attr("aria-label"), screen.Attr("data-participant"))
	}
	if strings.Contains(screen.Attr("class"), "mirrored") {
		t.Error("a screen is mirrored")
	}
	if got := w.room.attention.spoken; got != "Maya shares a screen." {
		t.Errorf("read out: %q", got)
	}
	w.show(v)
	if w.Find("screen-1") != nil || w.stage.Placed["cell-1"] != before {
		t.Errorf("after it the screen is seen, or Asha stands at %+v, want %+v", w.stage.Placed["cell-1"], before)
	}
	if last := w.stage.Calls[len(w.stage.Calls)-1]; last != "Clear screen-video-1" {
		t.Errorf("the last call is %q", last)
	}
}

// TestPagesTurn: who is on another page is not shown, and the pages turn.
func TestPagesTurn(t *testing.T) {
	v := calm()
	for _, name := range strings.Split("Abcdefghijklmnopqr", "") {
		v.Roster.Slots = append(v.Roster.Slots, tile("P"+name))
	}
	w := mount(t, laid(v, 1440, 740), at(10))
	w.Must("participant-3")
	if w.Find("participant-19") != nil {
		t.Error("who is on the second page is shown")
	}
	if w.Find("page-back") != nil {
		t.Error("there is a page before the first")
	}
	w.Press("button", "The next page")
	if want := []string{"TurnPage 1"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
	if w := mount(t, calm(), at(10)); w.Find("page-on") != nil || w.Must("stage").Attr("data-layout") != "" {
		t.Error("a stage that was not measured has pages, or a layout")
	}
}

// TestPins: one is a stop of the Tab key, the first that is read; oneself has none,
// and neither has who is alone.
func TestPins(t *testing.T) {
	v := shared()
	w := mount(t, v, at(10))
	w.Press("button", "Show Maya’s screen large")
	w.Press("button", "Show Asha large")
	if want := []string{"Pin maya screen", "Pin asha camera"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
	stops := []string{}
	for _, id := range []string{"pin-screen-1", "pin-1", "pin-2"} {
		stops = append(stops, w.Must(id).Attr("tabindex"))
	}
	if !slices.Equal(stops, []string{"0", "-1", "-1"}) {
		t.Errorf("the Tab key's stops are %v", stops)
	}
	if w.Find("pin-0") != nil {
		t.Error("oneself can be pinned")
	}
	v.Roster.Slots, v.Roster.Screens, v.Layout = v.Roster.Slots[:1], nil, nil
	if w := mount(t, laid(v, 1440, 740), at(10)); strings.Contains(w.HTML(), `data-testid="pin-`) {
		t.Error("who is alone has a pin")
	}
}

func TestShareAndStop(t *testing.T) {
	v := calm()
	if w := mount(t, v, at(10)); w.Find("share-screen") != nil {
		t.Error("offered where the browser cannot")
	}
	v.Devices.Screen = client.ScreenView{Supported: true, Allowed: true}
	w := mount(t, v, at(10))
	w.Press("button", "Share screen")
	if w.Find("stop-share") != nil {
		t.Error("nothing is shared yet")
	}
	v.Devices.Screen.Choosing = true
	w.show(v)
	w.Press("button", "Share screen") // the browser asks, and the person gives up
	v.Devices.Screen.Choosing, v.Devices.Screen.On = false, true
	w.show(v)
	if got := w.Class("sharing").Text(); !strings.Contains(got, "You are sharing your screen.") {
		t.Errorf("says %q", got)
	}
	if b := w.Must("share-screen"); b.Attr("aria-pressed") == "false" || !strings.Contains(b.Attr("class"), "lit") {
		t.Error("the button does not say so")
	}
	w.Press("button", "Stop sharing")
	w.Press("button", "Share screen")
	if want := []string{"ShareScreen", "StopSharing", "StopSharing", "StopSharing"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
	v.Devices.Screen.Sound = true
	w.show(v)
	if got := w.Class("sharing").Text(); !strings.Contains(got, "and its sound") {
		t.Errorf("says %q", got)
	}
}

// TestWhoIsOfferedToShare: a viewer never; others are told why not.
func TestWhoIsOfferedToShare(t *testing.T) {
	v := calm()
	v.Devices.Screen.Supported = true
	v.Me.Role = meeting.RoleParticipant
	w := mount(t, v, at(10))
	if w.Find("share-screen") != nil || !strings.Contains(w.HTML(), "only moderators share a screen") {
		t.Error("a participant is not told why they may not share")
	}
	v.Me.Role = meeting.RoleViewer
	if w := mount(t, v, at(10)); strings.Contains(w.HTML(), "only moderators share a screen") {
		t.Error("a viewer is told of it")
	}
}
