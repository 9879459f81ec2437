package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Early is what a person did to a prerendered page before the program came.
//
// go-app builds its tree beside the prerendered one and then replaces it, so
// while a component's OnInit runs the old elements are still in the page: the
// page itself is where early input is kept. Texts and choices are the inputs'
// own; presses are counted on the element by web/early.js. Outside a browser,
// and after a navigation inside the program, there is nothing to find.
type Early struct{}

// Value is what stands in the prerendered input with this DOM id.
func (Early) Value(id string) (value string, found bool) {
	e := prerendered(id)
	if e == nil {
		return "", false
	}
	return e.Get("value").String(), true
}

// Checked reports whether the prerendered radio button with this DOM id is on.
func (Early) Checked(id string) bool {
	e := prerendered(id)
	return e != nil && e.Get("checked").Truthy()
}

// Presses counts how often the element with this DOM id was pressed.
func (Early) Presses(id string) int {
	e := prerendered(id)
	if e == nil {
		return 0
	}
	n, err := strconv.Atoi(e.Call("getAttribute", "data-pressed").String())
	if err != nil {
		return 0
	}
	return n
}

// Focus is where a person was typing when the page was replaced.
type Focus struct {
	id         string
	start, end int
}

// Focus remembers where the person is typing.
func (Early) Focus() Focus {
	if app.IsServer {
		return Focus{}
	}
	at := app.Window().Get("document").Get("activeElement")
	if !at.Truthy() || !at.Get("id").Truthy() {
		return Focus{}
	}
	f := Focus{id: at.Get("id").String(), start: -1, end: -1}
	if at.Get("selectionStart").Truthy() || at.Get("selectionEnd").Truthy() {
		f.start, f.end = at.Get("selectionStart").Int(), at.Get("selectionEnd").Int()
	}
	return f
}

// Restore puts the caret back where it was, once the new page stands.
func (f Focus) Restore() {
	if f.id == "" {
		return
	}
	at := app.Window().GetElementByID(f.id)
	if !at.Truthy() {
		return
	}
	at.Call("focus")
	if f.start >= 0 {
		at.Call("setSelectionRange", f.start, f.end)
	}
}

// FocusOn moves the keyboard to the element with this DOM id.
func FocusOn(id string) {
	if at := app.Window().GetElementByID(id); at.Truthy() {
		at.Call("focus")
	}
}

// prerendered is the element with this DOM id if no program drew it.
func prerendered(id string) app.Value {
	if app.IsServer {
		return nil
	}
	e := app.Window().GetElementByID(id)
	if !e.Truthy() || !e.Call("hasAttribute", "data-early").Truthy() {
		return nil
	}
	return e
}
