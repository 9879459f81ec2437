//go:build js && wasm

package browser

import (
	"sync"
	"syscall/js"
)

// audio is the tab's one AudioContext. It is made when first needed and sleeps
// while nobody holds it, because a running one keeps the sound card and a
// thread awake.
type audio struct {
	mu       sync.Mutex
	context  js.Value
	holders  int
	gestures hook // stops waiting for a click, which it does while somebody holds
}

// hold gives the context, running or about to run: a browser that wants a
// click first starts it at the next one. release is to be called once.
func (a *audio) hold() (context js.Value, release func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.context.IsUndefined() {
		made, err := construct("AudioContext")
		if err != nil {
			return js.Undefined(), nil, err
		}
		a.context = made
	}
	a.holders++
	if a.holders == 1 {
		a.resume()
		a.gestures = onGesture(a.resume)
	}
	return a.context, a.letGo, nil
}

// resume is also a listener, so it takes no lock: whoever holds the context
// made it before.
func (a *audio) resume() {
	if !a.running() {
		do(a.context, "resume")
	}
}

func (a *audio) running() bool { return text(a.context.Get("state")) == "running" }

func (a *audio) letGo() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.holders--
	if a.holders > 0 {
		return
	}
	a.gestures.undo()
	do(a.context, "suspend")
}
