//go:build js && wasm

package browser

import (
	"sync"
	"syscall/js"

	"overtime/internal/client"
)

// history is the tab's.
type history struct{}

// guardKey marks the entry of a guard, in its state.
const guardKey = "overtimeGuard"

// backGuard puts a second entry for the page into the history: the back button
// comes to the first one, which is the same page, and is noticed there.
type backGuard struct {
	onBack func()

	mu      sync.Mutex
	address string // of the page both entries are for; empty until there are two
	lifted  bool
	unhook  []func()
}

// Guard implements client.History. Browsers skip entries of a page that nobody
// has touched, so the entry is made when somebody does.
func (history) Guard(onBack func()) client.Guard {
	g := &backGuard{onBack: onBack}
	window := js.Global()
	if framed() {
		g.lifted = true
		return g
	}
	g.unhook = append(g.unhook, listen(window, "popstate", func(event js.Value) { g.moved(event.Get("state")) }))
	if activation := navigator("userActivation"); activation.Truthy() && !activation.Get("hasBeenActive").Truthy() {
		var once sync.Once
		for _, event := range []string{"pointerup", "keydown"} {
			g.unhook = append(g.unhook, listen(document(), event, func(js.Value) { once.Do(g.Renew) }))
		}
		return g
	}
	g.Renew()
	return g
}

// Renew implements client.Guard.
func (g *backGuard) Renew() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lifted {
		return
	}
	if g.address == "" {
		g.address = here()
	}
	if !marked(state()) { // by this page before a reload
		mark("pushState")
	}
}

// mark makes the history's entry, a new one or the present one, the guard's.
func mark(how string) {
	_, _ = call(js.Global().Get("history"), how, map[string]any{guardKey: true}, "", here())
}

// moved: the tab came to another entry of this document.
func (g *backGuard) moved(state js.Value) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.lifted || g.address == "" || marked(state):
	case here() != g.address:
		// Another link was opened in this tab. Its entry stands before ours.
		mark("replaceState")
	default:
		spawn(g.onBack)
	}
}

// Lift implements client.Guard.
func (g *backGuard) Lift() {
	if g.end() && marked(state()) {
		_, _ = call(js.Global().Get("history"), "back")
	}
}

// Forget implements client.Guard.
func (g *backGuard) Forget() { g.end() }

// end reports whether there was something to end.
func (g *backGuard) end() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lifted {
		return false
	}
	g.lifted = true
	for _, unhook := range g.unhook {
		unhook()
	}
	return true
}

// Load implements client.History. By a reload, because an address that differs
// in its fragment only would be another place in the same page.
func (history) Load(address string) {
	_, _ = call(js.Global().Get("history"), "replaceState", nil, "", address)
	_, _ = call(js.Global().Get("location"), "reload")
}

func here() string { return text(js.Global().Get("location").Get("href")) }

func state() js.Value { return js.Global().Get("history").Get("state") }

func marked(state js.Value) bool {
	return state.Type() == js.TypeObject && state.Get(guardKey).Truthy()
}
