// Package edge is the server's side of one WebSocket: it checks who a browser
// is, decodes what it sends, relays that to the room's actor over the bus and
// writes what comes back. Any node's edge can serve any person.
//
// It is called by httpd, at /ws. It must not know the rules of a meeting nor
// keep any state of a room.
package edge
