//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"syscall/js"
	"testing"

	"overtime/internal/client"
)

// withDevices makes a secure page whose mediaDevices is the expression. The
// helper track(id) makes something like a MediaStreamTrack.
func withDevices(t *testing.T, expression string) js.Value {
	t.Helper()
	global(t, "isSecureContext", true)
	fake := eval(t, `(() => {
		const track = id => Object.assign(new EventTarget(), {
			stopped: 0, muted: false, stop() { this.stopped++ }, getSettings: () => ({deviceId: id}),
		})
		const stream = track => ({track, getTracks: () => [track]})
		const no = name => Promise.reject(new DOMException("", name))
		return Object.assign(new EventTarget(), {asked: []}, `+expression+`)
	})()`)
	global(t, "navigator", map[string]any{"mediaDevices": fake})
	return fake
}

func troubleOf(err error) client.DeviceTrouble {
	known, _ := errors.AsType[client.DeviceTrouble](err)
	return known
}

func TestTroubleOfEachException(t *testing.T) {
	for name, want := range map[string]client.DeviceTrouble{
		"NotAllowedError":      client.DeviceRefused,
		"SecurityError":        client.DeviceRefused,
		"NotFoundError":        client.DeviceAbsent,
		"OverconstrainedError": client.DeviceAbsent,
		"NotReadableError":     client.DeviceBusy,
		"AbortError":           client.DeviceBusy,
		"TypeError":            client.DeviceFailed,
		"SomethingNew":         client.DeviceFailed,
	} {
		withDevices(t, `{getUserMedia: () => no("`+name+`")}`)
		d := &devices{newCaptures()}
		for _, id := range []string{"", "mine"} {
			_, err := d.Capture(soon(t), client.MicrophoneDevice, id)
			if got := troubleOf(err); got != want {
				t.Errorf("%s with id %q: got %q, want %q", name, id, got, want)
			}
		}
	}
}

// TestBarredByThePageAround: a refusal that the page around us makes is told
// from one of the person.
func TestBarredByThePageAround(t *testing.T) {
	withDevices(t, `{getUserMedia: () => no("NotAllowedError")}`)
	global(t, "document", eval(t, `{featurePolicy: {allowsFeature: (name) => name !== "camera"}}`))
	d := &devices{newCaptures()}
	for kind, want := range map[client.DeviceKind]client.DeviceTrouble{
		client.CameraDevice: client.DeviceBarred, client.MicrophoneDevice: client.DeviceRefused,
	} {
		if _, err := d.Capture(soon(t), kind, ""); troubleOf(err) != want {
			t.Errorf("%s: got %v, want %q", kind, err, want)
		}
	}
}

func TestInsecurePages(t *testing.T) {
	d := &devices{newCaptures()}
	check := func(what string) {
		t.Helper()
		_, err := d.Capture(soon(t), client.CameraDevice, "")
		_, listErr := d.List(soon(t))
		if troubleOf(err) != client.DeviceInsecure || troubleOf(listErr) != client.DeviceInsecure || secure() {
			t.Errorf("%s: got %v and %v", what, err, listErr)
		}
		d.OnChange(func() {})()
	}
	global(t, "isSecureContext", true)
	global(t, "navigator", map[string]any{})
	check("no mediaDevices")
	withDevices(t, `{}`)
	global(t, "isSecureContext", false)
	check("no secure context")
}

func TestCaptureTakesAnotherDeviceIfTheWantedOneIsGone(t *testing.T) {
	noLeaks(t)
	fake := withDevices(t, `{getUserMedia(c) {
		const sorted = (_, v) => typeof v !== "object" ? v : Object.fromEntries(Object.entries(v).sort())
		this.asked.push(JSON.stringify(c, sorted))
		return c.video.deviceId ? no("OverconstrainedError") : Promise.resolve(stream(track("other")))
	}}`)
	got, err := (&devices{newCaptures()}).Capture(soon(t), client.CameraDevice, "lost")
	if err != nil || got.DeviceID() != "other" || fake.Get("asked").Length() != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	const want = `{"video":{"deviceId":{"exact":"lost"},"frameRate":{"ideal":30},"height":{"ideal":720},"width":{"ideal":1280}}}`
	if asked := text(fake.Get("asked").Index(0)); asked != want {
		t.Errorf("asked for %s", asked)
	}
	got.Stop()
}

func TestCaptureThatComesTooLateIsStopped(t *testing.T) {
	noLeaks(t)
	fake := withDevices(t, `{getUserMedia() {
		this.late = track("late")
		return new Promise(done => this.allow = () => done(stream(this.late)))
	}}`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	captures := newCaptures()
	_, err := (&devices{captures}).Capture(ctx, client.CameraDevice, "")
	if troubleOf(err) != client.DeviceFailed {
		t.Fatalf("got %v", err)
	}
	fake.Call("allow")
	turn()
	if fake.Get("late").Get("stopped").Int() != 1 || !captures.media(client.CameraDevice).IsUndefined() {
		t.Error("a device that came too late still runs")
	}
}

func TestTrackStopsAndIsLost(t *testing.T) {
	noLeaks(t)
	fake := withDevices(t, `{getUserMedia() { return Promise.resolve(stream(this.last = track("one"))) }}`)
	captures := newCaptures()
	changes := 0
	captures.onChange(func() { changes++ })
	d := &devices{captures}
	take := func() (client.Track, js.Value) {
		t.Helper()
		got, err := d.Capture(soon(t), client.MicrophoneDevice, "")
		if err != nil {
			t.Fatal(err)
		}
		return got, fake.Get("last")
	}
	ended := func(media js.Value) { media.Call("dispatchEvent", js.Global().Get("Event").New("ended")); turn() }

	older, olderMedia := take()
	newer, newerMedia := take()
	older.Stop()
	if !captures.media(client.MicrophoneDevice).Equal(newerMedia) {
		t.Error("stopping the older track took the newer one away")
	}
	told := 0
	newer.OnEnded(func() { told++ })
	ended(newerMedia)
	ended(newerMedia)
	if told != 1 || !captures.media(client.MicrophoneDevice).IsUndefined() {
		t.Errorf("told %d times of the loss", told)
	}
	newer.OnEnded(func() { told++ })
	turn()
	if told != 2 {
		t.Error("not told of a loss that was before")
	}
	older.OnEnded(func() { t.Error("told of a stop") })
	ended(olderMedia)
	if olderMedia.Get("stopped").Int() != 1 || changes != 3 {
		t.Errorf("stopped %v, %d changes", olderMedia.Get("stopped"), changes)
	}
}

func TestListAndChanges(t *testing.T) {
	noLeaks(t)
	fake := withDevices(t, `{enumerateDevices: async () => [
		{deviceId: "a", kind: "audioinput", label: "Mic"},
		{deviceId: "b", kind: "audiooutput", label: "Loud"},
		{deviceId: "", kind: "videoinput", label: ""},
	]}`)
	d := &devices{newCaptures()}
	got, err := d.List(soon(t))
	want := []client.Device{{ID: "a", Kind: client.MicrophoneDevice, Label: "Mic"}, {Kind: client.CameraDevice}}
	if err != nil || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, %v", got, err)
	}
	told := 0
	stop := d.OnChange(func() { told++ })
	change := func() { fake.Call("dispatchEvent", js.Global().Get("Event").New("devicechange")); turn() }
	change()
	stop()
	change()
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
