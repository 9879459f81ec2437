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
func mediaDevices() js.Value {
	navigator := js.Global().Get("navigator")
	if !navigator.Truthy() {
		return js.Undefined()
	}
	return navigator.Get("mediaDevices")
}

// Capture implements client.Devices. If ctx ends while the person is still
// being asked, a device that they allow afterwards is let go of at once.
func (d *devices) Capture(ctx context.Context, kind client.DeviceKind, id string) (client.Track, error) {
	if !secure() {
		return nil, &client.DeviceError{Trouble: client.DeviceInsecure}
	}
	media, err := capture(ctx, kind, id)
	if id != "" && gone(err) {
		media, err = capture(ctx, kind, "")
	}
	if err != nil {
		why := trouble(err)
		if why == client.DeviceRefused && barred(string(kind)) {
			why = client.DeviceBarred
		}
		return nil, &client.DeviceError{Trouble: why}
	}
	return newTrack(d.captures, kind, media), nil
}

// capture asks the browser for one MediaStreamTrack.
func capture(ctx context.Context, kind client.DeviceKind, id string) (js.Value, error) {
	promise, err := call(mediaDevices(), "getUserMedia", constraints(kind, id))
	if err != nil {
		return js.Undefined(), err
	}
	stream, err := awaitOr(ctx, promise, func(stream js.Value) {
		if media, err := onlyTrack(stream); err == nil {
			_, _ = call(media, "stop")
		}
	})
	if err != nil {
		return js.Undefined(), err
	}
	return onlyTrack(stream)
}

// onlyTrack is the track of a stream that was asked for one.
func onlyTrack(stream js.Value) (js.Value, error) {
	tracks, err := call(stream, "getTracks")
	if err != nil {
		return js.Undefined(), err
	}
	if tracks.Length() == 0 {
		return js.Undefined(), &thrown{name: "NotFoundError", message: "a stream without a track"}
	}
	return tracks.Index(0), nil
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
// *client.DeviceError.
func (d *devices) List(ctx context.Context) ([]client.Device, error) {
	if !secure() {
		return nil, &client.DeviceError{Trouble: client.DeviceInsecure}
	}
	promise, err := call(mediaDevices(), "enumerateDevices")
	if err != nil {
		return nil, &client.DeviceError{Trouble: trouble(err)}
	}
	found, err := await(ctx, promise)
	if err != nil {
		return nil, &client.DeviceError{Trouble: trouble(err)}
	}
	var list []client.Device
	for i := range found.Length() {
		if device, ok := readDevice(found.Index(i)); ok {
			list = append(list, device)
		}
	}
	return list, nil
}

func readDevice(info js.Value) (client.Device, bool) {
	device := client.Device{ID: text(info.Get("deviceId")), Label: text(info.Get("label"))}
	switch text(info.Get("kind")) {
	case "audioinput":
		device.Kind = client.MicrophoneDevice
	case "videoinput":
		device.Kind = client.CameraDevice
	default:
		return client.Device{}, false
	}
	return device, true
}

// OnChange implements client.Devices.
func (d *devices) OnChange(f func()) (stop func()) {
	if !secure() {
		return func() {}
	}
	return listen(mediaDevices(), "devicechange", func(js.Value) { spawn(f) })
}
