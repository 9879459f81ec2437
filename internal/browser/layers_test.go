//go:build js && wasm

package browser

import (
	"syscall/js"
	"testing"
)

func TestLayersFitTheCamera(t *testing.T) {
	encodings := js.ValueOf(cameraLayers())
	stringify := func() string { return js.Global().Get("JSON").Call("stringify", encodings).String() }
	for i := range encodings.Length() {
		encodings.Index(i).Set("active", true)
	}
	whole := stringify()
	for _, c := range []struct {
		width, height int
		sent          [3]int // lines of q, h and f; 0: not sent
	}{
		{1920, 1080, [3]int{270, 540, 1080}},
		{1280, 720, [3]int{180, 360, 720}},
		{960, 540, [3]int{135, 270, 540}},
		{640, 480, [3]int{240, 480, 0}},
		{640, 360, [3]int{180, 360, 0}},
		{360, 640, [3]int{320, 640, 0}}, // a phone held upright
		{320, 240, [3]int{240, 0, 0}},
		{160, 120, [3]int{120, 0, 0}},
	} {
		size := js.ValueOf(map[string]any{"width": c.width, "height": c.height})
		scaleLayers(encodings, pixels(size))
		if scaleLayers(encodings, pixels(size)) {
			t.Errorf("%d×%d: changed twice", c.width, c.height)
		}
		for i, lines := range c.sent {
			encoding := encodings.Index(i)
			got := 0
			if encoding.Get("active").Bool() {
				got = int(float64(c.height) / encoding.Get("scaleResolutionDownBy").Float())
			}
			if got != lines {
				t.Errorf("%d×%d: layer %s has %d lines, want %d", c.width, c.height, text(encoding.Get("rid")), got, lines)
			}
		}
	}
	if !scaleLayers(encodings, pixels(js.ValueOf(map[string]any{}))) || stringify() != whole {
		t.Errorf("a camera of unknown size gets %s, want %s", stringify(), whole)
	}
	if scaleLayers(js.Undefined(), 1) {
		t.Error("changed what is not there")
	}
}
