// Package disk holds the story of a server whose disk is full: the real bus,
// store, rooms, edge and API on a disk that is filled to the last byte, with a
// meeting going on. What can be held without a disk is held elsewhere.
//
// It is run by `make test`, and needs to be allowed to mount a disk in a
// namespace of its own. Nothing imports it.
package disk
