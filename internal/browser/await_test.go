//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"syscall/js"
	"testing"
)

func TestAwaitGivesValueOrError(t *testing.T) {
	noLeaks(t)
	v, err := await(soon(t), eval(t, `new Promise(done => setTimeout(done, 5, 42))`))
	if err != nil || v.Int() != 42 {
		t.Errorf("got %v, %v", v, err)
	}
	for expression, name := range map[string]string{
		`Promise.reject(new DOMException("x", "NotAllowedError"))`: "NotAllowedError",
		`Promise.reject(new TypeError("x"))`:                       "TypeError",
		`Promise.reject(undefined)`:                                "Error",
		`Promise.reject("only words")`:                             "Error",
		`Promise.reject(null)`:                                     "Error",
		`undefined`:                                                "TypeError",
		`({})`:                                                     "TypeError",
	} {
		if _, err := await(soon(t), eval(t, expression)); thrownName(err) != name {
			t.Errorf("%s: got %v, want %s", expression, err, name)
		}
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	noLeaks(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	open := eval(t, `(() => { const o = {}; o.promise = new Promise(done => o.settle = done); return o })()`)
	var late js.Value
	_, err := awaitOr(ctx, open.Get("promise"), func(v js.Value) { late = v })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	open.Call("settle", "late")
	turn()
	if text(late) != "late" {
		t.Errorf("the late value went to nobody: %v", late)
	}
}

func TestListenUntilStop(t *testing.T) {
	noLeaks(t)
	target := js.Global().Get("EventTarget").New()
	heard := 0
	stop := listen(target, "tick", func(event js.Value) {
		if text(event.Get("type")) != "tick" {
			t.Errorf("got %v", event)
		}
		heard++
	})
	dispatch := func() { target.Call("dispatchEvent", js.Global().Get("Event").New("tick")) }
	dispatch()
	dispatch()
	stop()
	stop()
	dispatch()
	if heard != 2 {
		t.Errorf("heard %d events", heard)
	}
}

func TestListenMayStopItself(t *testing.T) {
	noLeaks(t)
	target := js.Global().Get("EventTarget").New()
	heard := 0
	var stop func()
	stop = listen(target, "tick", func(js.Value) { heard++; stop() })
	for range 3 {
		target.Call("dispatchEvent", js.Global().Get("Event").New("tick"))
	}
	if heard != 1 {
		t.Errorf("heard %d events", heard)
	}
}

func TestListenToNothing(t *testing.T) {
	noLeaks(t)
	listen(js.Undefined(), "tick", func(js.Value) {})()
	listen(js.ValueOf(map[string]any{}), "tick", func(js.Value) {})()
}

func TestPanicCostsOneEvent(t *testing.T) {
	noLeaks(t)
	said := ""
	global(t, "console", js.Global().Get("Object").Call("create", js.Global().Get("console")))
	log := js.FuncOf(func(_ js.Value, args []js.Value) any { said = args[0].String(); return nil })
	defer log.Release()
	js.Global().Get("console").Set("error", log)
	target := js.Global().Get("EventTarget").New()
	defer listen(target, "tick", func(js.Value) { panic("a mistake") })()
	target.Call("dispatchEvent", js.Global().Get("Event").New("tick"))
	if len(said) < 9 || said[:9] != "overtime:" {
		t.Errorf("the console reads %q", said)
	}
	said = ""
	spawn(func() { panic("another") })
	turn()
	if said == "" {
		t.Error("a goroutine's panic was not told")
	}
}

func TestExceptionsBecomeErrors(t *testing.T) {
	object := eval(t, `({
		bad() { throw new RangeError("too far") },
		get locked() { throw new DOMException("no", "SecurityError") },
		set locked(v) { throw new DOMException("no", "InvalidStateError") },
	})`)
	check := func(what string, err error, name string) {
		t.Helper()
		if thrownName(err) != name {
			t.Errorf("%s: got %v, want %s", what, err, name)
		}
	}
	_, err := call(object, "bad")
	check("a method that throws", err, "RangeError")
	_, err = call(object, "missing")
	check("a method that is not there", err, "TypeError")
	_, err = call(js.Undefined(), "method")
	check("a method of nothing", err, "TypeError")
	_, err = get(object, "locked")
	check("a getter that throws", err, "SecurityError")
	check("a setter that throws", set(object, "locked", 1), "InvalidStateError")
	_, err = construct("NoSuchClass")
	check("a class that is not there", err, "ReferenceError")
	_, err = construct("Proxy", 1)
	check("a constructor that throws", err, "TypeError")
}
