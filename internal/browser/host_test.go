//go:build js && wasm

package browser

import (
	"slices"
	"syscall/js"
	"testing"
)

// withHost makes a page around, as web/frame.js finds it, and gives its end of
// the port, which keeps what it is told.
func withHost(t *testing.T, origin string) js.Value {
	t.Helper()
	global(t, "location", map[string]any{"origin": "https://meet.example"})
	ends := eval(t, `(() => {
		const { port1, port2 } = new MessageChannel();
		port1.told = [];
		port1.onmessage = event => port1.told.push(event.data);
		return [port1, port2];
	})()`)
	global(t, hostName, map[string]any{"origin": origin, "port": ends.Index(1)})
	t.Cleanup(func() { ends.Index(0).Call("close") })
	return ends.Index(0)
}

// told waits until the page around was told n texts.
func told(port js.Value, n int) (texts []string) {
	for range 50 {
		if port.Get("told").Length() >= n {
			break
		}
		turn()
	}
	for i := range port.Get("told").Length() {
		texts = append(texts, port.Get("told").Index(i).String())
	}
	return texts
}

func TestHost(t *testing.T) {
	for name, origin := range map[string]string{"listed": "https://portal.example", "our own": "https://meet.example"} {
		t.Run(name, func(t *testing.T) {
			noLeaks(t)
			around := withHost(t, origin)
			h := NewHost([]string{"https://portal.example"})
			heard := make(chan string, 4)
			around.Call("postMessage", "before")
			stop := h.Listen(func(said string) { heard <- said })
			around.Call("postMessage", 7) // no text
			around.Call("postMessage", "after")
			if first, second := <-heard, <-heard; first != "before" || second != "after" {
				t.Errorf("heard %q, %q", first, second)
			}
			h.Post("late")
			if got := told(around, 1); !slices.Equal(got, []string{"late"}) {
				t.Errorf("told %q", got)
			}
			stop()
		})
	}
}

// TestStrangeHost: an origin that is not listed is neither heard nor told
// anything. (Browsers do not frame us there in the first place.)
func TestStrangeHost(t *testing.T) {
	for _, origin := range []string{"https://evil.example", "http://portal.example", "https://portal.example:444", "null", ""} {
		noLeaks(t)
		global(t, "console", map[string]any{"error": eval(t, `() => {}`)})
		around := withHost(t, origin)
		h := NewHost([]string{"https://portal.example"})
		stop := h.Listen(func(said string) { t.Errorf("%s is heard: %s", origin, said) })
		around.Call("postMessage", "let me in")
		h.Post("a secret")
		turn()
		if got := told(around, 0); len(got) != 0 {
			t.Errorf("%s is told %q", origin, got)
		}
		stop()
	}
}

// TestHostComesLater: the page around connects once it has seen the frame load.
func TestHostComesLater(t *testing.T) {
	noLeaks(t)
	global(t, hostName, js.Undefined())
	global(t, "location", map[string]any{"origin": "https://meet.example"})
	target := eval(t, `new EventTarget()`)
	for _, method := range []string{"addEventListener", "removeEventListener", "dispatchEvent"} {
		global(t, method, target.Get(method).Call("bind", target))
	}
	h := NewHost([]string{"https://portal.example"})
	heard := make(chan string, 1)
	stop := h.Listen(func(said string) { heard <- said })
	defer stop()
	around := withHost(t, "https://portal.example")
	fire(js.Global(), hostReady, nil)
	around.Call("postMessage", "hello")
	if said := <-heard; said != "hello" {
		t.Errorf("heard %q", said)
	}
}
