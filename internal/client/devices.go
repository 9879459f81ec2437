package client

import (
	"context"
	"errors"
	"slices"
	"time"

	"overtime/internal/meeting"
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
	microphone, camera device

	known   []Device // as last listed
	listing uint64   // counts listings; older results are dropped
}

// device is one of them. Off really is off: nothing is captured. Its track is
// owned here and stopped here.
type device struct {
	kind   DeviceKind
	source protocol.Source
	on     bool   // wanted by the person
	chosen string // wanted device, empty for any

	track   Track
	since   time.Duration // local, since when track runs
	muted   bool          // by the system or the browser, for longer than mutePatience
	silent  alarm         // ends mutePatience
	trouble DeviceTrouble
	gen     uint64             // counts captures; what older ones bring is stopped
	cancel  context.CancelFunc // of the capture under way

	sent    Track // what the peer connection was last given for source
	sending bool  // it is being given
}

func newDevices() devices {
	return devices{
		microphone: device{kind: MicrophoneDevice, source: protocol.Microphone, on: true},
		camera:     device{kind: CameraDevice, source: protocol.Camera, on: true},
	}
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
func (s *Session) sources() []protocol.Source {
	out := []protocol.Source{}
	for _, d := range s.devices.all() {
		if d.sends() {
			out = append(out, d.source)
		}
	}
	return out
}

// readyDevices forgets old troubles and starts what is on.
func (s *Session) readyDevices() {
	for _, d := range s.devices.all() {
		d.trouble = DeviceFine
	}
	s.steerDevices()
	if s.browser.Page.Secure() {
		s.listDevices()
	}
}

func (s *Session) steerDevices() {
	for _, d := range s.devices.all() {
		s.steer(d)
	}
}

// steer makes a device run or not, as the person, their role and the page want it.
func (s *Session) steer(d *device) {
	if d.trouble == DeviceViewer {
		d.trouble = DeviceFine // it may have been an older role's
	}
	switch {
	case !d.on || s.phase.final():
		s.release(d)
	case s.onlyViews():
		s.release(d)
		d.trouble = DeviceViewer
	case d.track == nil && d.cancel == nil && d.trouble == DeviceFine:
		s.capture(d)
	}
	s.tellSending()
}

// onlyViews reports whether this person's role, as far as it is known, may send nothing.
func (s *Session) onlyViews() bool {
	role := s.place.you.Role
	if role == "" {
		role = s.lobby.role
	}
	return role == meeting.RoleViewer
}

// toggleDevice is a press on a device's button. Turning on tries again what
// failed before.
func (s *Session) toggleDevice(kind DeviceKind) {
	d := s.devices.of(kind)
	s.setDevice(kind, !(d.on && d.problem() == DeviceFine))
}

func (s *Session) setDevice(kind DeviceKind, on bool) {
	d := s.devices.of(kind)
	d.on = on
	if d.on {
		d.trouble = DeviceFine
		if d.muted {
			s.release(d) // a new capture may be allowed to speak
		}
	}
	s.rememberSending()
	s.steer(d)
}

// chooseDevice changes over. The old device is let go first: phones cannot run
// two cameras at once.
func (s *Session) chooseDevice(kind DeviceKind, id string) {
	s.browser.Local.Set(keyDevice+string(kind), id)
	d := s.devices.of(kind)
	d.chosen, d.trouble = id, DeviceFine
	if d.track == nil || d.track.DeviceID() != id {
		s.release(d)
	}
	s.steer(d)
}

// release lets the device go, or the attempt at it.
func (s *Session) release(d *device) {
	d.gen++
	if d.cancel != nil {
		d.cancel()
		d.cancel = nil
	}
	if d.track != nil {
		d.track.Stop()
		d.track, d.muted = nil, false
		s.unset(&d.silent)
		s.sendTrack(d)
	}
}

func (s *Session) capture(d *device) {
	if !s.browser.Page.Secure() {
		d.trouble = DeviceInsecure
		return
	}
	if !s.browser.Peers.Supported() {
		d.trouble = DeviceUnsent
		return
	}
	d.gen++
	gen, kind, id := d.gen, d.kind, d.chosen
	ctx, cancel := context.WithCancel(s.ctx)
	d.cancel = cancel
	s.work(func() func() {
		defer cancel()
		track, err := s.browser.Devices.Capture(ctx, kind, id)
		return func() { s.captured(d, gen, track, err) }
	})
}

func (s *Session) captured(d *device, gen uint64, track Track, err error) {
	if gen != d.gen {
		if err == nil {
			track.Stop()
		}
		return
	}
	d.cancel = nil
	if err != nil {
		d.trouble = deviceTrouble(err)
	} else {
		d.track, d.trouble, d.since = track, DeviceFine, s.local()
		track.OnEnded(func() { s.post(func() { s.deviceLost(d, gen) }) })
		track.OnMuted(func() { s.post(func() { s.deviceMuted(d, gen) }) })
		s.deviceMuted(d, gen)
		s.sendTrack(d)
	}
	s.tellSending()
	s.listDevices() // permission, if it was given now, shows the labels
}

func deviceTrouble(err error) DeviceTrouble {
	var known *DeviceError
	if errors.As(err, &known) && known.Trouble != DeviceFine {
		return known.Trouble
	}
	return DeviceFailed
}

// deviceLost: a running device went away. Another one may take its place.
func (s *Session) deviceLost(d *device, gen uint64) {
	if gen != d.gen || d.track == nil {
		return
	}
	if s.local()-d.since < deviceLasts {
		d.trouble = DeviceFailed
	}
	s.release(d)
	s.steer(d)
}

// deviceMuted: the system or the browser took a running device's sound or
// picture, or gave it back. Nothing is captured anew by itself: whoever muted it
// meant it.
func (s *Session) deviceMuted(d *device, gen uint64) {
	switch {
	case gen != d.gen || d.track == nil: // of a capture that is gone
	case !d.track.Muted():
		s.unset(&d.silent)
		d.muted = false
		s.tellSending()
	case !d.muted && !d.silent.waits():
		s.set(&d.silent, mutePatience, func() {
			d.muted = true
			s.tellSending()
		})
	}
}

// devicesChanged: a device came or went; one that came may be the one that is
// missing. Refused devices are left alone, so that nobody is asked again.
func (s *Session) devicesChanged() {
	if s.phase.final() || !s.browser.Page.Secure() {
		return
	}
	s.listDevices()
	for _, d := range s.devices.all() {
		switch d.trouble {
		case DeviceAbsent, DeviceBusy, DeviceFailed:
			d.trouble = DeviceFine
			s.steer(d)
		}
	}
}

func (s *Session) listDevices() {
	s.devices.listing++
	listing := s.devices.listing
	s.work(func() func() {
		list, err := s.browser.Devices.List(s.ctx)
		return func() {
			if err == nil && listing == s.devices.listing {
				s.devices.known = list
			}
		}
	})
}

func (s *Session) deviceView(d *device) DeviceView {
	v := DeviceView{On: d.on, Running: d.track != nil, Trouble: d.problem(), Chosen: d.chosen}
	if d.track != nil {
		v.Chosen = d.track.DeviceID()
	}
	v.Devices = slices.DeleteFunc(slices.Clone(s.devices.known), func(have Device) bool { return have.Kind != d.kind })
	return v
}

// tellSending tells the server which devices run, if that changed.
func (s *Session) tellSending() {
	now := s.sources()
	if !s.link.joined || s.phase != PhaseRoom || s.media.told != nil && slices.Equal(now, s.media.told) {
		return
	}
	s.media.told = now
	s.request(protocol.Sending{Sources: now}, func(f protocol.ServerFrame) {
		if _, no := f.Message.(protocol.Error); no {
			s.media.told = nil // said again with the next beat
		}
	})
}
