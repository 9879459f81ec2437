// Package api is the REST interface under /api/v1 by which portals make rooms,
// let people in and steer sessions: JSON in snake_case with units in the names,
// errors as problem JSON (RFC 9457) with stable codes, an OpenAPI description of
// itself at /api/v1/openapi.json and a page made of that at /api/v1/.
//
// It is called by httpd, and by the operator's socket (see Operator). It must not
// know WebSockets nor what people see, and decides nothing itself: what changes a
// room goes to its actor over the bus, what is only read comes from the store.
//
// The words, one file each:
//
//	callers       whose request it is, and keys            caller.go
//	rooms         rooms and their links                    room.go, create.go, change.go, list.go
//	tokens        what lets one person in                  token.go
//	sessions      what runs in a room                      session.go, extend.go
//	participants  who is there                             participants.go
//	chats         what was written                         chat.go
//	actors        having a room's actor do something       command.go
//	records       what is kept of rooms                    records.go
//	operations    every operation with its errors          operations.go
//	strict        requests that can be read in one way     strict.go, json.go
//	webhooks      what portals are told, described         webhooks.go
//	fault         every code that an error can have        faults.go
package api
