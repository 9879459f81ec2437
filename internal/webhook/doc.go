// Package webhook tells portals what happens in rooms, by HTTP requests that are
// signed as Standard Webhooks: each event at least once to each endpoint, in the
// order of its room, over restarts of both sides.
//
// Rooms' actors call Queue.Enqueue; the server's main reads the endpoints, opens
// the queue and runs one Dispatcher. It must not know what is in an event's
// data.
//
// The words, one file each:
//
//	Endpoint   a portal's address with its secrets     endpoint.go
//	Queue      what waits for each endpoint            queue.go
//	Dispatcher what brings it there                    dispatcher.go
//	courier    finds the rooms that have something     courier.go
//	line       a room's events for one endpoint        line.go
//	post       one request                             post.go
//	guard      which addresses are connected to        guard.go
//
// Order: a line asks the stream for the first event of its room that it has not
// dealt with, and for the next one when the portal has that one. What waits stays
// in the stream, so that a room that fails costs the others nothing, and a start
// after a crash goes on with exactly what is left (docs/adr/0012).
package webhook
