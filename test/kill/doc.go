// Package kill holds the test of one promise: an extension window is answered
// by one extension at most, and what somebody was told of it stays true, though
// the server is killed without a word while people race to extend and though
// two nodes take each other for dead.
//
// It is run by `make test`, and for longer by `make kill`. It starts the
// server's parts in a process of its own, to kill that, and sees it over
// WebSockets and, in the end, by what it left in the store.
package kill
