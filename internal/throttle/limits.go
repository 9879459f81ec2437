package throttle

import (
	"cmp"
	"fmt"
	"math"
	"syscall"
	"time"
)

// Rate is how often something may be done: PerSecond in the long run, and Burst
// times at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Connections is how many may be open at a time. The networks around an IPv6
// neighbour may have a few times as many as one (networks).
type Connections struct {
	All  int // on this node
	Each int // of one neighbour
}

// Allowing are c with as many connections in all as an operator asks for; 0 leaves
// that to c. A quarter of the files that this process may open (RLIMIT_NOFILE)
// is left for media, the store and everything else, and one neighbour gets at
// most half of what there is.
func (c Connections) Allowing(asked int) (Connections, error) {
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) != nil {
		files.Cur = math.MaxInt32 // nobody knows; the operator may
	}
	return c.allowing(asked, files.Cur)
}

func (c Connections) allowing(asked int, files uint64) (Connections, error) {
	most := max(1, int(min(files, math.MaxInt32)/4*3))
	if asked > most {
		return c, fmt.Errorf("--max-connections %d: this process may open %d files, and a quarter of them is for media and the store; "+
			"write %d or less, or let it open more (ulimit -n, or LimitNOFILE of its unit)", asked, files, most)
	}
	c.All = min(cmp.Or(asked, c.All), most)
	c.Each = max(1, min(c.Each, c.All/2))
	return c, nil
}

// Limits are what this node grants: to one neighbour, to all of them, and to one
// WebSocket. A neighbour is one IPv4 address or one IPv6 /64; one that may be a
// proxy's has Crowd times as much (see Neighbour).
//
// A number that somebody else has to know as well stands where it is at home:
//
//	meeting.MaxRoomName, MaxPersonName, MaxEndReason   how long names and texts may be
//	meeting.DefaultCapacity, MaxCapacity               how many people a room takes
//	protocol.MaxFrame, MaxOffer, MaxToken, MaxID       how large what a browser sends may be
//	protocol.PlaceHeld                                 how long a place waits
//	room, waiting.go                                   how many people wait to be let in
//	sfu, offer.go and inbox.go                         what an offer may hold, how many streams a browser may open
//	httpd, node                                        headers, bodies and times of HTTP requests
type Limits struct {
	// API is for everything below /api/, of each neighbour. Pages and files
	// have no such limit: a page load is some 25 of them at once.
	API Rate
	// Create is for making rooms, of each neighbour; CreateAll for all of them
	// together, because each room costs a synchronous write.
	Create, CreateAll Rate
	// HTTP bounds the connections to --addr, WebSockets among them. A
	// connection costs some 20 KiB and a file descriptor. An operator may ask
	// for another number of all (--max-connections).
	HTTP Connections
	// Media bounds the TCP connections to --rtc-port that are so young that they
	// may belong to nobody. Each browser opens one for each address of ours.
	Media Connections
	// Unknown bounds the WebSockets that have not shown a valid token or
	// secret yet. Beyond it the one that has had the longest time for it goes.
	Unknown Connections
	// Known is how many people of one neighbour there may be: WebSockets that
	// have shown a valid token. Resuming ones may be twice as many, because each
	// takes the place of one that may not have noticed yet that its line is dead.
	// An operator may ask for another number (--people-per-address).
	Known int
	// BadTokens are tokens, secrets and API keys that are no good, of each
	// neighbour; the API counts for itself.
	// Beyond it they are turned away as too many, and nothing else is: what is
	// good never counts here, so nobody keeps the people next door out.
	BadTokens Rate
	// Joins is for coming in with a token, of each neighbour: enough for an
	// office whose meetings begin. Coming back to a place does not count.
	Joins Rate
	// Returns is for showing a secret, of each neighbour. Beyond it those who
	// have a place still come back to it; a place that was given up is not made
	// anew, which costs what a join does. It is as much larger than Joins as an
	// office needs whose network was away for longer than places wait: all of
	// them come at once.
	Returns Rate
	// Unwritten is how many bytes may wait to be read by all browsers together, and as
	// many of what they asked for its answer. Beyond it those that hold more than a
	// snapshot go, or are refused; beyond twice as much those that hold anything.
	Unwritten int
	// Socket is for each WebSocket.
	Socket Socket
}

