//go:build js && wasm

package browser

import (
	"sync/atomic"
	"syscall/js"
	"testing"
)

// withHistory makes a tab whose page was come to by a link, and touched or not.
func withHistory(t *testing.T, touched bool) js.Value {
	t.Helper()
	withPage(t)
	h := eval(t, `({
		stack: [{ state: null, url: "https://meet.example/r/a" }], at: 0,
		get state() { return this.stack[this.at].state },
		pushState(state, _, url) { this.stack.splice(++this.at, Infinity, { state, url }) },
		replaceState(state, _, url) { this.stack[this.at] = { state, url } },
		go(n) { this.at += n; dispatchEvent(Object.assign(new Event("popstate"), { state: this.state })) },
		back() { this.go(-1) },
	})`)
	global(t, "history", h)
	global(t, "location", eval(t, `({ get href() { return history.stack[history.at].url } })`))
	global(t, "navigator", map[string]any{"userActivation": map[string]any{"hasBeenActive": touched}})
	return h
}

// TestBackButton: the first press is told and leaves the tab on its page, each
// press after a renewal again, a second one without goes.
func TestBackButton(t *testing.T) {
	noLeaks(t)
	h := withHistory(t, true)
	var told atomic.Int32
	expect := func(what string, entries, at, times int) {
		t.Helper()
		turn()
		if h.Get("stack").Length() != entries || h.Get("at").Int() != at || int(told.Load()) != times {
			t.Errorf("%s: %d entries, at %d, told %d times; want %d, %d, %d", what,
				h.Get("stack").Length(), h.Get("at").Int(), told.Load(), entries, at, times)
		}
	}
	g := history{}.Guard(func() { told.Add(1) })
	expect("guarded", 2, 1, 0)
	h.Call("back")
	expect("back", 2, 0, 1)
	h.Call("go", 1)
	expect("forward", 2, 1, 1)
	h.Call("back")
	g.Renew()
	expect("back and stayed", 2, 1, 2)
	h.Call("pushState", nil, "", "https://meet.example/r/a#token") // a link opened in this tab
	h.Call("go", 0)
	expect("another link", 3, 2, 2)
	h.Call("back")
	expect("back from it", 3, 1, 2)
	h.Call("back")
	expect("back out of the meeting", 3, 0, 3)
	g.Renew()
	g.Lift()
	expect("lifted", 2, 0, 3)
	g.Lift()
	expect("lifted again", 2, 0, 3)
}

// TestBackButtonAfterAReload finds the entry that is there, and where nobody has
// touched the page yet, it waits: browsers skip what such a page puts there.
func TestBackButtonAfterAReload(t *testing.T) {
	noLeaks(t)
	h := withHistory(t, false)
	g := history{}.Guard(func() {})
	if h.Get("stack").Length() != 1 {
		t.Error("an untouched page puts an entry into the history")
	}
	fire(document(), "pointerup", nil)
	fire(document(), "keydown", nil)
	if h.Get("stack").Length() != 2 {
		t.Errorf("touched, it has %d entries", h.Get("stack").Length())
	}
	g.Forget()
	global(t, "navigator", map[string]any{})
	again := history{}.Guard(func() {})
	if h.Get("stack").Length() != 2 || h.Get("at").Int() != 1 {
		t.Errorf("reloaded, it has %d entries", h.Get("stack").Length())
	}
	again.Forget()
	if h.Get("at").Int() != 1 {
		t.Error("forgetting moved the tab")
	}
}

// TestBackButtonInAFrame is that of the page around.
func TestBackButtonInAFrame(t *testing.T) {
	noLeaks(t)
	h := withHistory(t, true)
	global(t, "parent", map[string]any{})
	g := history{}.Guard(func() {})
	g.Renew()
	g.Lift()
	if h.Get("stack").Length() != 1 {
		t.Error("a frame guards the way back")
	}
}

// TestLaunches: the newest listener is told, and what nobody listens to is lost.
func TestLaunches(t *testing.T) {
	global(t, "launchQueue", eval(t, `({ setConsumer(f) { this.f = f } })`))
	hand := func(address string) {
		js.Global().Get("launchQueue").Call("f", map[string]any{"targetURL": address})
		turn()
	}
	l := &launches{}
	var first, second string
	l.OnLaunch(func(a string) { first = a })
	stop := l.OnLaunch(func(a string) { second = a })
	hand("one")
	stop()
	hand("two")
	if first != "two" || second != "one" {
		t.Errorf("told %q and %q", first, second)
	}
	global(t, "launchQueue", js.Undefined())
	(&launches{}).OnLaunch(func(string) {})() // a browser without
}
