//go:build js && wasm

package browser

import (
	"context"
	"syscall/js"

	"overtime/internal/client"
)

// devices captures from cameras and microphones.
type devices struct{ captures *captures }

// mediaDevices is undefined in pages that are not secure.
func mediaDevices() js.Value { return navigator("mediaDevices") }

// Capture implements client.Devices. If ctx ends while the person is still
// being asked, a device that they allow afterwards is let go of at once.
func (d *devices) Capture(ctx context.Context, kind client.DeviceKind, id string) (client.Track, error) {
	if !secure() {
		return nil, client.DeviceInsecure
	}
	media, err := capture(ctx, kind, id)
	if id != "" && gone(err) {
		media, err = capture(ctx, kind, "")
	}
	if err != nil {
		return nil, refusal(err, string(kind))
	}
	return newTrack(d.captures, kind, media), nil
}

// capture asks the browser for one MediaStreamTrack.
func capture(ctx context.Context, kind client.DeviceKind, id string) (js.Value, error) {
	stream, err := askFor(ctx, "getUserMedia", constraints(kind, id))
	if err != nil {
		return js.Undefined(), err
	}
	tracks := tracksOf(stream)
	if len(tracks) == 0 {
		return js.Undefined(), &thrown{name: "NotFoundError", message: "a stream without a track"}
	}
	return tracks[0], nil
}

// askFor asks for a stream. One that comes after ctx was over is let go of.
func askFor(ctx context.Context, method string, constraints map[string]any) (js.Value, error) {
	promise, err := call(mediaDevices(), method, constraints)
	if err != nil {
		return js.Undefined(), err
	}
	return awaitOr(ctx, promise, stopAll)
}

// refusal is an error of a capture, of a feature as policies call it, as people are
// told it.
func refusal(err error, feature string) error {
	if why := trouble(err); why != client.DeviceRefused || !barred(feature) {
		return why
	}
	return client.DeviceBarred
}

// constraints asks for speech from a microphone and for 720p, or the nearest
// that there is, from a camera. A device is asked for exactly: "ideal" lets a
// browser take another one although the wanted one is there.
func constraints(kind client.DeviceKind, id string) map[string]any {
	name, wanted := "audio", map[string]any{
		"echoCancellation": true,
		"noiseSuppression": true,
		"autoGainControl":  true,
	}
	if kind == client.CameraDevice {
		name, wanted = "video", map[string]any{
			"width":     map[string]any{"ideal": 1280},
			"height":    map[string]any{"ideal": 720},
			"frameRate": map[string]any{"ideal": 30},
		}
	}
	if id != "" {
		wanted["deviceId"] = map[string]any{"exact": id}
	}
	return map[string]any{name: wanted}
}

// gone reports whether err can mean that the device asked for by its id is not
// there, so that another may do.
func gone(err error) bool {
	name := thrownName(err)
	return name == "OverconstrainedError" || name == "NotFoundError"
}

// trouble is what an error of getUserMedia means to a person.
func trouble(err error) client.DeviceTrouble {
	switch thrownName(err) {
	case "NotAllowedError", "SecurityError":
		return client.DeviceRefused
	case "NotFoundError", "OverconstrainedError":
		return client.DeviceAbsent
	case "NotReadableError", "AbortError":
		return client.DeviceBusy
	}
	return client.DeviceFailed
}

// barred reports whether the page around this one keeps a feature from it: by
// its frame's allow attribute or its own Permissions-Policy. Not all browsers
// tell.
func barred(feature string) bool {
	policy, err := get(document(), "featurePolicy") // Chromium's name for it still
	if err != nil || !policy.Truthy() {
		return false
	}
	allowed, err := call(policy, "allowsFeature", feature)
	return err == nil && allowed.Type() == js.TypeBoolean && !allowed.Bool()
}

// List implements client.Devices. Before permission was given, browsers name
// one device of a kind at most, without id and label. Errors are
// client.DeviceTroubles.
func (d *devices) List(ctx context.Context) ([]client.Device, error) {
	if !secure() {
		return nil, client.DeviceInsecure
	}
	found, err := callAwait(ctx, mediaDevices(), "enumerateDevices")
	if err != nil {
		return nil, trouble(err)
	}
	var list []client.Device
	for _, info := range items(found) {
		if kind := inputs[text(info.Get("kind"))]; kind != "" {
			list = append(list, client.Device{ID: text(info.Get("deviceId")), Label: text(info.Get("label")), Kind: kind})
		}
	}
	return list, nil
}

// inputs are the browser's names of the kinds.
var inputs = map[string]client.DeviceKind{"audioinput": client.MicrophoneDevice, "videoinput": client.CameraDevice}

// OnChange implements client.Devices.
func (d *devices) OnChange(f func()) (stop func()) {
	if !secure() {
		return func() {}
	}
	return listen(mediaDevices(), "devicechange", func(js.Value) { spawn(f) })
}
