//go:build js && wasm

package browser

import (
	"fmt"
	"syscall/js"
	"testing"

	"overtime/internal/client"
)

// TestPlaysOnWhenPaused: what a headset or a media key pauses goes on by itself;
// what is held down asks for a press, which plays sounds and pictures.
func TestPlaysOnWhenPaused(t *testing.T) {
	noLeaks(t)
	withScene(t)
	b := New()
	video := document().Call("add", "tile-1")
	b.Stage.ShowSeat("tile-1", "7")
	p := newTestPeer(t, b)
	offer(t, p)
	sounds := document().Get("body").Get("children")
	first, second := sounds.Index(0), sounds.Index(1)
	pause := func(nodes ...js.Value) string {
		for _, node := range nodes {
			node.Set("paused", true)
			fire(node, "pause", nil)
		}
		turn()
		got := fmt.Sprint(video.Get("plays").Int(), first.Get("plays").Int(), second.Get("plays").Int())
		for _, node := range nodes {
			node.Set("paused", false)
		}
		return got
	}
	if got := pause(video, first); got != "2 2 1" || b.Stage.SoundBlocked() {
		t.Errorf("paused once, played %s times; blocked %v", got, b.Stage.SoundBlocked())
	}
	document().Set("hidden", true)
	if got := pause(video, first); got != "2 3 1" {
		t.Errorf("in a hidden tab played %s times", got)
	}
	document().Set("hidden", false)
	pause(first)
	if got := pause(first); got != "2 4 1" || !b.Stage.SoundBlocked() {
		t.Errorf("held down, played %s times; blocked %v", got, b.Stage.SoundBlocked())
	}
	video.Set("paused", true)
	b.Stage.UnblockSound()
	turn()
	if b.Stage.SoundBlocked() || video.Get("plays").Int() != 3 || first.Get("plays").Int() != 5 {
		t.Error("a press did not play everything")
	}
	p.Close()
	b.Stage.Clear("tile-1")
	if got := pause(video, first); got != "3 5 2" {
		t.Errorf("after the end played %s times", got)
	}
}

// TestPictureRefused: a browser that saves power wants a click for pictures, too.
func TestPictureRefused(t *testing.T) {
	noLeaks(t)
	withScene(t)
	b := New()
	video := document().Call("add", "tile-1")
	b.Stage.ShowSeat("tile-1", "7")
	p := newTestPeer(t, b)
	offer(t, p)
	turn()
	js.Global().Set("allowed", false)
	video.Set("paused", true)
	fire(video, "pause", nil)
	turn()
	if !b.Stage.SoundBlocked() {
		t.Error("nothing asks for the click")
	}
	js.Global().Set("allowed", true)
	fire(document(), "click", nil)
	turn()
	if b.Stage.SoundBlocked() || video.Get("plays").Int() != 3 {
		t.Errorf("after a click: blocked %v, played %d times", b.Stage.SoundBlocked(), video.Get("plays").Int())
	}
	p.Close()
	b.Stage.Clear("tile-1")
}

func TestMutedTracks(t *testing.T) {
	noLeaks(t)
	fake := withDevices(t, `{getUserMedia() { return Promise.resolve(stream(this.last = track("one"))) }}`)
	got, err := (&devices{newCaptures()}).Capture(soon(t), client.MicrophoneDevice, "")
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	got.OnMuted(func() { told++ })
	mute := func(muted bool, event string) {
		fake.Get("last").Set("muted", muted)
		fire(fake.Get("last"), event, nil)
		turn()
	}
	if got.Muted() {
		t.Error("muted from the start")
	}
	mute(true, "mute")
	if !got.Muted() || told != 1 {
		t.Errorf("muted %v, told %d times", got.Muted(), told)
	}
	mute(false, "unmute")
	if got.Muted() || told != 2 {
		t.Errorf("muted %v, told %d times", got.Muted(), told)
	}
	got.Stop()
	mute(true, "mute")
	if told != 2 {
		t.Error("told after Stop")
	}
}
