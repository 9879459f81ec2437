//go:build js && wasm

package browser

import (
	"sync"
	"syscall/js"

	"overtime/internal/client"
)

// steered are the presses that the meeting has a button for.
var steered = []client.MediaAction{client.MediaMicrophone, client.MediaCamera, client.MediaHangUp}

// pausing are the presses by which a system would pause what plays. A meeting
// goes on whether or not one listens, so they play what is paused instead.
var pausing = []string{"play", "pause", "stop"}

// controls are the system's media controls, by the Media Session of the page.
type controls struct {
	playOn func() // plays what should be heard and seen

	observers observers[func(client.MediaAction)]

	mu       sync.Mutex
	shown    bool
	handlers []*callback
}

// Show implements client.MediaControls.
func (c *controls) Show(s client.MediaState) {
	session := navigator("mediaSession")
	if !session.Truthy() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.Shown != c.shown {
		c.shown = s.Shown
		c.handle(session)
	}
	title, state := js.Null(), "none"
	if s.Shown {
		state = "playing"
		if made, err := construct("MediaMetadata", map[string]any{"title": s.Title, "artist": "Overtime"}); err == nil {
			title = made
		}
	}
	_ = set(session, "metadata", title)
	_ = set(session, "playbackState", state)
	_, _ = call(session, "setMicrophoneActive", s.Microphone) // not all browsers show these
	_, _ = call(session, "setCameraActive", s.Camera)
}

// handle takes the presses, or leaves them to the system again. A browser
// throws at an action that it does not know. The caller holds mu.
func (c *controls) handle(session js.Value) {
	on := func(action string, f func()) {
		handler := js.Null()
		if c.shown {
			h := newCallback(func([]js.Value) { spawn(f) })
			c.handlers = append(c.handlers, h)
			handler = h.fn.Value
		}
		_, _ = call(session, "setActionHandler", action, handler)
	}
	old := c.handlers
	c.handlers = nil
	for _, action := range steered {
		on(string(action), func() { c.pressed(action) })
	}
	for _, action := range pausing {
		on(action, c.playOn)
	}
	for _, h := range old {
		h.release()
	}
}

func (c *controls) pressed(action client.MediaAction) {
	if observer := c.observers.newest(); observer != nil {
		(*observer)(action)
	}
}

// OnAction implements client.MediaControls. The newest observer alone is told.
func (c *controls) OnAction(f func(client.MediaAction)) (stop func()) { return c.observers.add(f) }
