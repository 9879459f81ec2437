// Package testkit is what tests of a whole server are made of: a Server, which
// is package node in a value, with a clock that moves only when it is told to,
// and a Person, who is a browser's WebSocket without a browser.
//
// It is called by tests alone. It must not know what any of them is about: what
// one test asserts stays there.
package testkit
