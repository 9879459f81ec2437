//go:build js && wasm

package browser

import (
	"syscall/js"
	"testing"
	"time"
)

// TestZoneOfEachInstant: the clocks change within a meeting, and the device
// goes to another country.
func TestZoneOfEachInstant(t *testing.T) {
	env := js.Global().Get("process").Get("env")
	was := env.Get("TZ")
	t.Cleanup(func() {
		if was.IsUndefined() {
			js.Global().Get("Reflect").Call("deleteProperty", env, "TZ")
			return
		}
		env.Set("TZ", was)
	})
	change := time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC) // when summer time ends in Europe
	for _, c := range []struct {
		zone string
		at   time.Time
		want string
	}{
		{"Europe/Berlin", change.Add(-time.Minute), "02:59"},
		{"Europe/Berlin", change.Add(time.Minute), "02:01"},
		{"Asia/Kolkata", change.Add(time.Minute), "06:31"},
		{"America/St_Johns", change.Add(time.Minute), "22:31"},
		{"UTC", change.Add(time.Minute), "01:01"},
	} {
		env.Set("TZ", c.zone)
		if got := (zone{}).Local(c.at).Format("15:04"); got != c.want {
			t.Errorf("%s at %v: got %s, want %s", c.zone, c.at, got, c.want)
		}
	}
}
