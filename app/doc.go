// Command app is the browser program, compiled to WebAssembly (make wasm). It
// only wires packages together: the browser of internal/browser into the
// session of internal/client into the pages of components.
//
// A program of its own, apart from the server, keeps it small: one main for
// both is twice as large on its way to a person.
package main
