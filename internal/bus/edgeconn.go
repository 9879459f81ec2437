package bus

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"

	"overtime/internal/protocol"
)

// pending is how many deliveries may wait for an edge connection. The edge
// moves them on at once to a bounded queue of its own, so this only smooths.
const pending = 1024

// EdgeConn is an edge connection's end of the bus. Deliveries closes with Close.
// Its methods are to be called by one goroutine; Deliveries is read by another.
type EdgeConn struct {
	bus  *Bus
	conn string
	subs []*nats.Subscription
	raw  chan *nats.Msg
}

// NewEdgeConn opens the end of a connection named conn, which must be a token of
// letters, digits, - and _.
func (b *Bus) NewEdgeConn(conn string) (*EdgeConn, error) {
	c := &EdgeConn{bus: b, conn: conn, raw: make(chan *nats.Msg, pending)}
	return c, c.subscribe("conn." + conn + ".>")
}

func (c *EdgeConn) subscribe(subject string) error {
	sub, err := c.bus.conn.ChanSubscribe(subject, c.raw)
	if err != nil {
		return fmt.Errorf("bus: subscribing: %w", err)
	}
	c.subs = append(c.subs, sub)
	return nil
}

// Follow lets the room's events come in as well. It is done before the hello
// that asks for the snapshot, so that nothing falls between the two.
func (c *EdgeConn) Follow(room string) error { return c.subscribe(eventSubject(room)) }

// Ask sends a to the room's actor. The answer comes as a delivery that names
// request, KindNobody if the room has no actor.
func (c *EdgeConn) Ask(room, request string, a Ask) error {
	a.Conn = c.conn
	data, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("bus: encoding an ask: %w", err)
	}
	return c.bus.conn.PublishRequest(askSubject(room), answerSubject(c.conn, request), data)
}

// Next waits for the next delivery; ok is false after Close or when stop closes.
func (c *EdgeConn) Next(stop <-chan struct{}) (d Delivery, ok bool) {
	for {
		select {
		case <-stop:
			return Delivery{}, false
		case m := <-c.raw:
			return c.delivery(m), true
		}
	}
}

func (c *EdgeConn) delivery(m *nats.Msg) Delivery {
	d := Delivery{Kind: Kind(m.Header.Get(headerKind)), Frame: m.Data, Answers: m.Header.Get(headerAnswers)}
	d.Epoch, d.Seq = number(m.Header.Get(headerEpoch)), number(m.Header.Get(headerSeq))
	if code, err := strconv.Atoi(m.Header.Get(headerClose)); err == nil {
		d.Close = protocol.CloseCode(code)
	}
	// A NATS server answers a request that nobody listens to by an empty
	// message with the status 503.
	if d.Kind == "" && m.Header.Get("Status") == "503" {
		d.Kind = KindNobody
		d.Answers = strings.TrimPrefix(m.Subject, answerSubject(c.conn, ""))
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

// Close ends it.
func (c *EdgeConn) Close() {
	for _, sub := range c.subs {
		c.bus.check(sub.Unsubscribe())
	}
}
