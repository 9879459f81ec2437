package room

import (
	"slices"
	"strings"
	"testing"

	"overtime/internal/client"
	"overtime/internal/meeting"
)

func TestAnOpeningIsSpokenChimedAndNotified(t *testing.T) {
	w := mount(t, calm(), at(50))
	w.tab.IsHidden = true
	w.show(opened(meeting.FirstWindow, 30))
	if want := "10 minutes left. The meeting ends at 15:00. Anyone can extend it."; w.room.attention.spoken != want {
		t.Errorf("said %q, want %q", w.room.attention.spoken, want)
	}
	if len(w.tab.Notes) != 1 || !strings.Contains(w.tab.Notes[0], "10 minutes left") {
		t.Errorf("notified %v", w.tab.Notes)
	}
	if !slices.Contains(w.stage.Calls, "Chime first") {
		t.Error("the first window is not heard")
	}
	w.show(opened(meeting.FirstWindow, 30)) // again, as after a reconnection
	if len(w.tab.Notes) != 1 {
		t.Errorf("told twice: %v", w.tab.Notes)
	}
	w.show(opened(meeting.FinalWindow, 30))
	if !slices.Contains(w.stage.Calls, "Chime final") || len(w.tab.Notes) != 2 {
		t.Errorf("the final window: %v, %v", w.stage.Calls, w.tab.Notes)
	}
}

func TestWhoComesDuringAWindowIsNotStartled(t *testing.T) {
	w := mount(t, opened(meeting.FinalWindow, 30), at(56))
	if strings.Contains(strings.Join(w.stage.Calls, " "), "Chime") || len(w.tab.Notes) != 0 {
		t.Errorf("%v, %v", w.stage.Calls, w.tab.Notes)
	}
	if want := "The meeting ends at 15:00. Anyone can extend it."; !strings.HasSuffix(w.room.attention.spoken, want) {
		t.Errorf("who does not see the banner is told %q", w.room.attention.spoken)
	}
}

func TestASeenTabIsNotNotified(t *testing.T) {
	w := mount(t, calm(), at(50))
	w.show(opened(meeting.FirstWindow, 30))
	if len(w.tab.Notes) != 0 {
		t.Errorf("notified %v", w.tab.Notes)
	}
}

func TestTitleShowsTheTimeDuringAWindow(t *testing.T) {
	w := mount(t, calm(), at(50))
	if w.tab.Title != "Review · Overtime" {
		t.Errorf("title %q", w.tab.Title)
	}
	w.show(opened(meeting.FirstWindow, 30))
	if w.tab.Title != "10:00 left · Review" {
		t.Errorf("title %q", w.tab.Title)
	}
}

func TestAnExtensionIsSpoken(t *testing.T) {
	w := mount(t, calm(), at(52))
	v := calm()
	v.News.Toasts = []client.Toast{{ID: 1, Kind: client.ToastExtended, By: "Asha", Minutes: 15, EndsAt: at(75)}, {ID: 2, Kind: client.ToastJoined, By: "Noor"}}
	w.show(v)
	if want := "Asha extended by 15 minutes, now ends at 15:15"; w.room.attention.spoken != want {
		t.Errorf("said %q, want %q", w.room.attention.spoken, want)
	}
}

// TestAnExtensionTakesTheNotificationsPlace: whoever was told that time is short
// and looks elsewhere still is told that it no longer is, once.
func TestAnExtensionTakesTheNotificationsPlace(t *testing.T) {
	w := mount(t, calm(), at(50))
	w.tab.IsHidden = true
	extended := func(id int) client.View {
		v := calm()
		v.News.Toasts = []client.Toast{{ID: id, Kind: client.ToastExtended, By: "Asha", Minutes: 15, EndsAt: at(75)}}
		return v
	}
	w.show(extended(1)) // by a portal, say: nobody was told that time is short
	if len(w.tab.Notes) != 0 {
		t.Errorf("notified %v", w.tab.Notes)
	}
	w.show(opened(meeting.FirstWindow, 30))
	w.show(extended(2))
	w.show(extended(3))
	if want := "Review: Asha extended by 15 minutes, now ends at 15:15"; len(w.tab.Notes) != 2 || w.tab.Notes[1] != want {
		t.Errorf("notified %q, want %q last", w.tab.Notes, want)
	}
	w.show(opened(meeting.FinalWindow, 30))
	w.tab.IsHidden = false
	w.show(extended(4))
	if len(w.tab.Notes) != 3 {
		t.Errorf("whoever looks is notified: %q", w.tab.Notes)
	}
}
