//go:build js && wasm

package browser

import (
	"context"
	"syscall/js"
	"testing"
	"time"
)

// eval runs a JavaScript expression.
func eval(t *testing.T, expression string) js.Value {
	t.Helper()
	v, err := attempt(func() js.Value {
		return js.Global().Get("Function").New("return (" + expression + ")").Invoke()
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// global puts a value in the place of a global for the test.
func global(t *testing.T, name string, value any) {
	t.Helper()
	reflect := js.Global().Get("Reflect")
	was := reflect.Call("getOwnPropertyDescriptor", js.Global(), name)
	define(name, map[string]any{"value": value, "configurable": true, "writable": true})
	t.Cleanup(func() {
		if was.IsUndefined() {
			js.Global().Delete(name)
			return
		}
		define(name, was)
	})
}

// thrower makes reading a global throw a SecurityError.
func thrower(t *testing.T, name string) {
	t.Helper()
	global(t, name, nil)
	define(name, map[string]any{
		"get":          eval(t, `() => { throw new DOMException("no", "SecurityError") }`),
		"configurable": true,
	})
}

func define(name string, descriptor any) {
	js.Global().Get("Object").Call("defineProperty", js.Global(), name, descriptor)
}

// noLeaks fails the test if callbacks that it made stay alive.
func noLeaks(t *testing.T) {
	t.Helper()
	before := callbacks.Load()
	t.Cleanup(func() {
		if after := callbacks.Load(); after != before {
			t.Errorf("%d callbacks were not released", after-before)
		}
	})
}

// soon is a context for things that should be quick.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// turn lets JavaScript and all goroutines run on: it waits for two turns of
// the event loop, in which everything that was ready has run.
func turn() {
	for range 2 {
		done := make(chan struct{})
		c := newCallback(func([]js.Value) { close(done) })
		js.Global().Call("setTimeout", c.fn, 1)
		<-done
		c.release()
	}
}
