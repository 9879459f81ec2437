package rooms_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
)

// fakeBus carries asks and deliveries in memory, and plays the edge for its
// tabs: events reach a tab from its welcome to its close.
type fakeBus struct {
	t *testing.T

	mu    sync.Mutex // guards what follows
	open  func(room string) error
	lines map[string]*fakeLine
	tabs  map[string]*tab // by connection
	// answers are those to commands.
	answers []bus.Delivery
	// closing, if set, runs while a line closes, still listening.
	closing func()
}

func newFakeBus(t *testing.T) *fakeBus {
	return &fakeBus{t: t, lines: map[string]*fakeLine{}, tabs: map[string]*tab{}}
}

func (b *fakeBus) ServeOpen(open func(room string) error) (stop func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open = open
	return func() {}, nil
}

func (b *fakeBus) Listen(room string, f func(bus.Asked)) (rooms.RoomConn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lines[room] != nil {
		b.t.Errorf("two actors listen for room %s", room)
	}
	l := &fakeLine{bus: b, room: room, heard: f}
	b.lines[room] = l
	return l, nil
}

func (b *fakeBus) line(room string) *fakeLine {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lines[room]
}

// fakeLine is one actor's end.
type fakeLine struct {
	bus   *fakeBus
	room  string
	heard func(bus.Asked)
}

func (l *fakeLine) Answer(to bus.Asked, d bus.Delivery) {
	switch {
	case to.Gone:
	case to.Command != nil:
		l.bus.mu.Lock()
		defer l.bus.mu.Unlock()
		l.bus.answers = append(l.bus.answers, d)
	default:
		l.deliver(to.Conn, d)
	}
}

func (l *fakeLine) Push(conn string, d bus.Delivery) { l.deliver(conn, d) }

func (l *fakeLine) Publish(d bus.Delivery) {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	for _, c := range l.bus.tabs {
		if c.room == l.room && c.welcomed {
			c.take(d)
		}
	}
}

func (l *fakeLine) Close() {
	l.bus.mu.Lock()
	closing := l.bus.closing
	l.bus.closing = nil
	l.bus.mu.Unlock()
	if closing != nil {
		closing()
	}
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	if l.bus.lines[l.room] == l {
		delete(l.bus.lines, l.room)
	}
}

func (l *fakeLine) deliver(conn string, d bus.Delivery) {
	l.bus.mu.Lock()
	defer l.bus.mu.Unlock()
	c := l.bus.tabs[conn]
	if c == nil {
		l.bus.t.Errorf("a delivery for %q, which is no connection", conn)
		return
	}
	c.take(d)
}

// got is a frame with the instant at which it came.
type got struct {
	protocol.ServerFrame
	at time.Time
}

// tab is one connection. Its fields are guarded by the bus's mu.
type tab struct {
	bus      *fakeBus
	conn     string
	room     string
	welcomed bool
	frames   []got
	closed   protocol.CloseCode
	nobody   int // asks that nobody took
}

// take is called with the bus locked.
func (c *tab) take(d bus.Delivery) {
	if c.closed != 0 {
		return
	}
	switch d.Kind {
	case bus.KindNobody:
		c.nobody++
		return
	case bus.KindWelcome:
		c.welcomed = true
	}
	if len(d.Frame) > 0 {
		f, err := protocol.DecodeServer(d.Frame)
		if err != nil {
			c.bus.t.Errorf("a frame that does not decode: %v", err)
		}
		c.frames = append(c.frames, got{f, time.Now()})
	}
	c.closed = d.Close
}

func (c *tab) close() protocol.CloseCode {
	c.bus.mu.Lock()
	defer c.bus.mu.Unlock()
	return c.closed
}

func (c *tab) unheard() int {
	c.bus.mu.Lock()
	defer c.bus.mu.Unlock()
	return c.nobody
}

func (c *tab) all() []got {
	c.bus.mu.Lock()
	defer c.bus.mu.Unlock()
	return slices.Clone(c.frames)
}

// answer is what answered the request id, nil if nothing has.
func (c *tab) answer(id string) protocol.ServerMessage {
	for _, f := range c.all() {
		if f.ID == id {
			return f.Message
		}
	}
	return nil
}

// events are the messages of type M that came without being asked for.
func events[M protocol.ServerMessage](c *tab) (out []M, at []time.Time) {
	for _, f := range c.all() {
		if m, is := f.Message.(M); is && f.ID == "" {
			out, at = append(out, m), append(at, f.at)
		}
	}
	return out, at
}
