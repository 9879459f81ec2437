//go:build js && wasm

package browser

import (
	"context"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/layout"
)

// shareable is a mediaDevices that gives a screen, with sound if so, and notes
// what it was asked for.
func shareable(sound string) string {
	return `{
		kinds: {video: Object.assign(track("screen"), {kind: "video"}), audio: Object.assign(track("sound"), {kind: "audio"})},
		getSupportedConstraints: () => ({}),
		getDisplayMedia(c) { this.asked.push(c); const k = this.kinds; return Promise.resolve({getTracks: () => ` + sound + ` ? [k.audio, k.video] : [k.video]}) },
	}`
}

func TestScreenWithAndWithoutSound(t *testing.T) {
	noLeaks(t)
	fake := withDevices(t, shareable("true"))
	picture, sound, err := screens{}.Capture(soon(t))
	if err != nil || picture == nil || sound == nil {
		t.Fatalf("with sound: %v, %v, %v", picture, sound, err)
	}
	asked := fake.Get("asked").Index(0)
	if asked.Get("selfBrowserSurface").String() != "exclude" || asked.Get("systemAudio").String() != "exclude" || asked.Get("surfaceSwitching").String() != "include" {
		t.Error("the meeting's own tab, or its own sound, is offered")
	}
	ended := make(chan struct{})
	picture.OnEnded(func() { close(ended) })
	fire(fake.Get("kinds").Get("video"), "ended", nil)
	select {
	case <-ended:
	case <-time.After(time.Second):
		t.Error("that the browser's bar stopped it is not told")
	}
	sound.Stop()
	if fake.Get("kinds").Get("audio").Get("stopped").Int() != 1 {
		t.Error("the sound goes on")
	}

	withDevices(t, shareable("false"))
	picture, sound, err = screens{}.Capture(soon(t))
	if err != nil || picture == nil || sound != nil {
		t.Fatalf("without sound: %v, %v, %v", picture, sound, err)
	}
	picture.Stop()
}

func TestSystemSoundWhereOursIsLeftOut(t *testing.T) {
	withDevices(t, `{getSupportedConstraints: () => ({restrictOwnAudio: true})}`)
	if got := displayConstraints()["systemAudio"]; got != "include" {
		t.Errorf("systemAudio is %v", got)
	}
}

func TestScreenTroubles(t *testing.T) {
	noLeaks(t)
	withDevices(t, `{getDisplayMedia: () => no("NotAllowedError")}`)
	global(t, "document", eval(t, `{featurePolicy: {allowsFeature: () => true}}`))
	if _, _, err := (screens{}).Capture(soon(t)); troubleOf(err) != client.DeviceRefused {
		t.Errorf("refused by the person: %v", err)
	}
	if !(screens{}).Supported() {
		t.Error("not supported, though nothing is in the way")
	}
	global(t, "document", eval(t, `{featurePolicy: {allowsFeature: name => name !== "display-capture"}}`))
	if _, _, err := (screens{}).Capture(soon(t)); troubleOf(err) != client.DeviceBarred {
		t.Errorf("refused by the page around: %v", err)
	}
	if (screens{}).Supported() {
		t.Error("supported, though the page around does not let it")
	}
	withDevices(t, `{getDisplayMedia: () => Promise.resolve({getTracks: () => []})}`)
	if _, _, err := (screens{}).Capture(soon(t)); troubleOf(err) != client.DeviceAbsent {
		t.Errorf("nothing was shared: %v", err)
	}
	withDevices(t, `{}`)
	if (screens{}).Supported() {
		t.Error("supported by a browser that cannot")
	}
	global(t, "isSecureContext", false)
	if _, _, err := (screens{}).Capture(soon(t)); troubleOf(err) != client.DeviceInsecure {
		t.Errorf("in an insecure page: %v", err)
	}
}

func TestScreenThatIsChosenTooLate(t *testing.T) {
	noLeaks(t)
	fake := withDevices(t, `{
		late: track("screen"),
		getDisplayMedia() { return new Promise(choose => { this.choose = () => choose({getTracks: () => [this.late]}) }) },
	}`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := (screens{}).Capture(ctx); err == nil {
		t.Fatal("captured")
	}
	fake.Call("choose")
	turn()
	if fake.Get("late").Get("stopped").Int() != 1 {
		t.Error("what was chosen too late is captured for nobody")
	}
}

func TestCellsMove(t *testing.T) {
	withScene(t)
	node := document().Call("add", "cell")
	b := New()
	b.Stage.Place("cell", layout.Rect{X: 1, Y: 2, Width: 300, Height: 40})
	b.Stage.Place("gone", layout.Rect{})
	for property, want := range map[string]string{"left": "1px", "top": "2px", "width": "300px", "height": "40px"} {
		if got := node.Get("style").Get(property).String(); got != want {
			t.Errorf("%s is %s, want %s", property, got, want)
		}
	}
}
