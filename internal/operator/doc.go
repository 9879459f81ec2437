// Package operator does what the operator's commands say: it looks after rooms
// and links, backs everything up, checks the audit, replaces keys, and joins a meeting without a
// browser. A running server takes the commands on a socket in its data folder,
// as requests of the REST API: whoever may read the folder may operate the server.
//
// It is called by the server's main, on both ends of the socket. It must not know
// rooms or the store; what it needs of those comes in through Server and Store.
package operator
