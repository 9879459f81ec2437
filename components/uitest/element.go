package uitest

import (
	"reflect"
	"strings"
	"unsafe"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// element is a node of what go-app has drawn. go-app shows its elements to
// nobody, so they are read as v9.8.0 has them; were they different, every test
// that presses something would say so at once.
type element struct {
	ui       app.UI
	parent   *element
	tag      string // empty: a text
	text     string
	attrs    map[string]string
	handlers map[string]app.EventHandler
	children []*element
}

// tree is the page as it is drawn now.
func (p *Page) tree() *element {
	root := read(p.root)
	if root == nil {
		p.t.Fatal("nothing is drawn")
	}
	return root
}

// read reads one element with all in it; nil for what holds no words, as icons.
func read(node app.UI) *element {
	switch node.Kind() {
	case app.Component:
		root, ok := field(reflect.ValueOf(node).Elem(), "root").Interface().(app.UI)
		if !ok {
			return nil
		}
		return read(root)
	case app.SimpleText:
		return &element{ui: node, text: field(reflect.ValueOf(node).Elem(), "value").String()}
	case app.HTML:
		return readHTML(node)
	}
	return nil
}

func readHTML(node app.UI) *element {
	v := reflect.ValueOf(node).Elem()
	e := &element{ui: node, tag: field(v, "tag").String(), attrs: map[string]string{}, handlers: map[string]app.EventHandler{}}
	for attrs := field(v, "attributes").MapRange(); attrs.Next(); {
		e.attrs[attrs.Key().String()] = attrs.Value().String()
	}
	for handlers := field(v, "eventHandlers").MapRange(); handlers.Next(); {
		h := reflect.New(handlers.Value().Type()).Elem()
		h.Set(handlers.Value())
		e.handlers[handlers.Key().String()], _ = field(h, "goHandler").Interface().(app.EventHandler)
	}
	children, _ := field(v, "children").Interface().([]app.UI)
	for _, child := range children {
		if c := read(child); c != nil {
			c.parent = e
			e.children = append(e.children, c)
		}
	}
	return e
}

// field is an unexported field that can be read.
func field(v reflect.Value, name string) reflect.Value {
	f := v.FieldByName(name)
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

// hidden reports whether the element is not shown at all.
func (e *element) hidden() bool { return contains(strings.Fields(e.attrs["class"]), "absent") }

// all are the shown elements of this one, itself first.
func (e *element) all() []*element {
	if e.tag == "" || e.hidden() {
		return nil
	}
	out := []*element{e}
	for _, c := range e.children {
		out = append(out, c.all()...)
	}
	return out
}

// words are the text in the element that is read out.
func (e *element) words() string {
	if e.hidden() || e.attrs["aria-hidden"] == "true" {
		return ""
	}
	text := e.text
	for _, c := range e.children {
		text += c.words()
	}
	return text
}

// role is the ARIA role, as far as our pages need it.
func (e *element) role() string {
	if role := e.attrs["role"]; role != "" {
		return role
	}
	switch e.tag {
	case "a":
		return "link"
	case "button", "dialog", "main":
		return e.tag
	case "select":
		return "combobox"
	case "textarea":
		return "textbox"
	case "h1", "h2", "h3":
		return "heading"
	case "input":
		if e.attrs["type"] == "radio" {
			return "radio"
		}
		return "textbox"
	}
	return ""
}

// accessibleName is what the element is called, in the order of the browser's:
// the elements that label it, its label, its words, its title.
func (e *element) accessibleName(root *element) string {
	if ids := e.attrs["aria-labelledby"]; ids != "" {
		var names []string
		for _, id := range strings.Fields(ids) {
			for _, other := range root.all() {
				if other.attrs["id"] == id {
					names = append(names, other.words())
				}
			}
		}
		return squeezed(strings.Join(names, " "))
	}
	if label := e.attrs["aria-label"]; label != "" {
		return squeezed(label)
	}
	switch e.role() {
	case "textbox", "combobox", "radio":
		for _, label := range root.all() {
			if label.tag == "label" && (label.attrs["for"] != "" && label.attrs["for"] == e.attrs["id"] || label == e.parent) {
				return squeezed(label.words())
			}
		}
	case "dialog", "alertdialog", "alert", "status", "timer", "list":
		return ""
	default:
		if words := squeezed(e.words()); words != "" {
			return words
		}
	}
	return squeezed(e.attrs["title"])
}
