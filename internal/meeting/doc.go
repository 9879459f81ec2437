// Package meeting holds the rules of a timed meeting: when a session starts,
// when its extension windows open, who may extend it and by how much, and how
// it ends. Everything is a value: a transition takes the session and an
// instant and returns a new session. The package reads no clock, does no I/O
// and imports the standard library only.
//
// It is called by the room's actor (package rooms) and, for the types, by
// protocol, client and components. It must not know about people's
// connections, storage, media or wording.
package meeting
