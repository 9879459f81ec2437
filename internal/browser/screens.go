//go:build js && wasm

package browser

import (
	"context"
	"syscall/js"

	"overtime/internal/client"
)

// displayCapture is what policies call sharing a screen.
const displayCapture = "display-capture"

// screens captures screens, windows and tabs.
type screens struct{}

// Supported implements client.Screens. Phones cannot.
func (screens) Supported() bool {
	media := mediaDevices()
	return secure() && media.Truthy() && media.Get("getDisplayMedia").Type() == js.TypeFunction && !barred(displayCapture)
}

// Capture implements client.Screens. If ctx ends while the person is still
// choosing, what they choose afterwards is let go of at once.
func (screens) Capture(ctx context.Context) (picture, sound client.Track, err error) {
	if !secure() {
		return nil, nil, client.DeviceInsecure
	}
	stream, err := askFor(ctx, "getDisplayMedia", displayConstraints())
	if err != nil {
		return nil, nil, refusal(err, displayCapture)
	}
	for _, media := range tracksOf(stream) {
		if text(media.Get("kind")) == "audio" {
			sound = newTrack(nil, "", media)
		} else {
			picture = newTrack(nil, "", media)
		}
	}
	if picture == nil {
		stopAll(stream)
		return nil, nil, client.DeviceAbsent
	}
	return picture, sound, nil
}

// displayConstraints ask for whatever the person chooses, with its sound. The tab
// of the meeting itself is not offered: it would show itself within itself without
// end. The sound of a whole system has the meeting's own in it, which everybody
// would hear again, so it is offered only where the browser leaves that out.
// What a browser does not know it passes over.
func displayConstraints() map[string]any {
	system := "exclude"
	supported, err := call(mediaDevices(), "getSupportedConstraints")
	if err == nil && supported.Truthy() && supported.Get("restrictOwnAudio").Truthy() {
		system = "include"
	}
	return map[string]any{
		"video": map[string]any{"frameRate": map[string]any{"ideal": 15, "max": 30}},
		"audio": map[string]any{
			"echoCancellation": false,
			"noiseSuppression": false,
			"autoGainControl":  false,
			"restrictOwnAudio": true,
		},
		"selfBrowserSurface": "exclude",
		"surfaceSwitching":   "include",
		"systemAudio":        system,
	}
}

// tracksOf are the tracks of a stream.
func tracksOf(stream js.Value) []js.Value {
	tracks, err := call(stream, "getTracks")
	if err != nil {
		return nil
	}
	return items(tracks)
}

// stopAll lets go of all that a stream captures.
func stopAll(stream js.Value) {
	for _, media := range tracksOf(stream) {
		_, _ = call(media, "stop")
	}
}
