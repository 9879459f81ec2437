//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
)

// page is the tab. It holds nothing: the browser does.
type page struct{}

// Address implements client.Page.
func (page) Address() (path, fragment string) {
	location := js.Global().Get("location")
	return text(location.Get("pathname")), strings.TrimPrefix(text(location.Get("hash")), "#")
}

// Origin implements client.Page.
func (page) Origin() string { return text(js.Global().Get("location").Get("origin")) }

// Secure implements client.Page.
func (page) Secure() bool { return secure() }

// secure reports whether this page may use devices at all: by HTTPS or from
// localhost, in a browser that has them.
func secure() bool {
	return js.Global().Get("isSecureContext").Truthy() && mediaDevices().Truthy()
}

// HideFragment implements client.Page. The entry of the history is changed,
// not added to, and keeps its state: no event is raised, so the router sees no
// navigation.
func (page) HideFragment() {
	location, history := js.Global().Get("location"), js.Global().Get("history")
	bare := text(location.Get("pathname")) + text(location.Get("search"))
	_, _ = call(history, "replaceState", history.Get("state"), "", bare)
}

// SetTitle implements client.Page.
func (page) SetTitle(title string) { document().Set("title", title) }

// Dress implements client.Page. By the CSSOM, which the content policy allows
// where it would refuse an attribute or a style sheet.
func (page) Dress(properties map[string]string, theme string) {
	root := document().Get("documentElement")
	style := root.Get("style")
	for i := style.Get("length").Int() - 1; i >= 0; i-- { // from the end: the list shrinks
		name := text(style.Index(i))
		if _, stays := properties[name]; !stays && strings.HasPrefix(name, "--") {
			_, _ = call(style, "removeProperty", name)
		}
	}
	for name, value := range properties {
		_, _ = call(style, "setProperty", name, value)
	}
	if theme == "" {
		_, _ = call(root, "removeAttribute", "data-theme")
		return
	}
	_, _ = call(root, "setAttribute", "data-theme", theme)
}

// Hidden implements client.Page.
func (page) Hidden() bool { return document().Get("hidden").Truthy() }

// OnWake implements client.Page. f may be called twice for one waking.
func (page) OnWake(f func()) (stop func()) {
	window := js.Global()
	return all(
		listen(document(), "visibilitychange", func(js.Value) {
			if !document().Get("hidden").Truthy() {
				spawn(f)
			}
		}),
		listen(window, "pageshow", func(event js.Value) {
			if event.Get("persisted").Truthy() {
				spawn(f)
			}
		}),
		listen(document(), "resume", func(js.Value) { spawn(f) }), // was frozen
		listen(window, "online", func(js.Value) { spawn(f) }),
	)
}

var errNotCopied = errors.New("the browser does not let us write to the clipboard")

// Copy implements client.Page.
func (page) Copy(ctx context.Context, s string) error {
	clipboard := navigator("clipboard")
	if clipboard.Truthy() { // only where the page is secure
		if _, err := callAwait(ctx, clipboard, "writeText", s); err == nil {
			return nil
		}
	}
	return copyByCommand(s)
}

// copyByCommand is how pages copied before there was a clipboard API: select a
// text and run the command. The focus goes back to where it was.
func copyByCommand(s string) error {
	active := document().Get("activeElement")
	area, err := call(document(), "createElement", "textarea")
	if err != nil {
		return err
	}
	area.Set("value", s)
	area.Set("readOnly", true) // no keyboard slides in on a phone
	area.Get("style").Set("cssText", "position:fixed;top:0;opacity:0")
	if _, err := call(document().Get("body"), "appendChild", area); err != nil {
		return err
	}
	defer func() {
		_, _ = call(area, "remove")
		_, _ = call(active, "focus")
	}()
	_, _ = call(area, "select")
	done, err := call(document(), "execCommand", "copy")
	if err != nil || !done.Truthy() {
		return errNotCopied
	}
	return nil
}