// Socket is what one WebSocket may cost, whoever it belongs to.
type Socket struct {
	// UnknownFor is how long it may stay open without showing anything,
	// LobbyFor how long once it has shown a token, is in no room and asks nothing.
	UnknownFor, LobbyFor time.Duration
	// Messages is the budget of its messages, of every type. Offers, Extends and
	// Shows are those of media.offer, which costs some 10 ms of CPU, of
	// session.extend, which may cost a synchronous write, and of media.show, for which
	// the room seats everybody anew; they count beside it.
	Messages, Offers, Extends, Shows Rate
	// Attributes is that of what people say of themselves, as raised hands, and Reactions
	// that of signs: the room tells everybody. The chat's are for writing, deleting and
	// reading back, which the disk does.
	Attributes, Reactions             Rate
	ChatSends, ChatDeletes, ChatPages Rate
	// Frames is the budget of its frames, of every kind: pings, and the pieces of
	// messages, which may be empty. Browsers send a frame for each message, a few for
	// a long one, and a pong for each of our pings. Beyond it the connection is closed.
	Frames Rate
	// Strikes is how many violations (no message, too many messages) close it;
	// one is forgiven after each Forgive.
	Strikes int
	Forgive time.Duration
	// Queue and QueueBytes bound what waits to be written to it, in frames and
	// in bytes.
	Queue, QueueBytes int
	// AskedBytes bounds the requests that wait for a room's answer, together.
	AskedBytes int
	// WriteTimeout bounds one write to it.
	WriteTimeout time.Duration
	// Ping is how often the browser is pinged, PingTimeout how long it may take
	// to answer; browsers answer without JavaScript, so hidden tabs live. A line
	// that is dead without a word is noticed within their sum.
	Ping, PingTimeout time.Duration
	// Answer is how long a room may take to answer a request.
	Answer time.Duration
}

// Default are starting values for a server of one machine.
var Default = Limits{
	API:       Rate{PerSecond: 10, Burst: 30},
	Create:    Rate{PerSecond: 1, Burst: 10},
	CreateAll: Rate{PerSecond: 20, Burst: 200},
	HTTP:      Connections{All: 20_000, Each: 500},
	Media:     Connections{All: 1000, Each: 64},
	Unknown:   Connections{All: 1000, Each: 100},
	Known:     500,
	BadTokens: Rate{PerSecond: 10.0 / 60, Burst: 10},
	Joins:     Rate{PerSecond: 5, Burst: 100},
	Returns:   Rate{PerSecond: 10, Burst: 500},
	Unwritten: 256 << 20,
	Socket: Socket{
		UnknownFor: 5 * time.Second, LobbyFor: 2 * time.Minute,
		Messages:    Rate{PerSecond: 20, Burst: 60},
		Shows:       Rate{PerSecond: 5, Burst: 20},
		Frames:      Rate{PerSecond: 50, Burst: 300},
		Offers:      Rate{PerSecond: 1, Burst: 5},
		Extends:     Rate{PerSecond: 1.0 / 5, Burst: 3},
		Attributes:  Rate{PerSecond: 1, Burst: 5},
		Reactions:   Rate{PerSecond: 2, Burst: 10},
		ChatSends:   Rate{PerSecond: 1, Burst: 5},
		ChatDeletes: Rate{PerSecond: 1, Burst: 5},
		ChatPages:   Rate{PerSecond: 2, Burst: 10},
		Strikes:     3, Forgive: time.Minute,
		Queue: 256, QueueBytes: 1 << 20, AskedBytes: 1 << 20, WriteTimeout: 5 * time.Second,
		Ping: 10 * time.Second, PingTimeout: 10 * time.Second,
		Answer: 20 * time.Second,
	},
}

// For are l with so many people of one neighbour, and what they need to come in:
// all of Default's in proportion, but for what one person needs anyway.
func (l Limits) For(people int) Limits {
	l.Known = people
	l.HTTP.Each = max(256, people)
	l.Unknown.Each = max(20, people/5)
	l.Unknown.All = max(l.Unknown.All, 2*l.Unknown.Each)
	l.Joins = Rate{PerSecond: max(1, float64(people)/100), Burst: max(20, people/5)}
	l.Returns = Rate{PerSecond: max(5, float64(people)/50), Burst: max(100, people)}
	return l
}

// Crowd is how many times as much a neighbour has that may be a proxy with many
// people behind it.
const Crowd = 10

// keys is how many neighbours are remembered, each in some 150 bytes. The one
// that asked for nothing the longest is forgotten, and its bucket is full again.
const keys = 50_000
