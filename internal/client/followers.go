package client

import "overtime/internal/meeting"

// follower keeps something of the device in step with what the tab shows: the
// screen awake, the system's media controls, the app's badge. The session's
// loop calls it with each new View and, once, at the end; it must not wait.
type follower interface {
	follow(View)
	end()
}

// newFollowers are the followers for what a browser has.
func newFollowers(b Browser) []follower {
	return []follower{
		&awake{lock: b.WakeLock},
		&controls{media: b.Controls},
		&badge{app: b.Badge, set: true},
	}
}

// awake keeps the screen on in the room, and while the person waits to come in:
// nobody touches a device they only listen to.
type awake struct {
	lock WakeLock
	held bool
}

func (a *awake) follow(v View) { a.hold(v.Phase == PhaseRoom || v.Phase == PhaseWaiting) }
func (a *awake) end()          { a.hold(false) }

func (a *awake) hold(want bool) {
	if want == a.held {
		return
	}
	a.held = want
	if want {
		a.lock.Hold()
		return
	}
	a.lock.Release()
}

// controls are the system's media controls while in the room.
type controls struct {
	media MediaControls
	shown MediaState // zero: none
}

func (c *controls) follow(v View) {
	want := MediaState{}
	if v.Phase == PhaseRoom {
		want = MediaState{Shown: true, Title: v.Room.Name, Microphone: v.Devices.Microphone.Sends(), Camera: v.Devices.Camera.Sends()}
	}
	c.show(want)
}

func (c *controls) end() { c.show(MediaState{}) }

func (c *controls) show(want MediaState) {
	if want != c.shown {
		c.shown = want
		c.media.Show(want)
	}
}

// act does what was asked for by the system's media controls.
func act(do func(Intent), action MediaAction) {
	switch action {
	case MediaMicrophone:
		do(ToggleDevice{MicrophoneDevice})
	case MediaCamera:
		do(ToggleDevice{CameraDevice})
	case MediaHangUp:
		do(Leave{})
	}
}

// badge marks the app's icon while a window is open: a tab that nobody looks
// at shows nothing else. A page that was closed meanwhile left the mark there, so
// it counts as set until the first View.
type badge struct {
	app Badge
	set bool
}

func (b *badge) follow(v View) {
	b.mark(v.Phase == PhaseRoom && v.Timeline.Notice.Window != meeting.NoWindow)
}
func (b *badge) end() { b.mark(false) }

func (b *badge) mark(want bool) {
	if want != b.set {
		b.set = want
		b.app.Mark(want)
	}
}
