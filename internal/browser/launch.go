//go:build js && wasm

package browser

import (
	"sync"
	"syscall/js"
)

// launches are what the system hands to this page by window.launchQueue, which
// takes one consumer for the page's life and keeps what came before.
type launches struct {
	observers observers[func(string)]
	consuming sync.Once
}

// OnLaunch implements client.Launches.
func (l *launches) OnLaunch(f func(address string)) (stop func()) {
	stop = l.observers.add(f)
	l.consuming.Do(l.consume)
	return stop
}

// consume is never undone, so neither is the callback released. Where a browser hands
// over no links there is no queue.
func (l *launches) consume() {
	if queue := js.Global().Get("launchQueue"); queue.Truthy() {
		_, _ = call(queue, "setConsumer", newCallback(func(args []js.Value) { l.tell(text(first(args).Get("targetURL"))) }).fn)
	}
}

func (l *launches) tell(address string) {
	if f := l.observers.newest(); f != nil && address != "" {
		spawn(func() { (*f)(address) })
	}
}
