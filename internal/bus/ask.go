package bus

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"overtime/internal/protocol"
	"overtime/internal/room"
)

// Ask is what an edge relays to a room's actor for one of its connections.
type Ask struct {
	Conn string `json:"conn"`
	// Frame is the client's message, decoded and encoded again by the edge;
	// empty with Gone.
	Frame json.RawMessage `json:"frame,omitempty"`
	// Entry is who the connection's token or secret says it is: set with
	// hello and room.peek, and with nothing else. The actor remembers it.
	Entry *Entry `json:"entry,omitempty"`
	// Gone says that the connection has ended without a leave; Closed, that its
	// browser did that, because its page was closed, reloaded or left.
	Gone   bool `json:"gone,omitempty"`
	Closed bool `json:"closed,omitempty"`
	// Command is what a portal asks, in place of all the above; see Call.
	Command json.RawMessage `json:"command,omitempty"`
}

// Entry is a verified identity.
type Entry = room.Entry

// Kind says what an edge does with a delivery, apart from writing its frame.
type Kind string

const (
	KindAnswer  Kind = "answer"  // to one request
	KindWelcome Kind = "welcome" // an answer from which on events flow
	KindEvent   Kind = "event"   // to everyone who was welcomed
	KindPush    Kind = "push"    // to one connection
	// KindNobody answers an ask whose room has no actor anywhere, or one that
	// is stopping: it was not carried out and may be asked again.
	KindNobody Kind = "nobody"
)

// Delivery is what an edge connection receives from a room.
type Delivery struct {
	Kind  Kind
	Frame []byte // a protocol.ServerFrame, may be empty with Close
	// Answers is the id of the request, for KindAnswer, KindWelcome, KindNobody.
	Answers string
	// Epoch and Seq are the frame's, so that an edge need not read it; 0 and 0
	// without one.
	Epoch, Seq uint64
	// Close, if not zero, ends the WebSocket after the frame.
	Close protocol.CloseCode
}

const (
	headerKind    = "Overtime-Kind"
	headerAnswers = "Overtime-Answers"
	headerEpoch   = "Overtime-Epoch"
	headerSeq     = "Overtime-Seq"
	headerClose   = "Overtime-Close"
)

// ErrNobody is returned where no node answers.
var ErrNobody = errors.New("bus: nobody answers")

func askSubject(room string) string   { return "room." + room + ".ask" }
func eventSubject(room string) string { return "room." + room + ".event" }
func pushSubject(conn string) string  { return "conn." + conn + ".push" }
func answerSubject(conn, request string) string {
	return "conn." + conn + ".answer." + request
}

// openSubject is where nodes are asked to bring a room's actor to life.
const (
	openSubject = "node.open"
	openQueue   = "nodes"
	openTimeout = 5 * time.Second
)

// OpenRoom asks some node to run the room's actor and waits until it does.
// ErrNobody: no node is there; ErrNoRoom: there is no such room.
func (b *Bus) OpenRoom(room string) error {
	msg, err := b.conn.Request(openSubject, []byte(room), openTimeout)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return ErrNobody
	case err != nil:
		return fmt.Errorf("bus: opening a room: %w", err)
	}
	switch answer := string(msg.Data); answer {
	case "":
		return nil
	case ErrNoRoom.Error():
		return ErrNoRoom
	default:
		return errors.New(answer)
	}
}

// ErrNoRoom is returned for a room that was never made.
var ErrNoRoom = errors.New("bus: there is no such room")

// ServeOpen offers this node for rooms. open returns once the actor listens;
// it is called from a goroutine of its own.
func (b *Bus) ServeOpen(open func(room string) error) (stop func(), err error) {
	sub, err := b.conn.QueueSubscribe(openSubject, openQueue, func(m *nats.Msg) {
		go func() {
			answer := ""
			if err := open(string(m.Data)); err != nil {
				answer = err.Error()
			}
			b.check(m.Respond([]byte(answer)))
		}()
	})
	if err != nil {
		return nil, fmt.Errorf("bus: offering this node: %w", err)
	}
	return func() { b.check(sub.Unsubscribe()) }, nil
}

// check logs what can only fail when the bus itself is going away.
func (b *Bus) check(err error) {
	if err != nil {
		b.log.Warn("bus", "error", err)
	}
}
