//go:build js && wasm

package browser

import (
	"context"
	"sync"
	"syscall/js"
)

// speakers play what the audio seats bring, each through an <audio> of its
// own. The elements stand at the end of body: go-app owns body's first element
// and looks at no other. They are kept from one peer to the next, because some
// browsers allow sound to an element rather than to a page.
type speakers struct {
	mu        sync.Mutex
	owner     *peer
	elements  []js.Value
	blocked   bool
	gestures  func() // stops waiting for a click, which it does while blocked
	waking    func() // stops waiting for the tab to wake, which it does while it has an owner
	observers map[int]func()
	lastID    int // of observers
}

func newSpeakers() *speakers {
	return &speakers{observers: map[int]func(){}, gestures: func() {}, waking: func() {}}
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
		s.elements = append(s.elements, audio)
	}
	for i, audio := range s.elements {
		if i >= len(sounds) {
			silence(audio)
			continue
		}
		stream, err := construct("MediaStream", []any{sounds[i]})
		if err != nil {
			return
		}
		_ = set(audio, "srcObject", stream)
		_, _ = call(document().Get("body"), "appendChild", audio)
		s.play(audio)
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
		if thrownName(err) != "NotAllowedError" {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.setBlocked(s.owner != nil)
	})
}

// resume plays what the browser paused: it does so with a page that it freezes,
// and in a call of the telephone, and leaves it to the page to go on.
func (s *speakers) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, audio := range s.elements {
		if s.owner != nil && paused(audio) {
			s.play(audio)
		}
	}
}

// paused reports whether an element has something to play and does not.
func paused(node js.Value) bool { return node.Get("srcObject").Truthy() && node.Get("paused").Truthy() }

// unblock plays everything. Browsers listen to it only during a click or a key.
func (s *speakers) unblock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setBlocked(false) // until an element is refused again
	if s.owner == nil {
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
