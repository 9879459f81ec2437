package edge

import (
	"time"

	"overtime/internal/throttle"
)

// Limits bound what one browser, and all of them together, can cost.
type Limits struct {
	// Unknown and Known are package throttle's; it says what they mean.
	Unknown throttle.Connections
	Known   int
	// UnknownFor is how long a connection may stay that has shown nothing,
	// LobbyFor one that has shown a token, is in no room and asks nothing.
	UnknownFor, LobbyFor time.Duration
	// Messages is the budget of a connection's messages, of every type; Offers
	// the one of media.offer beside it, because each costs some 10 ms of CPU.
	Messages, Offers throttle.Rate
	// Strikes is how many violations (no message, too many messages) close a
	// connection; one is forgiven after each Forgive.
	Strikes int
	Forgive time.Duration
	// Queue bounds what waits to be written to a browser, in frames and bytes.
	Queue      int
	QueueBytes int
	// WriteTimeout bounds one write to a browser.
	WriteTimeout time.Duration
	// Ping is how often a browser is pinged, PingTimeout how long it may take
	// to answer; browsers answer without JavaScript, so hidden tabs live.
	Ping, PingTimeout time.Duration
	// Answer is how long a room may take to answer.
	Answer time.Duration
}

// DefaultLimits are starting values for a server of one machine.
var DefaultLimits = Limits{
	Unknown: throttle.Default.Unknown, Known: throttle.Default.Known,
	UnknownFor: 5 * time.Second, LobbyFor: 2 * time.Minute,
	Messages: throttle.Rate{PerSecond: 20, Burst: 60},
	Offers:   throttle.Rate{PerSecond: 1, Burst: 5},
	Strikes:  3, Forgive: time.Minute,
	Queue: 256, QueueBytes: 1 << 20, WriteTimeout: 5 * time.Second,
	Ping: 10 * time.Second, PingTimeout: 10 * time.Second,
	Answer: 20 * time.Second,
}
