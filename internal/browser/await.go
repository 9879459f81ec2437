//go:build js && wasm

package browser

import (
	"context"
	"sync/atomic"
	"syscall/js"
)

// callbacks counts the js.Funcs that are alive, so that tests can see leaks:
// the browser keeps a Func, and all it refers to, until it is released.
var callbacks atomic.Int64

// callback is a js.Func that is released once and guards against panics.
type callback struct {
	fn       js.Func
	released bool
}

// newCallback makes a callback. f must not wait: while a callback runs, the
// whole program stands. The owner releases it after JavaScript let go of it.
func newCallback(f func(args []js.Value)) *callback {
	callbacks.Add(1)
	return &callback{fn: js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer guard()
		f(args)
		return nil
	})}
}

func (c *callback) release() {
	if c.released {
		return
	}
	c.released = true
	c.fn.Release()
	callbacks.Add(-1)
}

// first is the first argument of a callback, undefined if there is none.
func first(args []js.Value) js.Value {
	if len(args) == 0 {
		return js.Undefined()
	}
	return args[0]
}

// await waits until promise settles or ctx is over. It must not be called
// inside a callback.
func await(ctx context.Context, promise js.Value) (js.Value, error) {
	return awaitOr(ctx, promise, nil)
}

// callAwait calls a method that gives a promise, and waits as await does.
func callAwait(ctx context.Context, v js.Value, method string, args ...any) (js.Value, error) {
	promise, err := call(v, method, args...)
	if err != nil {
		return js.Undefined(), err
	}
	return await(ctx, promise)
}

// awaitOr is await for a promise whose value must not be lost: if it comes
// after ctx was over, late gets it, inside a callback.
func awaitOr(ctx context.Context, promise js.Value, late func(js.Value)) (js.Value, error) {
	p := &pending{done: make(chan struct{})}
	p.fulfilled = newCallback(func(args []js.Value) { p.settle(first(args), nil, late) })
	p.rejected = newCallback(func(args []js.Value) { p.settle(js.Undefined(), newThrown(first(args)), late) })
	if _, err := call(promise, "then", p.fulfilled.fn, p.rejected.fn); err != nil {
		p.release()
		return js.Undefined(), err
	}
	select {
	case <-p.done:
		return p.value, p.err
	case <-ctx.Done():
	}
	select {
	case <-p.done: // both at once
		return p.value, p.err
	default:
		p.abandoned = true
		return js.Undefined(), context.Cause(ctx)
	}
}

// pending is one promise that is waited for. Its two callbacks live until the
// promise settles, also if nobody waits any more: releasing them earlier would
// make the promise call a function that is gone. The few promises that never
// settle, of a peer connection closed in the middle of an offer, keep theirs.
type pending struct {
	fulfilled, rejected *callback
	done                chan struct{}
	abandoned           bool
	value               js.Value
	err                 error
}

func (p *pending) settle(value js.Value, err error, late func(js.Value)) {
	p.release()
	p.value, p.err = value, err
	close(p.done)
	if p.abandoned && err == nil && late != nil {
		late(value)
	}
}

func (p *pending) release() {
	p.fulfilled.release()
	p.rejected.release()
}

// do calls a method whose outcome is nobody's business. A promise may fail without
// the console calling it unhandled: the function that it fails to is the browser's
// own, so that there is nothing to release.
func do(v js.Value, method string, args ...any) {
	promise, err := call(v, method, args...)
	if err == nil && promise.Type() == js.TypeObject && promise.Get("then").Truthy() {
		_, _ = call(promise, "then", js.Null(), js.Global().Get("Boolean"))
	}
}

// listen calls f, inside a callback, for each event until stop. stop takes the
// listener away and then releases the callback; it may be called twice, and
// from f. The owner keeps it.
func listen(target js.Value, event string, f func(event js.Value)) (stop func()) {
	c := newCallback(func(args []js.Value) { f(first(args)) })
	if _, err := call(target, "addEventListener", event, c.fn); err != nil {
		c.release() // not an event target here: there will be no events
		return func() {}
	}
	return func() {
		if c.released {
			return
		}
		_, _ = call(target, "removeEventListener", event, c.fn)
		c.release()
	}
}

// hook takes back what was asked of the browser; nil: nothing was.
type hook func()

// undo takes it back, once.
func (h *hook) undo() {
	if *h != nil {
		(*h)()
		*h = nil
	}
}

// all makes one stop of several.
func all(stops ...func()) func() {
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}
