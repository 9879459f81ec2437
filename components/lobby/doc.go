// Package lobby is the page before the meeting: what awaits, a name, a look at
// oneself, and Join.
//
// It is called by components. It must not know the room's page nor how one
// gets in: it shows a client.View and passes presses on as intents.
package lobby
