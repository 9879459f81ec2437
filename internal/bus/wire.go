package bus

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"overtime/internal/protocol"
)

// pending is how many deliveries may wait for an edge connection. The edge
// moves them on at once to a bounded queue of its own, so this only smooths.
const pending = 1024

// asksPending and asksPendingBytes bound what waits for a room's actor. Beyond it
// asks are dropped, and their edges answer in the room's stead.
const (
	asksPending      = 4096
	asksPendingBytes = 16 << 20
)

// drainTimeout bounds the end of a line. Only a bus that is broken takes more
// than milliseconds.
const drainTimeout = 5 * time.Second

// Wire is an edge connection's end of the bus. Deliveries closes with Close.
// Its methods are to be called by one goroutine; Deliveries is read by another.
type Wire struct {
	bus  *Bus
	conn string
	subs []*nats.Subscription
	raw  chan *nats.Msg
}

// NewWire opens the end of a connection named conn, which must be a token of
// letters, digits, - and _.
func (b *Bus) NewWire(conn string) (*Wire, error) {
	w := &Wire{bus: b, conn: conn, raw: make(chan *nats.Msg, pending)}
	return w, w.subscribe("conn." + conn + ".>")
}

func (w *Wire) subscribe(subject string) error {
	sub, err := w.bus.conn.ChanSubscribe(subject, w.raw)
	if err != nil {
		return fmt.Errorf("bus: subscribing: %w", err)
	}
	w.subs = append(w.subs, sub)
	return nil
}

// Follow lets the room's events come in as well. It is done before the hello
// that asks for the snapshot, so that nothing falls between the two.
func (w *Wire) Follow(room string) error { return w.subscribe(eventSubject(room)) }

// Ask sends a to the room's actor. The answer comes as a delivery that names
// request, KindNobody if the room has no actor.
func (w *Wire) Ask(room, request string, a Ask) error {
	a.Conn = w.conn
	data, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("bus: encoding an ask: %w", err)
	}
	return w.bus.conn.PublishRequest(askSubject(room), answerSubject(w.conn, request), data)
}

// Next waits for the next delivery; ok is false after Close or when stop closes.
func (w *Wire) Next(stop <-chan struct{}) (d Delivery, ok bool) {
	for {
		select {
		case <-stop:
			return Delivery{}, false
		case m := <-w.raw:
			return w.delivery(m), true
		}
	}
}

func (w *Wire) delivery(m *nats.Msg) Delivery {
	d := Delivery{Kind: Kind(m.Header.Get(headerKind)), Frame: m.Data, Answers: m.Header.Get(headerAnswers)}
	d.Epoch, d.Seq = number(m.Header.Get(headerEpoch)), number(m.Header.Get(headerSeq))
	if code, err := strconv.Atoi(m.Header.Get(headerClose)); err == nil {
		d.Close = protocol.CloseCode(code)
	}
	// A NATS server answers a request that nobody listens to by an empty
	// message with the status 503.
	if d.Kind == "" && m.Header.Get("Status") == "503" {
		d.Kind = KindNobody
		d.Answers = strings.TrimPrefix(m.Subject, answerSubject(w.conn, ""))
	}
	return d
}

// number is a header's value, 0 if there is none.
func number(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Close ends the wire.
func (w *Wire) Close() {
	for _, sub := range w.subs {
		w.bus.check(sub.Unsubscribe())
	}
}

// Line is a room's end of the bus.
type Line struct {
	bus  *Bus
	room string
	sub  *nats.Subscription
}

// Asked is an ask with the way back to whoever asked.
type Asked struct {
	Ask
	reply   string
	request string
}

// NewLine listens to what is asked of a room. f is called from one goroutine,
// in order, and must not block.
func (b *Bus) NewLine(room string, f func(Asked)) (*Line, error) {
	sub, err := b.conn.Subscribe(askSubject(room), func(m *nats.Msg) {
		var a Ask
		if err := json.Unmarshal(m.Data, &a); err != nil {
			b.log.Error("bus: an ask that does not decode", "error", err)
			return
		}
		asked := Asked{Ask: a, reply: m.Reply}
		if a.Conn != "" {
			asked.request = strings.TrimPrefix(m.Reply, answerSubject(a.Conn, ""))
		}
		f(asked)
	})
	if err != nil {
		return nil, fmt.Errorf("bus: listening for a room: %w", err)
	}
	if err := sub.SetPendingLimits(asksPending, asksPendingBytes); err != nil {
		return nil, fmt.Errorf("bus: listening for a room: %w", err)
	}
	// The subscription must be known to the server before the node says that
	// the room is open.
	if err := b.conn.Flush(); err != nil {
		return nil, fmt.Errorf("bus: listening for a room: %w", err)
	}
	return &Line{bus: b, room: room, sub: sub}, nil
}

// Answer answers one ask.
func (l *Line) Answer(to Asked, d Delivery) {
	if to.reply == "" {
		return // the edge said something and wants no answer
	}
	d.Answers = to.request
	l.send(to.reply, d)
}

// Push sends to one connection.
func (l *Line) Push(conn string, d Delivery) { l.send(pushSubject(conn), d) }

// Publish sends to everyone who was welcomed.
func (l *Line) Publish(d Delivery) { l.send(eventSubject(l.room), d) }

func (l *Line) send(subject string, d Delivery) {
	m := nats.NewMsg(subject)
	m.Data = d.Frame
	m.Header.Set(headerKind, string(d.Kind))
	if d.Answers != "" {
		m.Header.Set(headerAnswers, d.Answers)
	}
	if d.Epoch != 0 {
		m.Header.Set(headerEpoch, strconv.FormatUint(d.Epoch, 10))
		m.Header.Set(headerSeq, strconv.FormatUint(d.Seq, 10))
	}
	if d.Close != 0 {
		m.Header.Set(headerClose, strconv.Itoa(int(d.Close)))
	}
	l.bus.check(l.bus.conn.PublishMsg(m))
}

// Close stops listening. It returns once f has been called with all that was
// asked before: an ask that reached this process is heard by somebody, here or
// where nobody is told to be.
func (l *Line) Close() {
	heard := make(chan struct{})
	l.sub.SetClosedHandler(func(string) { close(heard) })
	if err := l.sub.Drain(); err != nil {
		l.bus.check(err)
		return
	}
	late := time.NewTimer(drainTimeout)
	defer late.Stop()
	select {
	case <-heard:
	case <-late.C:
		l.bus.log.Warn("bus: a room's asks were not all heard", "room", l.room)
	}
}
