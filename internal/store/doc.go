// Package store keeps rooms and their ledgers in JetStream. A room is one
// record, changed by compare-and-set only: a change is a function of the
// record, asked again whenever another write came first, so that the rules
// decide on what is really there.
//
// It is called by rooms and api. It must not know the rules, nor who asks.
package store
