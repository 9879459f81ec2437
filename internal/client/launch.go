package client

import "overtime/internal/invitation"

// Launch is what becomes of a link that the system hands to a page which is open.
type Launch string

const (
	LaunchNothing Launch = ""     // it is no room's, or of the room that is open
	LaunchOpen    Launch = "open" // the page goes there
	LaunchLoad    Launch = "load" // the page goes there and begins anew
	LaunchAsk     Launch = "ask"  // the person says whether to leave for it
)

// LaunchOf decides about an address while the page of room is open, on the server
// with that origin and in that phase; without a room no meeting is open. A link
// never takes anybody out of a meeting, or of the line at its door, by itself.
func LaunchOf(address, origin, room string, phase Phase) (l Launch, to string) {
	a, server, ok := invitation.ParseURL(address)
	if !ok || a.Embedded() || server.Scheme+"://"+server.Host != origin {
		return LaunchNothing, ""
	}
	engaged := phase == PhaseRoom || phase == PhaseJoining || phase == PhaseWaiting
	switch {
	case a.Room == room && engaged:
		return LaunchNothing, ""
	case a.Room == room && phase.final():
		return LaunchLoad, a.String() // the address may be the very one that is open
	case room != "" && engaged:
		return LaunchAsk, a.String()
	}
	return LaunchOpen, a.String()
}
