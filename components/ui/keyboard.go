package ui

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Keeper keeps the keyboard's place. What has it may go away or be shut though
// the person pressed nothing, as when somebody else extends; the browser would
// then put it on the page as a whole, and whoever does not use a mouse would
// begin from the top. The zero value is ready.
type Keeper struct {
	// Places are where it goes, by where it was.
	Places []Place

	last   app.Value // what had it last
	within []string  // the ids that take it over from there, nearest first
}

// Place says which elements take the keyboard over from what is in another.
type Place struct {
	In string   // a selector; empty is anywhere
	To []string // DOM ids, the best first
}

// Watch notes where the keyboard is, until stop.
func (k *Keeper) Watch() (stop func()) {
	return Listen("focusin", func(e app.Value) {
		at := e.Get("target")
		if !at.Get("closest").Truthy() {
			return
		}
		k.last, k.within = at, nil
		for _, p := range k.Places {
			if p.In == "" || at.Call("closest", p.In).Truthy() {
				k.within = append(k.within, p.To...)
			}
		}
	})
}

// Keep gives the keyboard another place if what had it cannot have it any more.
// A person who put it nowhere, with a press on the ground, meant that. It is
// called once the page has been drawn.
func (k *Keeper) Keep() {
	if app.IsServer || k.last == nil || holds(k.last) {
		return
	}
	if !nowhere() {
		return
	}
	for _, id := range k.within {
		if to := app.Window().GetElementByID(id); to.Truthy() && holds(to) {
			to.Call("focus")
			return
		}
	}
}

// nowhere reports whether nothing has the keyboard that can.
func nowhere() bool {
	document := app.Window().Get("document")
	at := document.Get("activeElement")
	return !at.Truthy() || at.Equal(document.Get("body")) || !holds(at)
}

// FocusFirst moves the keyboard to the first of the elements that can have it.
func FocusFirst(ids ...string) {
	for _, id := range ids {
		if at := app.Window().GetElementByID(id); at.Truthy() && holds(at) {
			at.Call("focus")
			return
		}
	}
}

// holds reports whether an element can have the keyboard.
func holds(e app.Value) bool {
	if !e.Get("isConnected").Truthy() || e.Get("disabled").Truthy() {
		return false
	}
	return e.Get("getClientRects").Truthy() && e.Call("getClientRects").Get("length").Int() > 0
}

// reachable are the elements that Tab stops at.
const reachable = "button:not(:disabled), input:not(:disabled), select:not(:disabled), a[href]"

// RoundTab has Tab go round within the element that the selector matches while
// the keyboard is in it, until stop. Escape is the way out, and the mouse.
func RoundTab(selector string) (stop func()) {
	return Listen("keydown", func(e app.Value) {
		if e.Get("key").String() != "Tab" || e.Get("altKey").Truthy() || e.Get("ctrlKey").Truthy() || e.Get("metaKey").Truthy() {
			return
		}
		at := app.Window().Get("document").Get("activeElement")
		if !at.Truthy() {
			return
		}
		box := at.Call("closest", selector)
		if !box.Truthy() {
			return
		}
		all := box.Call("querySelectorAll", reachable)
		var stops []app.Value
		for i := range all.Get("length").Int() {
			if stop := all.Index(i); holds(stop) {
				stops = append(stops, stop)
			}
		}
		if next := nextStop(at, box, stops, e.Get("shiftKey").Truthy()); next != nil {
			e.Call("preventDefault")
			next.Call("focus")
		}
	})
}

// nextStop is where Tab goes if it would leave the box; nil if it stays inside
// by itself.
func nextStop(at, box app.Value, stops []app.Value, back bool) app.Value {
	if len(stops) == 0 {
		return box
	}
	first, last := stops[0], stops[len(stops)-1]
	switch {
	case back && (at.Equal(first) || at.Equal(box)):
		return last
	case !back && at.Equal(last):
		return first
	}
	return nil
}
