//go:build !js || !wasm

package main

import (
	"fmt"
	"os"
)

// main is here so that go build ./... works; this program is for browsers.
func main() {
	fmt.Fprintln(os.Stderr, "This is the browser program: build it with make wasm, and start the server with make run.")
	os.Exit(1)
}
