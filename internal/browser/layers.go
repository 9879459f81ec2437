//go:build js && wasm

package browser

import (
	"slices"
	"syscall/js"
)

// layer is one simulcast layer of the camera.
type layer struct {
	rid     string
	bitrate int // at most, bits a second
}

// layers are smallest first, as Chromium wants them: for pictures of 180, 360
// and 720 lines.
var layers = []layer{{"q", 150_000}, {"h", 500_000}, {"f", 1_700_000}}

// screenBitrate is the most that a screen is sent with, in bits a second. The server
// drops what goes far beyond it, and Firefox would send 10 Mbit/s of a large screen.
const screenBitrate = 3_000_000

// scales are what the layers of a camera with that many pixels divide its
// width and height by; 0 is a layer that is not sent. Whatever the camera, a
// layer has about the same size, which is what its bitrate is for and what the
// server expects of it.
//
// The limits are Chromium's own: below them it drops the uppermost layers,
// whatever their scale, and a camera of 320 by 240 would be sent as 80 by 60.
func scales(pixels int) []float64 {
	switch {
	case pixels >= 960*540:
		return []float64{4, 2, 1}
	case pixels >= 480*270:
		return []float64{2, 1, 0}
	}
	return []float64{1, 0, 0}
}

// pixels is the size of what a track's settings tell, taken for 720p if they
// do not.
func pixels(settings js.Value) int {
	width, height := settings.Get("width"), settings.Get("height")
	if width.Type() != js.TypeNumber || height.Type() != js.TypeNumber {
		return 1280 * 720
	}
	return width.Int() * height.Int()
}

// cameraLayers are the encodings for a camera of 720 lines; scaleLayers fits
// them to the real one.
func cameraLayers() []any {
	var encodings []any
	for i, scale := range scales(1280 * 720) {
		encodings = append(encodings, map[string]any{
			"rid": layers[i].rid, "scaleResolutionDownBy": scale, "maxBitrate": layers[i].bitrate,
		})
	}
	return encodings
}

// scaleLayers changes encodings, an array of RTCRtpEncodingParameters, to suit
// a camera, and reports whether that changed anything.
func scaleLayers(encodings js.Value, pixels int) (changed bool) {
	if encodings.Type() != js.TypeObject {
		return false
	}
	for i := range encodings.Length() {
		encoding := encodings.Index(i)
		n := slices.IndexFunc(layers, func(l layer) bool { return l.rid == text(encoding.Get("rid")) })
		if n < 0 {
			continue
		}
		scale := scales(pixels)[n]
		active := scale > 0
		if encoding.Get("active").Truthy() != active {
			encoding.Set("active", active)
			changed = true
		}
		if active && encoding.Get("scaleResolutionDownBy").Float() != scale {
			encoding.Set("scaleResolutionDownBy", scale)
			changed = true
		}
	}
	return changed
}
