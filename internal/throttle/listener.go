package throttle

import (
	"net"
	"sync"
	"time"
)

// Listener closes connections at once that are more than a neighbour, or all of
// them together, may have. It never waits for one to end: whoever holds many
// would keep everybody else waiting.
type Listener struct {
	net.Listener
	proxies Proxies
	limits  Connections
	young   time.Duration

	mu   sync.Mutex // guards what follows
	all  int
	each map[Neighbour]int
}

// Listen bounds the connections of l, to which no proxy comes. If young is not
// zero, a connection counts for that long only.
func Listen(l net.Listener, limits Connections, young time.Duration) *Listener {
	return &Listener{Listener: l, limits: limits, young: young, each: map[Neighbour]int{}}
}

// Listen bounds the connections of l. A proxy that is trusted may have all of
// them: it has limits of its own, and those behind it have theirs.
func (p Proxies) Listen(l net.Listener, limits Connections) *Listener {
	listener := Listen(l, limits, 0)
	listener.proxies = p
	return listener
}

// Accept gives the next connection that is within the limits.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if n := l.proxies.At(c.RemoteAddr()); l.enter(n) {
			return l.counted(c, n), nil
		}
		_ = c.Close() // nobody has spoken to it yet
	}
}

func (l *Listener) enter(n Neighbour) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	each := n.Share(l.limits.Each)
	if n.crowd && len(l.proxies.networks) > 0 {
		each = l.limits.All
	}
	if l.all >= l.limits.All || l.each[n] >= each {
		return false
	}
	l.all++
	l.each[n]++
	return true
}

func (l *Listener) leave(n Neighbour) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.each[n]--; l.each[n] == 0 {
		delete(l.each, n)
	}
}

func (l *Listener) counted(c net.Conn, n Neighbour) net.Conn {
	counted := &conn{Conn: c, leave: sync.OnceFunc(func() { l.leave(n) })}
	if l.young > 0 {
		counted.grown = time.AfterFunc(l.young, counted.leave)
	}
	return counted
}

// conn is one that counts until it is closed.
type conn struct {
	net.Conn
	leave func()
	grown *time.Timer // nil: it counts until its end
}

func (c *conn) Close() error {
	if c.grown != nil {
		c.grown.Stop()
	}
	c.leave()
	return c.Conn.Close()
}
