//go:build js && wasm

package browser

import "syscall/js"

// badge is the mark on the installed app's icon. A page that is not installed
// has none, and its browser says so or not.
type badge struct{}

// Mark implements client.Badge.
func (badge) Mark(on bool) {
	method := "clearAppBadge"
	if on {
		method = "setAppBadge"
	}
	do(js.Global().Get("navigator"), method)
}
