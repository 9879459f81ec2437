// Package rooms runs one actor for each live room: a mailbox around the state of
// package room, with the store that it is saved to, the people who are told and
// their media. An actor's parts belong to its goroutine; whatever is slow runs
// beside it and posts its outcome back. It decides nothing.
//
// It is called by package node, which starts a Host for the node, and over the
// bus by every edge. It must not know WebSockets, HTTP or pages.
package rooms
