//go:build js && wasm

package browser

import (
	"fmt"
	"syscall/js"
	"testing"

	"overtime/internal/client"
)

// withLocks makes a navigator that gives wake locks.
func withLocks(t *testing.T) js.Value {
	t.Helper()
	withPage(t)
	locks := eval(t, `({
		made: [], refuses: false,
		request(kind) {
			if (this.refuses) return Promise.reject(new DOMException("", "NotAllowedError"))
			const lock = Object.assign(new EventTarget(), {kind, released: false, release() {
				this.released = true
				this.dispatchEvent(new Event("release"))
				return Promise.resolve()
			}})
			this.made.push(lock)
			return Promise.resolve(lock)
		},
	})`)
	global(t, "navigator", map[string]any{"wakeLock": locks})
	return locks
}

func TestWakeLock(t *testing.T) {
	noLeaks(t)
	locks := withLocks(t)
	held := func() string {
		turn()
		n, open := locks.Get("made").Length(), 0
		for i := range n {
			if !locks.Get("made").Index(i).Get("released").Bool() {
				open++
			}
		}
		return fmt.Sprint(n, open)
	}
	seen := func() { fire(document(), "visibilitychange", nil); turn() }
	expect := func(what, want string) {
		t.Helper()
		if got := held(); got != want {
			t.Errorf("%s: asked for and held %s, want %s", what, got, want)
		}
	}
	w := &wakeLock{}
	seen()
	expect("not wanted", "0 0")
	w.Hold(true)
	w.Hold(true)
	expect("wanted", "1 1")
	seen()
	expect("seen with the lock", "1 1")
	locks.Get("made").Index(0).Call("release") // as the browser does with a hidden tab
	expect("taken away", "1 0")
	seen()
	expect("seen again", "2 1")
	w.Hold(false)
	expect("let go", "2 0")
	seen()
	expect("seen after the end", "2 0")
	locks.Set("refuses", true)
	w.Hold(true)
	expect("refused", "2 0")
	locks.Set("refuses", false)
	seen()
	expect("allowed later", "3 1")
	w.Hold(false)
	w.Hold(true) // before the browser has answered
	w.Hold(false)
	expect("let go at once", "4 0")
	global(t, "navigator", map[string]any{})
	w.Hold(true) // a browser without
	w.Hold(false)
}

func TestMediaControls(t *testing.T) {
	noLeaks(t)
	session := eval(t, `({
		handlers: {}, metadata: null, playbackState: "none",
		setActionHandler(action, f) {
			if (action === "togglecamera" && !this.knowsAll) throw new TypeError("unknown action")
			this.handlers[action] = f
		},
		setMicrophoneActive(on) { this.microphone = on },
	})`)
	global(t, "navigator", map[string]any{"mediaSession": session})
	global(t, "MediaMetadata", eval(t, `class { constructor(m) { Object.assign(this, m) } }`))
	played := 0
	var pressed []client.MediaAction
	c := &controls{playOn: func() { played++ }}
	stop := c.OnAction(func(a client.MediaAction) { pressed = append(pressed, a) })
	c.Show(client.MediaState{})
	if session.Get("handlers").Get("pause").Truthy() {
		t.Error("keys are taken outside a meeting")
	}
	c.Show(client.MediaState{Shown: true, Title: "Planning", Microphone: true})
	press := func(action string) { session.Get("handlers").Call(action, map[string]any{"action": action}); turn() }
	press("togglemicrophone")
	press("hangup")
	press("pause")
	press("play")
	if got := fmt.Sprint(pressed, played); got != "[togglemicrophone hangup] 2" {
		t.Errorf("pressed %s", got)
	}
	if title := text(session.Get("metadata").Get("title")); title != "Planning" || !session.Get("microphone").Bool() {
		t.Errorf("shows %q, microphone %v", title, session.Get("microphone"))
	}
	c.Show(client.MediaState{Shown: true, Title: "Planning"})
	if session.Get("microphone").Bool() || !session.Get("handlers").Get("pause").Truthy() {
		t.Error("a microphone that is off shows as on, or the keys are gone")
	}
	stop()
	press("togglemicrophone")
	c.Show(client.MediaState{})
	if session.Get("handlers").Get("pause").Truthy() || !session.Get("metadata").IsNull() || text(session.Get("playbackState")) != "none" {
		t.Error("the controls stay after the meeting")
	}
	if len(pressed) != 2 {
		t.Errorf("pressed %v after stop", pressed)
	}
	global(t, "navigator", map[string]any{})
	c.Show(client.MediaState{Shown: true}) // a browser without
	c.Show(client.MediaState{})
}

func TestBadge(t *testing.T) {
	fake := eval(t, `({marks: [], setAppBadge(...n) { this.marks.push("set" + n); return Promise.reject(new Error()) }, clearAppBadge() { this.marks.push("clear") }})`)
	global(t, "navigator", fake)
	badge{}.Mark(true)
	badge{}.Mark(false)
	turn()
	if got := text(fake.Get("marks").Call("join")); got != "set,clear" {
		t.Errorf("marked %s", got)
	}
	global(t, "navigator", map[string]any{})
	badge{}.Mark(true) // a browser without
}

// A session that ends late, as after a farewell, leaves the keys to the next one.
func TestMediaControlsOfTheNextMeeting(t *testing.T) {
	c := &controls{playOn: func() {}}
	var pressed []string
	stopOld := c.OnAction(func(client.MediaAction) { pressed = append(pressed, "old") })
	stopNew := c.OnAction(func(client.MediaAction) { pressed = append(pressed, "new") })
	c.pressed(client.MediaHangUp)
	stopOld()
	c.pressed(client.MediaHangUp)
	stopNew()
	c.pressed(client.MediaHangUp)
	if got := fmt.Sprint(pressed); got != "[new new]" {
		t.Errorf("pressed %s", got)
	}
}
