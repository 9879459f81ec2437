//go:build js && wasm

package browser

import (
	"syscall/js"
	"testing"

	"overtime/internal/client"
)

// withPage makes window, document, location and history.
func withPage(t *testing.T) {
	t.Helper()
	global(t, "location", map[string]any{
		"origin": "https://meet.example:8443", "pathname": "/r/abc", "search": "?x=1", "hash": "#tok.en",
	})
	global(t, "history", eval(t, `({state: {deep: 1}, replaceState(...a) { this.last = a }})`))
	global(t, "document", eval(t, `Object.assign(new EventTarget(), {hidden: false})`))
	window := js.Global().Get("EventTarget").New()
	for _, method := range []string{"addEventListener", "removeEventListener", "dispatchEvent"} {
		global(t, method, window.Get(method).Call("bind", window))
	}
}

func fire(target js.Value, event string, more map[string]any) {
	e := js.Global().Get("Event").New(event)
	js.Global().Get("Object").Call("assign", e, js.ValueOf(more))
	target.Call("dispatchEvent", e)
}

func TestAddress(t *testing.T) {
	withPage(t)
	path, fragment := page{}.Address()
	if path != "/r/abc" || fragment != "tok.en" {
		t.Errorf("got %q, %q", path, fragment)
	}
	if got := socketURL(); got != "wss://meet.example:8443/ws" {
		t.Errorf("the socket is at %s", got)
	}
	global(t, "location", map[string]any{"origin": "http://localhost:8080", "pathname": "/", "hash": ""})
	if got := socketURL(); got != "ws://localhost:8080/ws" {
		t.Errorf("the socket is at %s", got)
	}
	if _, fragment := (page{}).Address(); fragment != "" {
		t.Errorf("got the fragment %q", fragment)
	}
}

func TestHideFragmentKeepsTheRest(t *testing.T) {
	withPage(t)
	page{}.HideFragment()
	last := js.Global().Get("history").Get("last")
	if last.Index(0).Get("deep").Int() != 1 || text(last.Index(2)) != "/r/abc?x=1" {
		t.Errorf("replaced by %v", js.Global().Get("JSON").Call("stringify", last))
	}
}

func TestDress(t *testing.T) {
	withPage(t)
	root := eval(t, `({
		attributes: {lang: "en"},
		setAttribute(n, v) { this.attributes[n] = v },
		removeAttribute(n) { delete this.attributes[n] },
		style: Object.assign([], {
			values: {},
			setProperty(n, v) { if (!(n in this.values)) this.push(n); this.values[n] = v },
			removeProperty(n) { this.splice(this.indexOf(n), 1); delete this.values[n] },
		}),
	})`)
	document().Set("documentElement", root)
	root.Get("style").Call("setProperty", "overflow", "clip") // somebody else's
	expect := func(want string) {
		t.Helper()
		json := js.Global().Get("JSON")
		got := text(json.Call("stringify", root.Get("style").Get("values"))) + text(json.Call("stringify", root.Get("attributes")))
		if got != want {
			t.Errorf("the root has %s, want %s", got, want)
		}
	}
	page{}.Dress(map[string]string{"--accent": "#fff"}, "dark")
	expect(`{"overflow":"clip","--accent":"#fff"}{"lang":"en","data-theme":"dark"}`)
	page{}.Dress(map[string]string{"--accent": "#000"}, "light")
	expect(`{"overflow":"clip","--accent":"#000"}{"lang":"en","data-theme":"light"}`)
	page{}.Dress(map[string]string{"--radius": "0px"}, "")
	expect(`{"overflow":"clip","--radius":"0px"}{"lang":"en"}`)
	page{}.Dress(nil, "")
	expect(`{"overflow":"clip"}{"lang":"en"}`)
}

func TestOnWake(t *testing.T) {
	withPage(t)
	noLeaks(t)
	woken := 0
	stop := page{}.OnWake(func() { woken++ })
	expect := func(what string, n int) {
		t.Helper()
		turn()
		if woken != n {
			t.Errorf("%s: woken %d times, want %d", what, woken, n)
		}
	}
	document().Set("hidden", true)
	fire(document(), "visibilitychange", nil)
	expect("hidden", 0)
	document().Set("hidden", false)
	fire(document(), "visibilitychange", nil)
	expect("visible", 1)
	fire(js.Global(), "pageshow", map[string]any{"persisted": false})
	expect("a first show", 1)
	fire(js.Global(), "pageshow", map[string]any{"persisted": true})
	expect("from the cache of pages", 2)
	fire(js.Global(), "online", nil)
	expect("online", 3)
	fire(document(), "resume", nil)
	expect("thawed", 4)
	stop()
	fire(js.Global(), "online", nil)
	expect("after stop", 4)
}

func TestCopy(t *testing.T) {
	withPage(t)
	noLeaks(t)
	global(t, "navigator", eval(t, `({clipboard: {writeText(s) { this.s = s; return Promise.resolve() }}})`))
	if err := (page{}).Copy(soon(t), "link"); err != nil {
		t.Error(err)
	}
	if got := text(js.Global().Get("navigator").Get("clipboard").Get("s")); got != "link" {
		t.Errorf("copied %q", got)
	}
}

