package protocol

// ReachPath is where a page asks, by POST, why it cannot connect: a browser tells
// a page no reason. The answer is a Reach.
const ReachPath = "/reach"

// Reach is what the server knows about the way to it. The zero value is that
// nothing it can see keeps the page from connecting.
type Reach struct {
	Problem ReachProblem `json:"problem,omitempty"`
	// Open is the origin at which people reach the server (wrong_address).
	Open string `json:"open,omitempty"`
}

// ReachProblem is why a page cannot connect.
type ReachProblem string

const (
	// WrongAddress: the page is at another address than the one at which people
	// reach the server.
	WrongAddress ReachProblem = "wrong_address"
	// ProxyProblem: a proxy in front leaves out what the server needs of a request:
	// its Host, or that it asks for a WebSocket.
	ProxyProblem ReachProblem = "proxy"
	// UnknownName: the page is at a name that the server was not told of, and that
	// anybody may have led here.
	UnknownName ReachProblem = "unknown_name"
)
