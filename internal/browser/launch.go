//go:build js && wasm

package browser

import (
	"slices"
	"sync"
	"syscall/js"
)

// launches are what the system hands to this page by window.launchQueue, which
// takes one consumer for the page's life and keeps what came before.
type launches struct {
	mu        sync.Mutex
	listeners []*func(string) // the newest is told
	consuming bool
}

func newLaunches() *launches { return &launches{} }

// OnLaunch implements client.Launches.
func (l *launches) OnLaunch(f func(address string)) (stop func()) {
	mine := &f
	l.mu.Lock()
	l.listeners = append(l.listeners, mine)
	first := !l.consuming
	l.consuming = true
	l.mu.Unlock()
	if first {
		l.consume()
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.listeners = slices.DeleteFunc(l.listeners, func(have *func(string)) bool { return have == mine })
	}
}

// consume is never undone, so neither is the callback released.
func (l *launches) consume() {
	queue := js.Global().Get("launchQueue")
	if !queue.Truthy() {
		return // no browser that hands over links
	}
	_, _ = call(queue, "setConsumer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer guard()
		if len(args) > 0 {
			l.tell(text(args[0].Get("targetURL")))
		}
		return nil
	}))
}

func (l *launches) tell(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.listeners); n > 0 && address != "" {
		f := *l.listeners[n-1]
		spawn(func() { f(address) })
	}
}
