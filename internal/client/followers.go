package client

import "overtime/internal/meeting"

// follower keeps something of the device in step with what the tab shows: the
// screen awake, the system's media controls, the app's badge. The session's loop
// calls it with each new View and, once, with the zero View at the end; it must not
// wait.
type follower func(View)

// newFollowers are the followers for what a browser has.
func newFollowers(b Browser) []follower {
	return []follower{
		follow(false, wanted, b.WakeLock.Hold),
		follow(MediaState{}, controlled, b.Controls.Show),
		// A page that was closed meanwhile left the mark there.
		follow(true, marked, b.Badge.Mark),
	}
}

// follow has show told what comes of a View whenever that is another than before;
// last is what is shown before the first.
func follow[T comparable](last T, of func(View) T, show func(T)) follower {
	return func(v View) {
		if now := of(v); now != last {
			last = now
			show(now)
		}
	}
}

// wanted reports whether the screen is to stay on: in the room, and while the person
// waits to come in. Nobody touches a device they only listen to.
func wanted(v View) bool { return v.Phase == PhaseRoom || v.Phase == PhaseWaiting }

// controlled are the system's media controls while in the room.
func controlled(v View) MediaState {
	if v.Phase != PhaseRoom {
		return MediaState{}
	}
	return MediaState{Shown: true, Title: v.Room.Name, Microphone: v.Devices.Microphone.Sends(), Camera: v.Devices.Camera.Sends()}
}

// marked reports whether the app's icon is marked: while a window is open, of which a
// tab that nobody looks at shows nothing else.
func marked(v View) bool {
	return v.Phase == PhaseRoom && v.Timeline.Notice.Window != meeting.NoWindow
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
