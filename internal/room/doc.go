// Package room is a live room as a value: its state, the facts that change it, who
// is let in, and what people and portals may ask. It is pure: whoever calls it says
// what time it is, and what it gives back is a changed copy. A feature is a module
// in a file of its own; table.go says what a module says.
//
// It is used by rooms, which runs each room in one goroutine, by store, which keeps
// the record, and by edge, for the budgets of messages. It must not know how any of
// them does that.
package room
