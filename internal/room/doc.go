// Package room is a live room as a value: what is kept of it, and the rules by
// which that changes. It is pure: whoever calls it says what time it is, and what
// it gives back is a changed copy.
//
// It is used by rooms, which runs one room in one goroutine, and by store, which
// keeps the record. It must not know how either does that.
package room
