package client

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"overtime/internal/protocol"
)

// deviceLasts is how long a capture must have run for its loss to be worth a
// new attempt at once: a device that dies at birth is not tried in a circle.
const deviceLasts = 2 * time.Second

// mutePatience is how long a running device must be muted for that to be said:
// browsers mute a camera whose pictures stop for a moment, too.
const mutePatience = 2 * time.Second

// devices are this person's microphone and camera.
type devices struct {
	loop *loop

	captures   Devices
	secure     func() bool // whether the page may capture at all
	sendable   func() bool // whether there is anything to send it by
	tab, local Storage
	room       string
	// off reports whether this tab is out of the meeting, and barred whether the
	// person's role may send nothing.
	off, barred func() bool
	// send puts a device's track, or nothing, on its source.
	send func(protocol.Source, Track)
	// changed is told that what is heard or seen may have changed.
	changed func()

	microphone, camera device

	listing uint64 // counts listings; older results are dropped
}

// device is one of them. Off really is off: nothing is captured. Its track is
// owned here and stopped here.
type device struct {
	kind   DeviceKind
	source protocol.Source
	on     bool     // wanted by the person
	chosen string   // wanted device, empty for any
	known  []Device // as last listed; replaced, never written to

	track   Track
	since   time.Duration // local, since when track runs
	muted   bool          // by the system or the browser, for longer than mutePatience
	silent  alarm         // ends mutePatience
	trouble DeviceTrouble
	gen     uint64             // counts captures; what older ones bring is stopped
	cancel  context.CancelFunc // of the capture under way
}

// both are a microphone and a camera that nothing is known of yet.
func both() (microphone, camera device) {
	microphone = device{kind: MicrophoneDevice, source: protocol.Microphone, on: true}
	camera = device{kind: CameraDevice, source: protocol.Camera, on: true}
	return microphone, camera
}

func (d *devices) all() []*device { return []*device{&d.microphone, &d.camera} }

func (d *devices) of(kind DeviceKind) *device {
	if kind == CameraDevice {
		return &d.camera
	}
	return &d.microphone
}

// sends reports whether others hear or see something of the device.
func (d *device) sends() bool { return d.track != nil && !d.muted }

// problem is what keeps a device that is on from being heard or seen.
func (d *device) problem() DeviceTrouble {
	if d.trouble == DeviceFine && d.track != nil && d.muted {
		return DeviceMuted
	}
	return d.trouble
}

// sources are the devices that others hear or see, as the server is told them.
func (d *devices) sources() []protocol.Source {
	out := []protocol.Source{}
	for _, each := range d.all() {
		if each.sends() {
			out = append(out, each.source)
		}
	}
	return out
}

// ready forgets old troubles and starts what is on.
func (d *devices) ready() {
	for _, each := range d.all() {
		each.trouble = DeviceFine
	}
	d.steer()
	if d.secure() {
		d.list()
	}
}

// steer makes the devices run or not, as the person, their role and the page
// want it.
func (d *devices) steer() {
	for _, each := range d.all() {
		d.steerOne(each)
	}
}

func (d *devices) steerOne(x *device) {
	if x.trouble == DeviceViewer {
		x.trouble = DeviceFine // it may have been an older role's
	}
	switch {
	case !x.on || d.off():
		d.release(x)
	case d.barred():
		d.release(x)
		x.trouble = DeviceViewer
	case x.track == nil && x.cancel == nil && x.trouble == DeviceFine:
		d.capture(x)
	}
	d.changed()
}

// toggle is a press on a device's button. Turning on tries again what failed
// before.
func (d *devices) toggle(kind DeviceKind) {
	x := d.of(kind)
	d.set(kind, !x.on || x.problem() != DeviceFine)
}

func (d *devices) set(kind DeviceKind, on bool) {
	x := d.of(kind)
	x.on = on
	if x.on {
		x.trouble = DeviceFine
		if x.muted {
			d.release(x) // a new capture may be allowed to speak
		}
	}
	d.remember()
	d.steerOne(x)
}

// choose changes over. The old device is let go first: phones cannot run two
// cameras at once.
func (d *devices) choose(kind DeviceKind, id string) {
	d.local.Set(keyDevice+string(kind), id)
	x := d.of(kind)
	x.chosen, x.trouble = id, DeviceFine
	if x.track == nil || x.track.DeviceID() != id {
		d.release(x)
	}
	d.steerOne(x)
}

