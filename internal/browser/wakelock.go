//go:build js && wasm

package browser

import (
	"context"
	"sync"
	"syscall/js"
)

// wakeLock keeps the screen on. A browser takes its lock away when the tab is
// hidden; it is asked for again when the tab is seen. Where the browser, the
// page around this one, or a nearly empty battery refuses, nothing happens.
type wakeLock struct {
	mu       sync.Mutex
	wanted   bool
	asking   bool
	sentinel js.Value // of the lock; undefined: none
	unlisten hook     // to the lock being taken away
	unwake   hook
}

// Hold implements client.WakeLock.
func (w *wakeLock) Hold(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.wanted == on {
		return
	}
	w.wanted = on
	if !on {
		w.unwake.undo()
		w.drop()
		return
	}
	w.unwake = page{}.OnWake(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ask()
	})
	w.ask()
}

// ask asks for the lock, unless it is there or not wanted. The caller holds mu.
func (w *wakeLock) ask() {
	if !w.wanted || w.asking || w.sentinel.Truthy() {
		return
	}
	locks := navigator("wakeLock")
	if !locks.Truthy() {
		return
	}
	w.asking = true
	spawn(func() {
		sentinel, err := callAwait(context.Background(), locks, "request", "screen")
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asking = false
		if err == nil {
			w.got(sentinel)
		}
	})
}

// got keeps a lock for as long as it is wanted. The caller holds mu.
func (w *wakeLock) got(sentinel js.Value) {
	w.sentinel = sentinel
	w.unlisten = listen(sentinel, "release", func(js.Value) {
		spawn(func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.sentinel.Equal(sentinel) {
				w.forget()
			}
		})
	})
	if !w.wanted {
		w.drop()
	}
}

// drop lets the lock go. The caller holds mu.
func (w *wakeLock) drop() {
	sentinel := w.sentinel
	w.forget()
	if sentinel.Truthy() {
		do(sentinel, "release")
	}
}

func (w *wakeLock) forget() {
	w.unlisten.undo()
	w.sentinel = js.Undefined()
}
