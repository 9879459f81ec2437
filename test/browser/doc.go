// Package browser holds stories told by real browsers against the real server:
// the built binary, started as an operator would, and Debian's Chromium (and
// Firefox) with fake cameras. Every story is something a user meets; what can
// be held without a browser is held elsewhere.
//
// A story begins with sideBySide, and supposes nothing about how fast this machine
// is: others run beside it.
//
// It is run by `make test`. It must not import the product's packages: it sees
// the product from outside.
package browser
