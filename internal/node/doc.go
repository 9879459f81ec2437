// Package node is a whole server in one value: the store, the bus, the meetings,
// the media, the pages, the API and the operator's socket of one process, opened
// in the order in which they need each other and taken down in the reverse one.
//
// It is called by the server's main with what the flags say; tests may open
// several. It only wires packages together: it must not decide anything about a
// meeting, a message or a page.
package node
