package uitest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// mark is an attribute that no component gives its element: drawing the component
// anew takes it away.
const mark = "data-not-drawn-anew"

// Watch returns a func that tells which of the components that are mounted now
// were drawn anew since: their types' names, sorted, one for each component.
func (p *Page) Watch() (drawn func() []string) {
	watched := map[string][]reflect.Value{} // attributes of the elements, by component
	walk(p.root, func(c app.UI, element app.UI) {
		attributes := field(reflect.ValueOf(element).Elem(), "attributes")
		if attributes.IsNil() {
			attributes.Set(reflect.MakeMap(attributes.Type()))
		}
		attributes.SetMapIndex(reflect.ValueOf(mark), reflect.ValueOf("").Convert(attributes.Type().Elem()))
		name := strings.TrimPrefix(fmt.Sprintf("%T", c), "*")
		watched[name] = append(watched[name], attributes)
	})
	return func() []string {
		var out []string
		for name, all := range watched {
			for _, attributes := range all {
				if !attributes.MapIndex(reflect.ValueOf(mark)).IsValid() {
					out = append(out, name)
				}
			}
		}
		slices.Sort(out)
		return out
	}
}

// walk gives each component beneath a node, and the element that it draws, to f.
func walk(node app.UI, f func(component, element app.UI)) {
	switch node.Kind() {
	case app.Component:
		root, ok := field(reflect.ValueOf(node).Elem(), "root").Interface().(app.UI)
		if !ok {
			return
		}
		if root.Kind() == app.HTML {
			f(node, root)
		}
		walk(root, f)
	case app.HTML:
		children, _ := field(reflect.ValueOf(node).Elem(), "children").Interface().([]app.UI)
		for _, child := range children {
			walk(child, f)
		}
	}
}
