package ui

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Listen calls f with each event of a kind anywhere in the document, until
// stop. go-app's own listener on the window draws the whole page anew with each
// event; this one leaves it to f, which runs outside the UI goroutine and so
// dispatches what it changes.
func Listen(event string, f func(app.Value)) (stop func()) {
	document := app.Window().Get("document")
	heard := app.FuncOf(func(_ app.Value, args []app.Value) any {
		if len(args) > 0 {
			f(args[0])
		}
		return nil
	})
	document.Call("addEventListener", event, heard)
	return func() {
		document.Call("removeEventListener", event, heard)
		heard.Release()
	}
}

// OnSize calls f when an element gets another size, until stop.
func OnSize(element app.Value, f func()) (stop func()) {
	kind := app.Window().Get("ResizeObserver")
	if !kind.Truthy() {
		return func() {}
	}
	seen := app.FuncOf(func(app.Value, []app.Value) any { f(); return nil })
	observer := kind.New(seen)
	observer.Call("observe", element)
	return func() {
		observer.Call("disconnect")
		seen.Release()
	}
}

// OnEscape calls f when the person presses Escape, wherever the keyboard is,
// until stop. While a dialog of the browser's own is open, Escape is for that one.
func OnEscape(f func()) (stop func()) {
	return Listen("keydown", func(e app.Value) {
		if e.Get("key").String() == "Escape" && !e.Get("isComposing").Truthy() && !modal() {
			f()
		}
	})
}

// OnPressOutside calls f when the person presses outside of what the selector
// matches, until stop.
func OnPressOutside(selector string, f func()) (stop func()) {
	return Listen("pointerdown", func(e app.Value) {
		target := e.Get("target")
		if target.Get("closest").Truthy() && !target.Call("closest", selector).Truthy() {
			f()
		}
	})
}

// Modal is the data attribute of a dialog that is shown with showModal. The
// selector :modal would stop the program in a browser that does not know it.
const Modal = "modal"

// modal reports whether a dialog of the browser's own keeps all else away.
func modal() bool {
	return app.Window().Get("document").Call("querySelector", "dialog[open][data-"+Modal+"]").Truthy()
}
