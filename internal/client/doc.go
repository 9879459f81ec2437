// Package client is the browser's side of a meeting: one Session owns the
// state in one goroutine, talks to the server, recovers what breaks, takes
// intents from the components and hands out immutable Views. It runs natively,
// so that tests drive it without a browser. What a Session does is in its parts,
// each of which is given what it needs of the others; session.go puts them
// together, and dispatch.go gives them what happens.
//
// It is called by components and by app, which gives it the browser through
// the small interfaces of ports.go (package browser implements them). It must
// not know the DOM, syscall/js or how anything is worded or drawn.
package client
