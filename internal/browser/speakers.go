//go:build js && wasm

package browser

import (
	"context"
	"slices"
	"sync"
	"syscall/js"
	"time"

	"overtime/internal/client"
)

// speakers play what the audio seats bring, each through an <audio> of its
// own. The elements stand at the end of body: go-app owns body's first element
// and looks at no other. They are kept from one peer to the next, because some
// browsers allow sound to an element rather than to a page.
type speakers struct {
	pictures func() // plays the pictures that are paused; set once

	mu        sync.Mutex
	owner     *peer
	elements  []*speaker
	blocked   bool
	gestures  hook              // stops waiting for a click, which it does while blocked
	waking    hook              // stops waiting for the tab to wake, which it does while it has an owner
	observers observers[func()] // of blocked
}

// speaker is one <audio>.
type speaker struct {
	node     js.Value
	replay   client.Replay
	unlisten hook // to its being paused, while it has something to play
}

// notAllowed is what a browser says that wants a click before it plays.
const notAllowed = "NotAllowedError"

// adopt plays a peer's sound in place of any other's.
func (s *speakers) adopt(p *peer, sounds []js.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner = p
	s.waking.undo()
	s.waking = page{}.OnWake(s.resume)
	for len(s.elements) < len(sounds) {
		audio, err := newAudioElement()
		if err != nil {
			return
		}
		s.elements = append(s.elements, &speaker{node: audio})
	}
	for i, e := range s.elements {
		if i >= len(sounds) {
			e.silence()
			continue
		}
		stream, err := construct("MediaStream", []any{sounds[i]})
		if err != nil {
			return
		}
		e.unlisten.undo()
		e.unlisten = listen(e.node, "pause", func(js.Value) { spawn(func() { s.pausedByOthers(e) }) })
		_ = set(e.node, "srcObject", stream)
		_, _ = call(document().Get("body"), "appendChild", e.node)
		s.play(e.node)
	}
}

func newAudioElement() (js.Value, error) {
	audio, err := call(document(), "createElement", "audio")
	if err == nil {
		audio.Set("autoplay", true)
		audio.Set("hidden", true)
	}
	return audio, err
}

// release silences a peer's sound, if it is still that peer's.
func (s *speakers) release(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owner != p {
		return
	}
	s.owner = nil
	s.waking.undo()
	for _, e := range s.elements {
		e.silence()
	}
	s.setBlocked(false)
}

func (e *speaker) silence() {
	e.unlisten.undo()
	_ = set(e.node, "srcObject", js.Null())
	_, _ = call(e.node, "remove")
}

func (s *speakers) play(audio js.Value) {
	play(audio, func(err error) {
		switch {
		case err == nil:
			s.heard()
		case thrownName(err) == notAllowed:
			s.block()
		}
	})
}

// play starts an element at once, which a click allows. then learns later, on a
// goroutine, whether the browser let it: when sound or pictures come, are refused, or
// the element is given something else.
func play(node js.Value, then func(err error)) {
	promise, err := call(node, "play")
	if err != nil {
		return
	}
	spawn(func() {
		_, err := await(context.Background(), promise)
		then(err)
	})
}

// block asks for a click, if there is somebody to be heard or seen.
func (s *speakers) block() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setBlocked(s.owner != nil)
}

// heard ends asking for a click once nothing stands still any more: what was
// paused may have gone on without one.
func (s *speakers) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	still := func(e *speaker) bool { return paused(e.node) }
	if !slices.ContainsFunc(s.elements, still) {
		s.setBlocked(false)
	}
}

// pausedByOthers plays an element that the system paused: a headset, a media
// key, a call of the telephone. If that comes to nothing, a press has to.
func (s *speakers) pausedByOthers(e *speaker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.owner == nil || !paused(e.node): // ours, or over
	case e.replay.Again(time.Now()):
		s.play(e.node)
	default:
		s.setBlocked(true)
	}
}

// resume plays what the browser paused: it does so with a page that it freezes,
// and in a call of the telephone, and leaves it to the page to go on.
func (s *speakers) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.elements {
		if s.owner != nil && paused(e.node) {
			s.play(e.node)
		}
	}
}

// paused reports whether an element has something to play and does not.
func paused(node js.Value) bool { return node.Get("srcObject").Truthy() && node.Get("paused").Truthy() }

// UnblockSound implements client.Stage: it plays everything. Unlike the methods that
// wait, it must be called in the DOM handler itself, because browsers listen to it
// only during a click or a key.
func (s *speakers) UnblockSound() {
	s.pictures()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setBlocked(false) // until an element is refused again
	if s.owner == nil {
		return
	}
	for _, e := range s.elements {
		if e.node.Get("srcObject").Truthy() {
			s.play(e.node)
		}
	}
}

// SoundBlocked implements client.Stage.
func (s *speakers) SoundBlocked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.blocked
}

// setBlocked tells the observers if blocked changed. While it is true, any
// click on the page unblocks, not only one on the button made for it. The
// caller holds mu.
func (s *speakers) setBlocked(blocked bool) {
	if blocked == s.blocked {
		return
	}
	s.blocked = blocked
	s.gestures.undo()
	if blocked {
		s.gestures = onGesture(s.UnblockSound)
	}
	tell(&s.observers)
}

// OnSoundBlocked implements client.Stage: f is called when SoundBlocked changes,
// either way.
func (s *speakers) OnSoundBlocked(f func()) (stop func()) { return s.observers.add(f) }

// onGesture calls f, inside a callback, at each click and key, which are when
// browsers allow sound.
func onGesture(f func()) (stop func()) {
	handle := func(js.Value) { f() }
	return all(listen(document(), "click", handle), listen(document(), "keydown", handle))
}
