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
	unlisten func()   // to the lock being taken away
	unwake   func()
}

func newWakeLock() *wakeLock {
	return &wakeLock{unlisten: func() {}, unwake: func() {}}
}

// Hold implements client.WakeLock.
func (w *wakeLock) Hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.wanted {
		return
	}
	w.wanted = true
	w.unwake = page{}.OnWake(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ask()
	})
	w.ask()
}

// Release implements client.WakeLock.
func (w *wakeLock) Release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wanted = false
	w.unwake()
	w.unwake = func() {}
	w.drop()
}

// ask asks for the lock, unless it is there or not wanted. The caller holds mu.
func (w *wakeLock) ask() {
	if !w.wanted || w.asking || w.sentinel.Truthy() {
		return
	}
	locks, err := get(js.Global().Get("navigator"), "wakeLock")
	if err != nil || !locks.Truthy() {
		return
	}
	promise, err := call(locks, "request", "screen")
	if err != nil {
		return
	}
	w.asking = true
	spawn(func() {
		sentinel, err := await(context.Background(), promise)
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
	if !sentinel.Truthy() {
		return
	}
	if promise, err := call(sentinel, "release"); err == nil {
		ignore(promise)
	}
}

func (w *wakeLock) forget() {
	w.unlisten()
	w.sentinel, w.unlisten = js.Undefined(), func() {}
}
