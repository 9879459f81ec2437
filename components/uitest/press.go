package uitest

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Control is an element of the page as a person finds it: by what it is and
// what it is called.
type Control struct {
	page *Page
	e    *element
}

// Role is the shown element with a role and an accessible name; nil if there is
// none. The name is what a screen reader says: of a button its label or else
// the words on it, of a field its label.
func (p *Page) Role(role, name string) *Control {
	p.t.Helper()
	root := p.tree()
	for _, e := range root.all() {
		if e.role() == role && e.accessibleName(root) == name {
			return &Control{p, e}
		}
	}
	return nil
}

// MustRole is Role of an element that has to be there.
func (p *Page) MustRole(role, name string) *Control {
	p.t.Helper()
	c := p.Role(role, name)
	if c == nil {
		root := p.tree()
		var there []string
		for _, e := range root.all() {
			if e.role() == role {
				there = append(there, e.accessibleName(root))
			}
		}
		p.t.Fatalf("no %s is called %q; there are %q", role, name, there)
	}
	return c
}

// Press clicks the shown element with a role and a name as a mouse would: what
// is disabled cannot be pressed, the click goes up to what is around it, and a
// submit button sends its form. Whatever comes of it has happened afterwards.
func (p *Page) Press(role, name string) {
	p.t.Helper()
	p.MustRole(role, name).Press()
}

// Press is Page.Press of this one.
func (c *Control) Press() {
	c.page.t.Helper()
	if c.Disabled() {
		c.page.t.Fatalf("%q is disabled: %s", c.e.attrs["aria-label"]+c.e.words(), c.Why())
	}
	c.page.fire(c.e, "click", nil)
	switch {
	case c.Busy(): // it refuses its press
	case c.e.tag == "button" && c.e.attrs["type"] == "submit":
		c.Submit()
	case c.e.role() == "radio":
		c.page.fire(c.e, "change", value{text: c.e.attrs["value"]})
	}
}

// Submit sends the form around the element, as Enter in one of its fields does.
// A form whose submit button is disabled or busy is not sent.
func (c *Control) Submit() {
	c.page.t.Helper()
	form := c.e
	for form != nil && form.tag != "form" {
		form = form.parent
	}
	if form == nil {
		c.page.t.Fatalf("there is no form around %q", c.e.words())
	}
	for _, e := range form.all() {
		if e.tag == "button" && e.attrs["type"] == "submit" {
			if submit := (&Control{c.page, e}); submit.Disabled() || submit.Busy() {
				return
			}
		}
	}
	c.page.fire(form, "submit", nil)
}

// Write puts text into a field, as if it had been typed.
func (c *Control) Write(text string) {
	c.page.t.Helper()
	if c.Disabled() || c.Attr("readonly") != "" {
		c.page.t.Fatalf("nothing can be written into %q", c.e.attrs["id"])
	}
	c.page.fire(c.e, "input", value{text: text})
}

// Key presses a key while the element has the keyboard. What it does by itself,
// as Enter in a form, is not done.
func (c *Control) Key(key string, with ...string) {
	c.page.t.Helper()
	c.page.handle(c.e, "keydown", nil, keystroke{value{}, key, with})
}

// Disabled reports whether the element cannot be used.
func (c *Control) Disabled() bool { return c.e.attrs["disabled"] == "true" }

// Busy reports whether the element waits for the answer to its last press.
func (c *Control) Busy() bool {
	return c.e.attrs["aria-disabled"] == "true" && c.e.attrs["aria-busy"] == "true"
}

// Why is the reason that a screen reader gives for a disabled element.
func (c *Control) Why() string {
	if c.e.attrs["aria-describedby"] != "" {
		return ""
	}
	return c.e.attrs["title"]
}

// Attr is an attribute, empty if it is not there.
func (c *Control) Attr(name string) string { return c.e.attrs[name] }

// Text is the words on the element.
func (c *Control) Text() string { return c.e.words() }

// Fail has the first shown element of a kind, such as img, not be loaded.
func (p *Page) Fail(tag string) {
	p.t.Helper()
	for _, e := range p.tree().all() {
		if e.tag == tag {
			p.fire(e, "error", nil)
			return
		}
	}
	p.t.Fatalf("there is no %s", tag)
}

// fire has an event handled by the element and all around it, then settles.
// typed is what the element's value is meanwhile; nil leaves it.
func (p *Page) fire(e *element, event string, typed app.Value) {
	p.t.Helper()
	p.handle(e, event, typed, Event().Value)
}

func (p *Page) handle(e *element, event string, typed, what app.Value) {
	p.t.Helper()
	for at := e; at != nil; at = at.parent {
		handler := at.handlers[event]
		if handler == nil {
			continue
		}
		source := at.ui
		p.d.Dispatch(app.Dispatch{Mode: app.Next, Source: source, Function: func(ctx app.Context) {
			if typed != nil {
				ctx = typing{ctx, typed}
			}
			p.d.Emit(source, func() { handler(ctx, app.Event{Value: what}) })
		}})
	}
	p.Settle()
}

// typing is a context whose element has a value.
type typing struct {
	app.Context
	value app.Value
}

// JSSrc is the element that the event is about.
func (t typing) JSSrc() app.Value { return t.value }

// value is a DOM element with a value, or that value itself.
type value struct {
	app.Value
	text string
}

// Get is the value, whatever is asked for.
func (v value) Get(string) app.Value { return v }

// String is the value in words.
func (v value) String() string { return v.text }

// Composing is a keystroke that an input method takes, as Safari tells of it.
const Composing = "keyCode"

// keystroke is a key that is pressed, with others held, such as shiftKey.
type keystroke struct {
	app.Value
	key  string
	with []string
}

// Get is the key, or whether another is held.
func (k keystroke) Get(property string) app.Value {
	if property == "key" {
		return value{text: k.key}
	}
	return held{down: contains(k.with, property)}
}

// Call does nothing: nothing happens by itself here.
func (k keystroke) Call(string, ...any) app.Value { return value{} }

// held is whether a key is held.
type held struct {
	app.Value
	down bool
}

// Truthy reports whether it is held.
func (h held) Truthy() bool { return h.down }

// Int is the keyCode: 229 is an input method's, 0 says nothing.
func (h held) Int() int {
	if h.down {
		return 229
	}
	return 0
}

// squeezed is text with single spaces, as a browser reads it out.
func squeezed(text string) string { return strings.Join(strings.Fields(text), " ") }
