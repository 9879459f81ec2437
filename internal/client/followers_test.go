package client_test

import (
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
)

// TestTheScreenStaysOn in the room and at the door, and nowhere else.
func TestTheScreenStaysOn(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		equal(t, "in the lobby", w.tab.awake, false)
		w.close()
		w.wait()
		equal(t, "at the door", w.tab.awake, true)
		w.server.admit()
		w.settle()
		w.phase(client.PhaseRoom)
		equal(t, "in the room", w.tab.awake, true)
		w.server.last().end(1006)
		w.pass(time.Minute)
		equal(t, "after a lost connection", w.tab.awake, true)
		equal(t, "asked for", w.tab.awoken, 1)
		w.session.Do(client.Leave{})
		w.settle()
		equal(t, "after leaving", w.tab.awake, false)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.session.Do(client.Join{})
		w.settle()
		w.server.admit()
		w.settle()
		equal(t, "back in the room", w.tab.awake, true)
		w.close()
		equal(t, "after the page is gone", w.tab.awake, false)
	})
}

// TestMediaKeys: what the system shows is what the room shows, and its keys do
// what the room's buttons do.
func TestMediaKeys(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		equal(t, "shown in the lobby", len(w.tab.controls), 0)
		w.session.Do(client.SetName{Name: "Me"})
		w.session.Do(client.Join{})
		w.settle()
		last := func() client.MediaState { return w.tab.controls[len(w.tab.controls)-1] }
		equal(t, "in the room", last(), client.MediaState{Shown: true, Title: "Planning", Microphone: true, Camera: true})
		w.tab.press(client.MediaMicrophone)
		w.settle()
		equal(t, "muted", last(), client.MediaState{Shown: true, Title: "Planning", Camera: true})
		w.tab.press(client.MediaCamera)
		w.tab.press("nexttrack")
		w.settle()
		equal(t, "both off", last(), client.MediaState{Shown: true, Title: "Planning"})
		w.tab.press(client.MediaMicrophone)
		w.settle()
		w.tab.lastTrack(client.MicrophoneDevice).mute(true)
		w.pass(3 * time.Second)
		equal(t, "muted by the system", last(), client.MediaState{Shown: true, Title: "Planning"})
		w.tab.press(client.MediaHangUp)
		w.settle()
		w.phase(client.PhaseLeft)
		equal(t, "after hanging up", last(), client.MediaState{})
	})
}

// TestBadge: the app's icon is marked while a window is open. What a page left
// there that was closed in one goes first.
func TestBadge(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		if !slices.Equal(w.tab.marks, []bool{false}) {
			t.Fatalf("marked %v without a window", w.tab.marks)
		}
		w.opens(meeting.FirstWindow)
		w.opens(meeting.FinalWindow)
		w.session.Do(client.HideNotice{})
		w.settle()
		if !slices.Equal(w.tab.marks, []bool{false, true}) {
			t.Fatalf("marked %v in an open window", w.tab.marks)
		}
		w.session.Do(client.Leave{})
		w.settle()
		if !slices.Equal(w.tab.marks, []bool{false, true, false}) {
			t.Errorf("marked %v after leaving", w.tab.marks)
		}
	})
}
