package edge

import (
	"log/slog"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/bus"
	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// conn is one browser's WebSocket. Three goroutines serve it: read takes what
// the browser sends, relay what the room sends, and the writer's is the only one
// that writes. They meet in the writer's queue and in the fields below mu.
type conn struct {
	edge  *Edge
	id    string
	from  throttle.Neighbour
	log   *slog.Logger
	stage stage // guarded by gate.mu

	ws    *websocket.Conn
	bus   *bus.EdgeConn
	out   *writer
	group sync.WaitGroup // everything but the reader

	reader

	mu       sync.Mutex // guards what follows
	welcomed bool
	pending  *pending
	asks     uint64
	epoch    uint64 // of the last frame the room sent, for frames of our own
	seq      uint64
	lobby    *time.Timer // closes who only asked, long ago; nil until then
}

func (e *Edge) newConn(id string, from throttle.Neighbour) *conn {
	return &conn{
		edge: e, id: id, from: from, log: e.cfg.Logger, pending: newPending(&e.unanswered),
		out: newWriter(e.cfg.Limits.Socket, &e.unwritten, e.cfg.Logger),
	}
}

func (c *conn) serve(ws *websocket.Conn) {
	c.ws = ws
	c.reader = newReader(c.edge.cfg.Limits.Socket)
	defer c.out.begin(ws)()
	var err error
	if c.bus, err = c.edge.cfg.Bus.NewEdgeConn(c.id); err != nil {
		c.log.Error("edge: no way to the bus", "error", err)
		_ = ws.Close(websocket.StatusTryAgainLater, "try again in a moment")
		return
	}
	c.begin(c.out.run)
	c.begin(c.relay)
	c.begin(c.out.ping)
	c.begin(c.out.shutter)
	c.guard(c.read)
	c.out.cancel()
	c.group.Wait()
	if c.joining {
		c.notifyGone() // after the last that was asked
	}
	c.mu.Lock()
	c.pending.clear()
	c.mu.Unlock()
	c.bus.Close()
	c.out.queue.release()
}

// begin runs f beside the others.
func (c *conn) begin(f func()) { c.group.Go(func() { c.guard(f) }) }

// guard runs f. A mistake of ours that one browser's input brings out ends that
// browser's connection and no other.
func (c *conn) guard(f func()) {
	defer func() {
		if v := recover(); v != nil {
			c.log.Error("edge: a connection failed", "error", v, "stack", string(debug.Stack()))
			c.out.cancel()
		}
	}()
	f()
}

// reply writes a message of the edge's own.
func (c *conn) reply(id string, m protocol.ServerMessage) {
	c.out.write(outgoing{frame: c.frame(id, m)})
}

// close answers a request with e, or says it if there is none, and closes with
// code.
func (c *conn) close(id string, e protocol.Error, code protocol.CloseCode) {
	c.out.write(outgoing{frame: c.frame(id, e), close: code})
}

func (c *conn) frame(id string, m protocol.ServerMessage) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return protocol.ServerFrame{ID: id, Epoch: c.epoch, Seq: c.seq, Message: m}.Encode()
}

func (c *conn) goAway(retry time.Duration) {
	c.out.write(outgoing{frame: c.frame("", protocol.GoingAway{RetryMS: retry.Milliseconds()}), close: protocol.CloseGoingAway})
}

// evict closes a connection whose place another needs, and says why; nil is
// nobody.
func (c *conn) evict(why protocol.Error) {
	if c != nil {
		c.close("", why, protocol.CloseTooMany)
	}
}

// ask relays one request to the room. It is called by the reader. The message is
// encoded anew, so that what goes over the bus is what was understood, and not
// what a stranger wrote: whoever reads it there need not look again.
func (c *conn) ask(f protocol.ClientFrame, e *bus.Entry) {
	a := bus.Ask{Frame: f.Encode(), Entry: e}
	if len(a.Frame) > protocol.MaxOffer { // escaped, a character may take six bytes
		c.strike(protocol.DecodeError{Code: protocol.CodeBadMessage, ID: f.ID, Message: "the message is too large"}, protocol.CloseBadMessage)
		return
	}
	_, hello := f.Message.(protocol.Hello)
	limits := c.edge.cfg.Limits.Socket
	c.mu.Lock()
	if c.pending.full(len(a.Frame), limits.AskedBytes) {
		c.mu.Unlock()
		c.reply(f.ID, errWaiting)
		return
	}
	c.asks++
	request := strconv.FormatUint(c.asks, 10)
	timer := time.AfterFunc(limits.Answer, func() { c.answerFor(request, errSlowRoom) })
	c.pending.add(request, &pendingRequest{id: f.ID, ask: a, hello: hello, timer: timer})
	c.mu.Unlock()
	c.send(request, a)
}

func (c *conn) send(request string, a bus.Ask) {
	if err := c.bus.Ask(c.room, request, a); err != nil {
		c.log.Error("edge: asking a room", "error", err)
		c.answerFor(request, errUnavailable)
	}
}

// answerFor answers a request in the room's stead.
func (c *conn) answerFor(request string, e protocol.Error) {
	c.mu.Lock()
	r := c.pending.take(request)
	c.mu.Unlock()
	if r != nil {
		c.reply(r.id, e)
	}
}
