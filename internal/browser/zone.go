//go:build js && wasm

package browser

import (
	"syscall/js"
	"time"
)

// zone is the device's time zone. Go asks the browser for its offset from UTC
// once, when the program begins, and knows no other; the browser knows what
// holds at each instant, and notices when the device's zone is changed.
type zone struct{}

// Local implements client.Zone.
func (zone) Local(t time.Time) time.Time {
	date := js.Global().Get("Date").New(t.UnixMilli())
	west := date.Call("getTimezoneOffset") // in minutes
	if west.Type() != js.TypeNumber || west.IsNaN() {
		return t.Local()
	}
	return t.In(time.FixedZone("", -west.Int()*60))
}
