//go:build js && wasm

package browser

import (
	"context"
	"slices"
	"sync"
	"syscall/js"
)

// speakers play what the audio seats bring, each through an <audio> of its
// own. The elements stand at the end of body: go-app owns body's first element
// and looks at no other. They are kept from one peer to the next, because some
// browsers allow sound to an element rather than to a page.
type speakers struct {
	mu        sync.Mutex // never held across a call into JavaScript
	owner     *peer
	elements  []js.Value
	blocked   bool
	observers map[int]func()
	lastID    int
	gestures  func() // stops waiting for a click; nil unless blocked
}

func newSpeakers() *speakers {
	return &speakers{observers: map[int]func(){}, gestures: func() {}}
}

// adopt plays a peer's sound in place of any other's.
func (s *speakers) adopt(p *peer, sounds []js.Value) {
	s.mu.Lock()
	s.owner = p
	s.mu.Unlock()
	for len(s.elements) < len(sounds) {
		audio, err := call(document(), "createElement", "audio")
		if err != nil {
			return
		}
		audio.Set("autoplay", true)
		audio.Set("hidden", true)
		s.elements = append(s.elements, audio)
	}
	for i, audio := range s.elements {
		if i >= len(sounds) {
			silence(audio)
			continue
		}
		stream, err := construct("MediaStream", []any{sounds[i]})
		if err != nil {
			continue
		}
		_ = set(audio, "srcObject", stream)
		_, _ = call(document().Get("body"), "appendChild", audio)
		s.play(audio)
	}
}

// release silences a peer's sound, if it is still that peer's.
func (s *speakers) release(p *peer) {
	s.mu.Lock()
	mine := s.owner == p
	if mine {
		s.owner = nil
	}
	s.mu.Unlock()
	if !mine {
		return
	}
	for _, audio := range s.elements {
		silence(audio)
	}
	s.setBlocked(false)
}

func silence(audio js.Value) {
	_ = set(audio, "srcObject", js.Null())
	_, _ = call(audio, "remove")
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
		if thrownName(err) == "NotAllowedError" {
			s.setBlocked(true)
		}
	})
}

// unblock plays everything. Browsers listen to it only during a click or a key.
func (s *speakers) unblock() {
	s.setBlocked(false) // until an element is refused again
	s.mu.Lock()
	active := s.owner != nil
	s.mu.Unlock()
	if !active {
		return
	}
	for _, audio := range s.elements {
		if audio.Get("srcObject").Truthy() {
			s.play(audio)
		}
	}
}

func (s *speakers) isBlocked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.blocked
}

// setBlocked tells the observers if blocked changed. While it is true, any
// click on the page unblocks, not only one on the button made for it.
func (s *speakers) setBlocked(blocked bool) {
	s.mu.Lock()
	if blocked == s.blocked || blocked && s.owner == nil {
		s.mu.Unlock()
		return
	}
	s.blocked = blocked
	var observers []func()
	for _, f := range s.observers {
		observers = append(observers, f)
	}
	s.mu.Unlock()
	s.gestures()
	s.gestures = func() {}
	if blocked {
		s.gestures = onGesture(s.unblock)
	}
	for _, f := range slices.Clip(observers) {
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
