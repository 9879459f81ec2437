//go:build js && wasm

package browser

import (
	"strconv"

	"overtime/internal/layout"
)

// Place implements client.Stage. It sets properties one by one, which the page's
// policy allows, and not the attribute style, which it refuses.
func (st *stage) Place(id string, at layout.Rect) {
	node, ok := element(id)
	if !ok {
		return
	}
	style, err := get(node, "style")
	if err != nil {
		return
	}
	for property, pixels := range map[string]int{"left": at.X, "top": at.Y, "width": at.Width, "height": at.Height} {
		_, _ = call(style, "setProperty", property, strconv.Itoa(pixels)+"px")
	}
}
