package kill_test

import (
	"math/rand/v2"
	"sync"
	"time"

	"overtime/internal/bus"
	"overtime/internal/rooms"
)

const (
	// longestPeace is how long the two nodes leave each other alone, at most.
	longestPeace = 40 * time.Millisecond
	// distance is how much later a node hears whoever is nearer to the other:
	// two that hear the same in the same order would decide the same.
	distance = 5 * time.Millisecond
)

// quarrel has each node take the room over again as soon as it has noticed
// that it lost it. So there is nearly always one that believes it still has
// it, and writes by what it remembers.
func quarrel(room string, nodes []*node) {
	for i := 0; ; i++ {
		<-time.After(rand.N(longestPeace)) // any moment will do
		_ = nodes[i%len(nodes)].open(room) // one that fails tries again soon
	}
}

// node is the bus as one of the two nodes has it.
type node struct {
	rooms.Bus
	number int
	// open takes a room over; the bus has only one of the nodes do it.
	open func(room string) error
}

func (n *node) ServeOpen(open func(room string) error) (stop func(), err error) {
	n.open = open
	return n.Bus.ServeOpen(open)
}

// Listen hears whoever is nearer to the other node a little later.
func (n *node) Listen(room string, f func(bus.Asked)) (rooms.RoomConn, error) {
	l := &line{f: f, far: make(chan late, 1024), heard: make(chan struct{})}
	go l.hearFar()
	inner, err := n.Bus.Listen(room, func(q bus.Asked) {
		if n.near(q.Conn) {
			l.hear(q)
			return
		}
		l.far <- late{q, time.Now().Add(distance)}
	})
	if err != nil {
		close(l.far)
		return nil, err
	}
	l.RoomConn = inner
	return l, nil
}

// near gives each node one half of all connections.
func (n *node) near(conn string) bool { return int(conn[len(conn)-1])%2 == n.number }

// line is a room's end of the bus at one node.
type line struct {
	rooms.RoomConn
	far   chan late
	heard chan struct{} // closed when all that is far has been heard

	mu sync.Mutex // so that f is called by one at a time
	f  func(bus.Asked)
}

// late is an ask with the instant at which it arrives.
type late struct {
	bus.Asked
	at time.Time
}

func (l *line) hear(q bus.Asked) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.f(q)
}

func (l *line) hearFar() {
	defer close(l.heard)
	for q := range l.far {
		<-time.After(time.Until(q.at))
		l.hear(q.Asked)
	}
}

func (l *line) Close() {
	l.RoomConn.Close()
	close(l.far)
	<-l.heard
}