func TestCopyWithoutClipboard(t *testing.T) {
	withPage(t)
	noLeaks(t)
	global(t, "navigator", eval(t, `({clipboard: {writeText: () => Promise.reject(new DOMException("", "NotAllowedError"))}})`))
	global(t, "document", eval(t, `({
		allowed: true, focused: 0, areas: 0,
		get activeElement() { return {focus: () => this.focused++} },
		body: {appendChild() {}},
		createElement() { this.areas++; return {style: {}, select() { document.copied = this.value }, remove() { document.areas-- }} },
		execCommand(c) { return c === "copy" && this.allowed },
	})`))
	if err := (page{}).Copy(soon(t), "link"); err != nil {
		t.Error(err)
	}
	d := document()
	if text(d.Get("copied")) != "link" || d.Get("areas").Int() != 0 || d.Get("focused").Int() != 1 {
		t.Errorf("copied %v, %v left, %v focused", d.Get("copied"), d.Get("areas"), d.Get("focused"))
	}
	d.Set("allowed", false)
	if err := (page{}).Copy(soon(t), "link"); err == nil {
		t.Error("a refusal was not told")
	}
}

func TestNotifyNeverAsks(t *testing.T) {
	withPage(t)
	noLeaks(t)
	page{}.Notify("title", "body") // without Notification at all
	fake := eval(t, `Object.assign(class extends EventTarget {
		constructor(title, options) { super(); Object.assign(this, {title}, options); this.constructor.made.push(this) }
		close() { this.dispatchEvent(new Event("close")) }
	}, {made: [], permission: "default"})`)
	global(t, "Notification", fake)
	page{}.Notify("title", "body")
	if fake.Get("made").Length() != 0 {
		t.Error("shown without permission")
	}
	fake.Set("permission", "granted")
	page{}.Notify("title", "body")
	made := fake.Get("made").Index(0)
	if text(made.Get("title")) != "title" || text(made.Get("body")) != "body" {
		t.Error("shown wrongly")
	}
	global(t, "focus", eval(t, `() => { globalThis.focused = true }`))
	fire(made, "click", nil) // closes it, which releases the listeners
	if !js.Global().Get("focused").Truthy() {
		t.Error("a click did not show the tab")
	}
}

func TestAskToNotify(t *testing.T) {
	withPage(t)
	noLeaks(t)
	expect := func(what string, want client.Notifying) {
		t.Helper()
		if got := (page{}).Notifying(); got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	withDevices(t, `{}`)
	expect("without notifications", client.NotifyNever)
	page{}.AskToNotify(func(client.Notifying) { t.Error("there was nothing to answer") })
	fake := eval(t, `({permission: "default", async requestPermission() { this.asked = true; return this.permission = "granted" }})`)
	global(t, "Notification", fake)
	expect("not asked", client.NotifyAsk)
	var answers []client.Notifying
	page{}.AskToNotify(func(n client.Notifying) { answers = append(answers, n) })
	if !fake.Get("asked").Truthy() {
		t.Error("asked too late for the press")
	}
	turn()
	if len(answers) != 1 || answers[0] != client.NotifyOn {
		t.Errorf("answered %v", answers)
	}
	fake.Set("permission", "denied")
	expect("refused", client.NotifyOff)
	global(t, "parent", map[string]any{})
	expect("in a frame", client.NotifyNever)
}

// TestPutPageFirst: whatever an extension put in front or around, go-app finds
// the page.
func TestPutPageFirst(t *testing.T) {
	global(t, "document", eval(t, `(() => {
		const node = id => ({id, children: [], parentElement: null,
			get firstElementChild() { return this.children[0] ?? null },
			put(child, first) {
				if (child.parentElement) child.parentElement.children = child.parentElement.children.filter(c => c !== child)
				child.parentElement = this
				first ? this.children.unshift(child) : this.children.push(child)
			},
			append(child) { this.put(child, false) },
			prepend(child) { this.put(child, true) },
		})
		const body = node("body"), page = node("overtime-page"), loader = node("loader"), box = node("box")
		body.append(page); body.append(loader)
		return {body, page, box, node, getElementById: id => id === page.id && page.parentElement ? page : null,
			get order() { return body.children.map(c => c.id).join() }}
	})()`))
	expect := func(what, want string) {
		t.Helper()
		PutPageFirst()
		if got := text(document().Get("order")); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	expect("nothing in front", "overtime-page,loader")
	body, page, box := document().Get("body"), document().Get("page"), document().Get("box")
	body.Call("prepend", box)
	body.Call("prepend", document().Call("node", "bar"))
	expect("two in front", "overtime-page,loader,bar,box")
	box.Call("append", page)
	expect("one around", "overtime-page,loader,bar,box")
	page.Set("parentElement", nil)
	expect("no page", "overtime-page,loader,bar,box")
}
