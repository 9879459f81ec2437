package room

import (
	"strings"
	"testing"

	"overtime/internal/client"
	"overtime/internal/words"
)

func TestTellMeWhenTimeIsShort(t *testing.T) {
	w := mount(t, calm(), at(10))
	if w.Find("tell-me") != nil {
		t.Error("offered where no notification can be shown")
	}
	w.pressStory()
	w.tab.Told = client.NotifyOff
	w.show(calm())
	if text := w.Class("story-popover").Text(); strings.Contains(text, words.English().Say("room.cannot_tell")) {
		t.Error("who refused once is told so again")
	}
	w.tab.Told = client.NotifyAsk
	w.show(calm())
	w.Must("tell-me")
	w.Must("story-tell-me")
	if w.tab.Asked != nil {
		t.Fatal("asked without a press")
	}
	w.Press("button", words.English().Say("room.tell_me"))
	w.tab.Asked(client.NotifyAsk) // put aside
	w.Settle()
	w.Must("tell-me")
	w.tab.Told = client.NotifyOn
	w.tab.Asked(client.NotifyOn)
	w.Settle()
	if w.Find("tell-me") != nil || w.Find("story-tell-me") != nil {
		t.Error("offered after the answer")
	}
	if w.room.attention.spoken != words.English().Say("room.will_tell") || !strings.Contains(w.Class("story-popover").Text(), words.English().Say("room.will_tell")) {
		t.Errorf("said %q", w.room.attention.spoken)
	}
	w.tab.Told = client.NotifyOff
	w.show(calm())
	if text := w.Class("story-popover").Text(); !strings.Contains(text, words.English().Say("room.cannot_tell")) {
		t.Errorf("a refusal is not told in %q", text)
	}
}

// TestTheMutedDeviceIsTold, with what to do, and only the one that is.
func TestTheMutedDeviceIsTold(t *testing.T) {
	w := mount(t, calm(), at(10))
	if w.Find("device-muted") != nil {
		t.Error("told without a reason")
	}
	v := calm()
	v.Devices.Microphone.Trouble = client.DeviceMuted
	w.show(v)
	if text := w.Must("device-muted").Text(); !strings.Contains(text, "Nobody hears you") || strings.Contains(text, "sees") {
		t.Errorf("it says %q", text)
	}
	if w.Must("mic").Attr("aria-pressed") == "true" {
		t.Error("the microphone shows as on")
	}
	v.Devices.Microphone.Trouble, v.Devices.Camera.Trouble = client.DeviceFine, client.DeviceMuted
	w.show(v)
	if text := w.Must("device-muted").Text(); !strings.Contains(text, "Nobody sees you") {
		t.Errorf("it says %q", text)
	}
}

// TestWhyThereIsNothingToHear: the words follow the reason.
func TestWhyThereIsNothingToHear(t *testing.T) {
	for trouble, want := range map[client.MediaTrouble]string{
		client.MediaInterrupted: "interrupted",
		client.MediaBlocked:     "a firewall or a VPN blocks them",
		client.MediaMissing:     "no WebRTC",
	} {
		v := calm()
		v.Connection.Media = trouble
		w := mount(t, v, at(10))
		if text := w.Class("strip").Text(); !strings.Contains(text, want) {
			t.Errorf("%s: it says %q", trouble, text)
		}
	}
}
