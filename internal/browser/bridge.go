//go:build js && wasm

package browser

import (
	"errors"
	"fmt"
	"runtime/debug"
	"syscall/js"
)

// thrown is what JavaScript threw or rejected a promise with. The text is read
// at once, because js.Error panics when it is asked for the message of
// something that is not an object.
type thrown struct {
	name    string // of a DOMException or Error, such as "NotAllowedError"
	message string
}

func (t *thrown) Error() string { return t.name + ": " + t.message }

func newThrown(v js.Value) *thrown {
	if v.Type() != js.TypeObject {
		return &thrown{name: "Error", message: js.Global().Call("String", v).String()}
	}
	return &thrown{name: text(v.Get("name")), message: text(v.Get("message"))}
}

// thrownName is the name of what was thrown, empty if err did not come from
// JavaScript.
func thrownName(err error) string {
	var t *thrown
	if errors.As(err, &t) {
		return t.name
	}
	return ""
}

// text is v as a string, empty if it is not one. (js.Value.String writes
// "<undefined>" and the like.)
func text(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// call calls a method; exceptions and missing methods become errors.
func call(v js.Value, method string, args ...any) (js.Value, error) {
	return attempt(func() js.Value { return v.Call(method, args...) })
}

// navigator is one of the browser's abilities, undefined if it has not that one.
func navigator(ability string) js.Value {
	found, _ := get(js.Global().Get("navigator"), ability)
	return found
}

// get reads a property whose getter may throw. It goes through Reflect,
// because js.Value.Get does not catch: an exception there ends the program.
func get(v js.Value, name string) (js.Value, error) {
	return call(js.Global().Get("Reflect"), "get", v, name)
}

// items are those of an array.
func items(array js.Value) []js.Value {
	var out []js.Value
	for i := range array.Length() {
		out = append(out, array.Index(i))
	}
	return out
}

// set writes a property whose setter may throw, see get.
func set(v js.Value, name string, value any) error {
	_, err := call(js.Global().Get("Reflect"), "set", v, name, value)
	return err
}

// construct makes an object of a global class; a class that this browser does
// not have is an error.
func construct(class string, args ...any) (js.Value, error) {
	constructor := js.Global().Get(class)
	if constructor.Type() != js.TypeFunction {
		return js.Undefined(), &thrown{name: "ReferenceError", message: class + " is not there"}
	}
	return attempt(func() js.Value { return constructor.New(args...) })
}

// attempt turns what syscall/js panics with into an error. Other panics are
// mistakes of ours and go on.
func attempt(f func() js.Value) (v js.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case js.Error:
			err = newThrown(r.Value)
		case *js.ValueError: // a method or property of undefined or null
			err = &thrown{name: "TypeError", message: r.Error()}
		case string: // syscall/js: a method that is not there
			err = &thrown{name: "TypeError", message: r}
		default:
			panic(r)
		}
	}()
	return f(), nil
}

// guard is deferred in every callback and goroutine of this package: a mistake
// costs one event and a line in the console, never the meeting.
func guard() {
	if r := recover(); r != nil {
		complain(fmt.Sprintf("overtime: %v\n%s", r, debug.Stack()))
	}
}

// complain writes to the console.
func complain(line string) {
	_, _ = call(js.Global().Get("console"), "error", line)
}

// spawn runs f on a goroutine of its own, guarded.
func spawn(f func()) {
	go func() {
		defer guard()
		f()
	}()
}

// document is the page's document. It is undefined under Node.
func document() js.Value { return js.Global().Get("document") }

// element finds an element of the page, or reports that there is none.
func element(id string) (js.Value, bool) {
	node, err := call(document(), "getElementById", id)
	return node, err == nil && node.Truthy()
}
