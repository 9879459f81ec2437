package ui

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Untranslated marks what means the same in every language: figures, and names.
const Untranslated = "no"

// Figures is a text that changes by itself, such as the time left. It is written
// into its element again at each change, whatever the text in there has become.
// A translator, the browser's or an extension's, takes the text nodes that go-app
// keeps out of the page and puts elements of its own in their place; go-app would
// go on writing to what nobody sees.
type Figures struct {
	app.Compo

	Text  string
	Class string // besides its own

	drawn bool
	first string // what go-app drew; it never writes that text again
}

// OnMount writes the text that go-app did not draw: it is older by one frame.
func (f *Figures) OnMount(app.Context) { f.write() }

// OnUpdate writes the new text.
func (f *Figures) OnUpdate(app.Context) { f.write() }

func (f *Figures) write() {
	if app.IsServer {
		return
	}
	e := f.JSValue()
	inside := e.Get("childNodes")
	if inside.Get("length").Int() == 1 {
		// The one text node, still ours, costs less to write than a new one.
		if only := inside.Index(0); only.Get("nodeType").Int() == textNode {
			if only.Get("data").String() != f.Text {
				only.Set("data", f.Text)
			}
			return
		}
	}
	e.Set("textContent", f.Text)
}

// textNode is the DOM's number for a node that is a text.
const textNode = 3

// Render draws the text once in a browser. Elsewhere nobody translates, and the
// newest text is drawn.
func (f *Figures) Render() app.UI {
	if !f.drawn || app.IsServer {
		f.drawn, f.first = true, f.Text
	}
	return app.Span().Class(Classes("figures", f.Class)).Attr("translate", Untranslated).Text(f.first)
}
