package throttle

import "syscall"

// Rate is how often something may be done: PerSecond in the long run, and Burst
// times at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Connections is how many may be open at a time.
type Connections struct {
	All  int // on this node
	Each int // of one neighbour
}

// WithinFiles leaves half of the files that this process may open (RLIMIT_NOFILE)
// for media, the store and everything else, and gives one neighbour at most half
// of the other half.
func (c Connections) WithinFiles() Connections {
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) != nil {
		return c
	}
	return c.within(files.Cur)
}

func (c Connections) within(files uint64) Connections {
	c.All = max(1, int(min(uint64(c.All), files/2)))
	c.Each = max(1, min(c.Each, c.All/2))
	return c
}

// Limits are what this node grants to one neighbour and to all of them. A
// neighbour is one IPv4 address or one IPv6 /64; one that may be a proxy's has
// Crowd times as much (see Neighbour).
type Limits struct {
	// API is for everything below /api/, of each neighbour. Pages and files
	// have no such limit: a page load is some 25 of them at once.
	API Rate
	// Create is for making rooms, of each neighbour; CreateAll for all of them
	// together, because each room costs a synchronous write.
	Create, CreateAll Rate
	// HTTP bounds the connections to --addr, WebSockets among them. A
	// connection costs some 20 KiB and a file descriptor.
	HTTP Connections
	// Media bounds the TCP connections to --rtc-port that are so young that they
	// may belong to nobody. Each browser opens one for each address of ours.
	Media Connections
	// Unknown bounds the WebSockets that have not shown a valid token or
	// secret yet. Beyond it the one that has had the longest time for it goes.
	Unknown Connections
	// Known is how many WebSockets of one neighbour may be open that have shown
	// a valid token. Resuming ones may be twice as many, because each takes the
	// place of one that may not have noticed yet that its line is dead.
	Known int
}

// Default are starting values for a server of one machine.
var Default = Limits{
	API:       Rate{PerSecond: 10, Burst: 30},
	Create:    Rate{PerSecond: 1, Burst: 10},
	CreateAll: Rate{PerSecond: 20, Burst: 200},
	HTTP:      Connections{All: 10_000, Each: 256},
	Media:     Connections{All: 1000, Each: 64},
	Unknown:   Connections{All: 1000, Each: 20},
	Known:     64,
}

// Crowd is how many times as much a neighbour has that may be a proxy with many
// people behind it.
const Crowd = 10

// keys is how many neighbours are remembered, each in some 150 bytes. The one
// that asked for nothing the longest is forgotten, and its bucket is full again.
const keys = 50_000
