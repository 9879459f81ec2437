package throttle

import (
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// refusals is how many connections may be told at a time that there is no
	// place for them; refusalTime how long one may take to hear it.
	refusals    = 64
	refusalTime = 3 * time.Second
	// reportEvery is how often the log says that there are no places.
	reportEvery = time.Minute
)

// Listener bounds connections: those of a neighbour, of the networks around it,
// and all together. It never waits for one to end: whoever holds many would keep
// everybody else waiting. Where there is no place the connection goes that nobody
// has used for longest, of whoever has most; and if there is none that may go,
// the one that comes is refused.
type Listener struct {
	net.Listener
	proxies Proxies
	limits  Connections
	young   time.Duration
	// tells is for a listener whose server says how its connections are used
	// (ConnState), and tells those that it refuses so (Refused).
	tells bool
	log   *slog.Logger
	now   func() time.Time

	mu       sync.Mutex // guards what follows, and every conn's position
	held     *connTable
	refused  int // of those that are being told
	trouble  trouble
	reported time.Time
}

// trouble is what happened for want of places since the log last said so.
type trouble struct{ refused, madeRoom int }

// Listen bounds the connections of l, to which no proxy comes. If young is not
// zero, a connection counts for that long only.
func Listen(l net.Listener, limits Connections, young time.Duration) *Listener {
	return &Listener{
		Listener: l, limits: limits, young: young, held: newConnTable(limits), log: slog.New(slog.DiscardHandler), now: time.Now,
	}
}

// Listen bounds the connections of l, which an HTTP server accepts. A proxy that
// is trusted may have all of them: it has limits of its own, and those behind it
// have theirs.
func (p Proxies) Listen(l net.Listener, limits Connections, log *slog.Logger) *Listener {
	listener := Listen(l, limits, 0)
	listener.proxies, listener.tells, listener.log = p, true, log
	return listener
}

// Accept gives the next connection that is within the limits, or is to be told
// that it is not.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		accepted, out := l.admit(c)
		if out != nil {
			_ = out.Close() // which says nothing to a browser: it had no request there
		}
		if accepted != nil {
			return accepted, nil
		}
		_ = c.Close() // nobody has spoken to it yet
	}
}

// admit counts a connection in. out has to make room for it. accepted is nil if
// it is to be closed.
func (l *Listener) admit(c net.Conn) (accepted net.Conn, out *conn) {
	n := l.proxies.At(c.RemoteAddr())
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.report()
	out, ok := l.held.makeRoom(n, l.isProxy(n), l.tells)
	if out != nil {
		l.held.remove(out)
		l.trouble.madeRoom++
	}
	if !ok {
		l.trouble.refused++
		return l.refuse(c), nil
	}
	counted := &conn{Conn: c, neighbour: n}
	counted.release = sync.OnceFunc(func() { l.release(counted) })
	l.held.add(counted)
	if l.young > 0 {
		counted.timer = time.AfterFunc(l.young, counted.release)
	}
	return counted, out
}

func (l *Listener) isProxy(n Neighbour) bool { return n.shared && len(l.proxies.networks) > 0 }

// refuse gives a connection a moment to be refused. Called with the lock held.
func (l *Listener) refuse(c net.Conn) net.Conn {
	if !l.tells || l.refused >= refusals {
		return nil
	}
	l.refused++
	refused := &conn{Conn: c, refused: true}
	refused.release = sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.refused--
	})
	refused.timer = time.AfterFunc(refusalTime, func() { refused.release(); _ = c.Close() })
	return refused
}

func (l *Listener) release(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held.remove(c)
}

// report logs what happened for want of places, once a minute at most. Called
// with the lock held.
func (l *Listener) report() {
	if l.trouble == (trouble{}) || l.now().Sub(l.reported) < reportEvery {
		return
	}
	most, has := l.held.most()
	l.log.Warn("connections: there are not enough places; see --max-connections, and whether somebody takes more than they should",
		"refused", l.trouble.refused, "closed_to_make_room", l.trouble.madeRoom, "open", l.held.all, "websockets", l.held.hijacked, "limit", l.limits.All,
		"most", most, "of_which", has)
	l.trouble, l.reported = trouble{}, l.now()
}

// ConnState is told by the server how a connection is used; it is its hook of that
// name.
func (l *Listener) ConnState(c net.Conn, s http.ConnState) {
	counted := within(c)
	if counted == nil || counted.refused {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch s {
	case http.StateActive:
		l.held.setState(counted, active)
	case http.StateIdle:
		l.held.setState(counted, idle)
	case http.StateHijacked: // a WebSocket; package edge bounds those
		l.held.setState(counted, hijacked)
	}
}

// Refused reports whether a connection is only to be told that there is no place
// for it.
func (l *Listener) Refused(c net.Conn) bool {
	counted := within(c)
	return counted != nil && counted.refused
}

// within is the connection of ours in one that a server has, perhaps with TLS.
func within(c net.Conn) *conn {
	for {
		switch outer := c.(type) {
		case *conn:
			return outer
		case interface{ NetConn() net.Conn }:
			c = outer.NetConn()
		default:
			return nil
		}
	}
}

// conn is one that counts until it is closed.
type conn struct {
	net.Conn
	neighbour Neighbour
	refused   bool // it does not count, and is closed soon
	release   func()
	timer     *time.Timer // nil: nothing happens by itself

	position // in the table, guarded by the listener's lock
}

func (c *conn) Close() error {
	if c.timer != nil {
		c.timer.Stop()
	}
	c.release()
	return c.Conn.Close()
}
