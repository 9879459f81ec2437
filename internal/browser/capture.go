//go:build js && wasm

package browser

import (
	"sync"
	"syscall/js"

	"overtime/internal/client"
)

// captures knows what is captured now: at most one track of each kind, the
// newest. The stage draws from it. A nil one keeps nothing: nobody draws their own
// screen.
type captures struct {
	mu      sync.Mutex
	current map[client.DeviceKind]*track
	changed []func()
}

func newCaptures() *captures {
	return &captures{current: map[client.DeviceKind]*track{}}
}

// onChange adds an observer for the tab's life. f is called inside callbacks
// and must not wait.
func (c *captures) onChange(f func()) { c.changed = append(c.changed, f) }

// media is the MediaStreamTrack captured now, undefined if there is none.
func (c *captures) media(kind client.DeviceKind) js.Value {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.current[kind]; t != nil {
		return t.media
	}
	return js.Undefined()
}

// begin makes t the current track of its kind.
func (c *captures) begin(t *track) {
	if c == nil {
		return
	}
	c.mu.Lock()
	c.current[t.kind] = t
	c.mu.Unlock()
	c.tell()
}

// end forgets t, unless a newer track has taken its place.
func (c *captures) end(t *track) {
	if c == nil {
		return
	}
	c.mu.Lock()
	was := c.current[t.kind] == t
	if was {
		delete(c.current, t.kind)
	}
	c.mu.Unlock()
	if was {
		c.tell()
	}
}

func (c *captures) tell() {
	for _, f := range c.changed {
		f()
	}
}

// track is one running capture.
type track struct {
	kind     client.DeviceKind
	media    js.Value // the MediaStreamTrack
	id       string   // of the device
	captures *captures
	unlisten func()

	ended, muted observers[func()]

	mu   sync.Mutex
	over bool // stopped or lost
	lost bool
}

func newTrack(c *captures, kind client.DeviceKind, media js.Value) *track {
	t := &track{kind: kind, media: media, captures: c}
	if settings, err := call(media, "getSettings"); err == nil {
		t.id = text(settings.Get("deviceId"))
	}
	t.unlisten = all(
		listen(media, "ended", func(js.Value) { t.lose() }),
		listen(media, "mute", func(js.Value) { tell(&t.muted) }),
		listen(media, "unmute", func(js.Value) { tell(&t.muted) }),
	)
	c.begin(t)
	return t
}

// DeviceID implements client.Track.
func (t *track) DeviceID() string { return t.id }

// Stop implements client.Track. The device is let go of even where a peer
// connection or an element still refers to the track.
func (t *track) Stop() {
	t.finish(false)
	_, _ = call(t.media, "stop")
}

// lose is the end that nobody here asked for: unplugged, or permission taken.
func (t *track) lose() {
	if t.finish(true) {
		tell(&t.ended)
	}
}

// finish ends the track, and reports whether it had not ended before.
func (t *track) finish(lost bool) bool {
	t.mu.Lock()
	was := t.over
	if !was {
		t.over, t.lost = true, lost
	}
	t.mu.Unlock()
	if was {
		return false
	}
	t.unlisten()
	t.captures.end(t)
	return true
}

// OnEnded implements client.Track. If the device is lost already, f is called
// at once.
func (t *track) OnEnded(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost {
		spawn(f)
		return
	}
	t.ended.add(f)
}

// Muted implements client.Track.
func (t *track) Muted() bool { return t.media.Get("muted").Truthy() }

// OnMuted implements client.Track.
func (t *track) OnMuted(f func()) { t.muted.add(f) }
