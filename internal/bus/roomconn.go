package bus

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// asksPending and asksPendingBytes bound what waits for a room's actor. Beyond it
// asks are dropped, and their edges answer in the room's stead.
const (
	asksPending      = 4096
	asksPendingBytes = 16 << 20
)

// drainTimeout bounds the end of a RoomConn. Only a bus that is broken takes more
// than milliseconds.
const drainTimeout = 5 * time.Second

// RoomConn is a room's end of the bus.
type RoomConn struct {
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

// NewRoomConn listens to what is asked of a room. f is called from one goroutine,
// in order, and must not block.
func (b *Bus) NewRoomConn(room string, f func(Asked)) (*RoomConn, error) {
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
	return &RoomConn{bus: b, room: room, sub: sub}, nil
}

// Answer answers one ask.
func (c *RoomConn) Answer(to Asked, d Delivery) {
	if to.reply == "" {
		return // the edge said something and wants no answer
	}
	d.Answers = to.request
	c.send(to.reply, d)
}

// Push sends to one connection.
func (c *RoomConn) Push(conn string, d Delivery) { c.send(pushSubject(conn), d) }

// Publish sends to everyone who was welcomed.
func (c *RoomConn) Publish(d Delivery) { c.send(eventSubject(c.room), d) }

func (c *RoomConn) send(subject string, d Delivery) {
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
	c.bus.check(c.bus.conn.PublishMsg(m))
}

// Close stops listening. It returns once f has been called with all that was
// asked before: an ask that reached this process is heard by somebody, here or
// where nobody is told to be.
func (c *RoomConn) Close() {
	heard := make(chan struct{})
	c.sub.SetClosedHandler(func(string) { close(heard) })
	if err := c.sub.Drain(); err != nil {
		c.bus.check(err)
		return
	}
	late := time.NewTimer(drainTimeout)
	defer late.Stop()
	select {
	case <-heard:
	case <-late.C:
		c.bus.log.Warn("bus: a room's asks were not all heard", "room", c.room)
	}
}
