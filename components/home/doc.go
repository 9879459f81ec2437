// Package home is the page at "/": a name, a length, and the two links of the
// meeting that was made.
//
// It is called by components. It must not know how a meeting is made: it is
// given a function for that.
package home
