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
	gestures  func() // stops waiting for a click, which it does while blocked
	waking    func() // stops waiting for the tab to wake, which it does while it has an owner
	observers map[int]func()
	lastID    int // of observers
}

// speaker is one <audio>.
type speaker struct {
	node     js.Value
	replay   client.Replay
	unlisten func() // to its being paused, while it has something to play
}

// notAllowed is what a browser says that wants a click before it plays.
const notAllowed = "NotAllowedError"

func newSpeakers() *speakers {
	return &speakers{
		pictures: func() {}, observers: map[int]func(){},
		gestures: func() {}, waking: func() {},
	}
}

// adopt plays a peer's sound in place of any other's.
func (s *speakers) adopt(p *peer, sounds []js.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner = p
	s.waking()
	s.waking = page{}.OnWake(s.resume)
	for len(s.elements) < len(sounds) {
		audio, err := newAudioElement()
		if err != nil {
			return
		}
		s.elements = append(s.elements, &speaker{node: audio, unlisten: func() {}})
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
		e.unlisten()
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
	s.waking()
	s.waking = func() {}
	for _, e := range s.elements {
		e.silence()
	}
	s.setBlocked(false)
}

func (e *speaker) silence() {
	e.unlisten()
	e.unlisten = func() {}
	_ = set(e.node, "srcObject", js.Null())
	_, _ = call(e.node, "remove")
}

// play starts an element at once, which a click allows, and learns later
// whether the browser let it.
func (s *speakers) play(audio js.Value) {
	promise, err := call(audio, "play")
	if err != nil {
		return
	}
	spawn(func() {
		// Settles when sound comes, is refused, or the element is silenced.
		_, err := await(context.Background(), promise)
		switch {
		case err == nil:
			s.heard()
		case thrownName(err) == notAllowed:
			s.block()
		}
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

// unblock plays everything. Browsers listen to it only during a click or a key.
func (s *speakers) unblock() {
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

func (s *speakers) isBlocked() bool {
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
	s.gestures()
	s.gestures = func() {}
	if blocked {
		s.gestures = onGesture(s.unblock)
	}
	for _, f := range s.observers {
		spawn(f)
	}
}

// observe calls f, on a goroutine, when isBlocked changes.
func (s *speakers) observe(f func()) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	id := s.lastID
	s.observers[id] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.observers, id)
	}
}

// onGesture calls f, inside a callback, at each click and key, which are when
// browsers allow sound.
func onGesture(f func()) (stop func()) {
	handle := func(js.Value) { f() }
	return all(listen(document(), "click", handle), listen(document(), "keydown", handle))
}