// release lets the device go, or the attempt at it.
func (d *devices) release(x *device) {
	x.gen++
	if x.cancel != nil {
		x.cancel()
		x.cancel = nil
	}
	if x.track != nil {
		x.track.Stop()
		x.track, x.muted = nil, false
		d.loop.unset(&x.silent)
		d.send(x.source, nil)
	}
}

func (d *devices) capture(x *device) {
	if !d.secure() {
		x.trouble = DeviceInsecure
		return
	}
	if !d.sendable() {
		x.trouble = DeviceUnsent
		return
	}
	x.gen++
	gen, kind, id := x.gen, x.kind, x.chosen
	ctx, cancel := context.WithCancel(d.loop.ctx)
	x.cancel = cancel
	d.loop.work(func() func() {
		defer cancel()
		track, err := d.captures.Capture(ctx, kind, id)
		return func() { d.captured(x, gen, track, err) }
	})
}

func (d *devices) captured(x *device, gen uint64, track Track, err error) {
	if gen != x.gen {
		if err == nil {
			track.Stop()
		}
		return
	}
	x.cancel = nil
	if err != nil {
		x.trouble = deviceTrouble(err)
	} else {
		x.track, x.trouble, x.since = track, DeviceFine, d.loop.local()
		track.OnEnded(func() { d.loop.post(func() { d.lost(x, gen) }) })
		track.OnMuted(func() { d.loop.post(func() { d.mute(x, gen) }) })
		d.mute(x, gen)
		d.send(x.source, track)
	}
	d.changed()
	d.list() // permission, if it was given now, shows the labels
}

func deviceTrouble(err error) DeviceTrouble {
	if known, ok := errors.AsType[DeviceTrouble](err); ok && known != DeviceFine {
		return known
	}
	return DeviceFailed
}

// lost: a running device went away. Another one may take its place.
func (d *devices) lost(x *device, gen uint64) {
	if gen != x.gen || x.track == nil {
		return
	}
	if d.loop.local()-x.since < deviceLasts {
		x.trouble = DeviceFailed
	}
	d.release(x)
	d.steerOne(x)
}

// mute: the system or the browser took a running device's sound or picture, or
// gave it back. Nothing is captured anew by itself: whoever muted it meant it.
func (d *devices) mute(x *device, gen uint64) {
	switch {
	case gen != x.gen || x.track == nil: // of a capture that is gone
	case !x.track.Muted():
		d.loop.unset(&x.silent)
		x.muted = false
		d.changed()
	case !x.muted && !x.silent.waits():
		d.loop.set(&x.silent, mutePatience, func() {
			x.muted = true
			d.changed()
		})
	}
}

// plugged: a device came or went; one that came may be the one that is missing.
// Refused devices are left alone, so that nobody is asked again.
func (d *devices) plugged() {
	if d.off() || !d.secure() {
		return
	}
	d.list()
	for _, x := range d.all() {
		switch x.trouble {
		case DeviceAbsent, DeviceBusy, DeviceFailed:
			x.trouble = DeviceFine
			d.steerOne(x)
		}
	}
}

func (d *devices) list() {
	d.listing++
	listing := d.listing
	d.loop.work(func() func() {
		list, err := d.captures.List(d.loop.ctx)
		return func() {
			if err != nil || listing != d.listing {
				return
			}
			for _, x := range d.all() {
				x.known = slices.DeleteFunc(slices.Clone(list), func(have Device) bool { return have.Kind != x.kind })
			}
		}
	})
}

// view is the device as people see it.
func (d *device) view() DeviceView {
	v := DeviceView{On: d.on, Running: d.track != nil, Trouble: d.problem(), Chosen: d.chosen, Devices: d.known}
	if d.track != nil {
		v.Chosen = d.track.DeviceID()
	}
	return v
}

// remember keeps which devices are on, for a reload.
func (d *devices) remember() {
	on := []string{"none"} // an empty value would remove the key
	for _, x := range d.all() {
		if x.on {
			on = append(on, string(x.kind))
		}
	}
	d.tab.Set(keySending+d.room, strings.Join(on, " "))
}

// recall sets the devices as they were before a reload.
func (d *devices) recall() {
	on := strings.Fields(d.tab.Get(keySending + d.room))
	for _, x := range d.all() {
		x.chosen = d.local.Get(keyDevice + string(x.kind))
		if len(on) > 0 {
			x.on = slices.Contains(on, string(x.kind))
		}
	}
}
