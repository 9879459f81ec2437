//go:build js && wasm

package browser

import (
	"slices"
	"sync"
	"syscall/js"
)

// hostReady is the event, and hostName the global, of web/frame.js.
const (
	hostReady = "overtime-host"
	hostName  = "overtimeHost"
)

// Host is the page that embeds this one. It implements embed.Host.
type Host struct {
	origins []string

	mu   sync.Mutex
	port js.Value // undefined until the page has connected
}

// NewHost is the page around, if its origin is ours or one of origins.
func NewHost(origins []string) *Host {
	return &Host{origins: append(slices.Clone(origins), page{}.Origin())}
}

// Listen implements embed.Host. f is called on the browser's own goroutine and
// must not wait.
func (h *Host) Listen(f func(text string)) (stop func()) {
	hangUp := func() {}
	connect := func() (connected bool) {
		host, err := get(js.Global(), hostName)
		if err != nil || !host.Truthy() {
			return false
		}
		port := host.Get("port")
		if origin := text(host.Get("origin")); !slices.Contains(h.origins, origin) {
			complain("overtime: " + origin + " is not among the origins that may embed this page")
			_, _ = call(port, "close")
			return true
		}
		hangUp = listen(port, "message", func(event js.Value) {
			if said := text(event.Get("data")); said != "" {
				f(said)
			}
		})
		_, _ = call(port, "start")
		h.mu.Lock()
		defer h.mu.Unlock()
		h.port = port
		return true
	}
	if connect() {
		return func() { hangUp() }
	}
	forget := listen(js.Global(), hostReady, func(js.Value) { connect() })
	return func() { forget(); hangUp() }
}

// Post implements embed.Host. Before the page has connected nobody hears it.
func (h *Host) Post(said string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.port.IsUndefined() {
		_, _ = call(h.port, "postMessage", said)
	}
}
