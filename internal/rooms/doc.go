// Package rooms runs one actor for each live room: the rules of package
// meeting, the store they are committed to, the people in the room and their
// media. An actor's state belongs to its goroutine; whatever is slow runs
// beside it and posts its outcome back.
//
// It is called by package node, which starts a Host for the node, and over the
// bus by every edge. It must not know WebSockets, HTTP or pages.
package rooms
