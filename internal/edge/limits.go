package edge

import "time"

// Limits bound what one browser, and all of them together, can cost.
type Limits struct {
	// Unknown is how many connections may be open that have not shown a valid
	// token or secret yet, and UnknownFor how long each may stay so.
	Unknown    int
	UnknownFor time.Duration
	// Rate and Burst of a connection's messages, per second.
	Rate  float64
	Burst int
	// Strikes is how many violations (no message, too many messages) a
	// connection may commit.
	Strikes int
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
	Unknown: 1000, UnknownFor: 5 * time.Second,
	Rate: 20, Burst: 60, Strikes: 3,
	Queue: 256, QueueBytes: 1 << 20, WriteTimeout: 5 * time.Second,
	Ping: 10 * time.Second, PingTimeout: 10 * time.Second,
	Answer: 20 * time.Second,
}
