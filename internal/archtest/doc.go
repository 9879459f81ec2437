// Package archtest holds the rules of the house as tests: who may import whom,
// who may read a clock, how long a file may be. A violation fails with the
// reason of the rule, so that nobody has to know them beforehand.
//
// Nothing imports it; make lint and go test run it. It must not know what any
// package does. A rule that is in the way is changed here, with its reason, in
// the same commit as what it was in the way of.
package archtest
