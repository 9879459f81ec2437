package edge

import (
	"context"
	"errors"
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
// the browser sends, relay what the room sends, write is the only one that
// writes. They meet in the queue and in the fields below mu.
type conn struct {
	edge  *Edge
	id    string
	from  throttle.Neighbour
	log   *slog.Logger
	stage stage // guarded by gate.mu

	ws     *websocket.Conn
	wire   *bus.EdgeConn
	out    *queue
	ctx    context.Context
	cancel context.CancelFunc
	group  sync.WaitGroup          // everything but the reader
	shuts  chan protocol.CloseCode // takes one

	reader

	mu       sync.Mutex // guards what follows
	welcomed bool
	asked    map[string]*asking // by the bus's request
	// askedBytes is how large the requests are that wait, together.
	askedBytes int
	asks       uint64
	epoch      uint64 // of the last frame the room sent, for frames of our own
	seq        uint64
	lobby      *time.Timer // closes who only asked, long ago; nil until then
}

// asking is a request that waits for the room.
type asking struct {
	id    string // the client's
	ask   bus.Ask
	hello bool
	tries int
	timer *time.Timer
}

func (c *conn) serve(ws *websocket.Conn) {
	c.ws = ws
	c.asked = map[string]*asking{}
	c.reader = newReader(c.edge.cfg.Limits.Socket)
	c.ctx, c.cancel = context.WithCancel(context.Background())
	defer c.cancel()
	wire, err := c.edge.cfg.Bus.NewEdgeConn(c.id)
	if err != nil {
		c.log.Error("edge: no wire", "error", err)
		_ = ws.Close(websocket.StatusTryAgainLater, "try again in a moment")
		return
	}
	c.wire = wire

	c.begin(c.write)
	c.begin(c.relay)
	c.begin(c.ping)
	c.begin(c.shutter)
	c.guard(c.read)
	c.cancel()
	c.group.Wait()
	if c.greeted {
		c.tellGone() // after the last that was asked
	}
	c.dropAsked()
	wire.Close()
	c.out.release()
}

// begin runs f beside the others.
func (c *conn) begin(f func()) { c.group.Go(func() { c.guard(f) }) }

// guard runs f. A mistake of ours that one browser's input brings out ends that
// browser's connection and no other.
func (c *conn) guard(f func()) {
	defer func() {
		if v := recover(); v != nil {
			c.log.Error("edge: a connection failed", "error", v, "stack", string(debug.Stack()))
			c.cancel()
		}
	}()
	f()
}

// say writes a message of the edge's own.
func (c *conn) say(id string, m protocol.ServerMessage) { c.put(outgoing{frame: c.frame(id, m)}) }

// close writes e, if it says anything, and closes with code.
func (c *conn) close(e protocol.Error, code protocol.CloseCode) { c.closeAnswering("", e, code) }

func (c *conn) closeAnswering(id string, e protocol.Error, code protocol.CloseCode) {
	c.put(outgoing{frame: c.frame(id, e), close: code})
}

func (c *conn) frame(id string, m protocol.ServerMessage) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return protocol.ServerFrame{ID: id, Epoch: c.epoch, Seq: c.seq, Message: m}.Encode()
}

// put queues for the writer; a browser that does not keep up is let go of.
func (c *conn) put(o outgoing) {
	if !c.out.put(o) {
		c.shut(protocol.CloseSlow, "you do not read what you are sent")
	}
}

// shut closes the WebSocket now, whatever waits, and ends all goroutines. A
// browser that reads nothing at all does not get the code either: the frame
// that is being written cannot be cut short, and its timeout cuts the line.
func (c *conn) shut(code protocol.CloseCode, why string) {
	c.out.end()
	select {
	case c.shuts <- code:
		c.log.Info("edge: closing a connection", "code", int(code), "why", why)
	default: // it is being shut
	}
}

// shutter closes beside the writer, whom a browser may keep waiting.
func (c *conn) shutter() {
	select {
	case <-c.ctx.Done():
	case code := <-c.shuts:
		_ = c.ws.Close(websocket.StatusCode(code), "")
		c.cancel()
	}
}

// write is the only goroutine that writes frames.
func (c *conn) write() {
	defer c.cancel()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-c.out.ready:
		}
		for _, o := range c.out.take() {
			if len(o.frame) > 0 && !c.writeFrame(o.frame) {
				return
			}
			c.out.written(o.frame)
			if o.close != 0 {
				_ = c.ws.Close(websocket.StatusCode(o.close), "")
				return
			}
		}
	}
}

func (c *conn) writeFrame(frame []byte) bool {
	ctx, cancel := context.WithTimeout(c.ctx, c.edge.cfg.Limits.Socket.WriteTimeout)
	defer cancel()
	err := c.ws.Write(ctx, websocket.MessageText, frame)
	if errors.Is(err, context.DeadlineExceeded) { // which has cut the line
		c.log.Info("edge: a browser read nothing for too long")
	}
	return err == nil
}

// ping notices a browser that is gone without a word.
func (c *conn) ping() {
	limits := c.edge.cfg.Limits.Socket
	ticks := time.NewTicker(limits.Ping)
	defer ticks.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-ticks.C:
		}
		ctx, cancel := context.WithTimeout(c.ctx, limits.PingTimeout)
		err := c.ws.Ping(ctx)
		cancel()
		if err != nil {
			c.cancel()
			_ = c.ws.CloseNow()
			return
		}
	}
}

func (c *conn) goAway(retry time.Duration) {
	c.put(outgoing{frame: c.frame("", protocol.GoingAway{RetryMS: retry.Milliseconds()}), close: protocol.CloseGoingAway})
}

// makeRoom closes a connection whose place another needs, and says why; nil is
// nobody.
func (c *conn) makeRoom(why protocol.Error) {
	if c != nil {
		c.close(why, protocol.CloseTooMany)
	}
}

// ask relays one request to the room. It is called by the reader.
func (c *conn) ask(f protocol.ClientFrame, e *bus.Entry) {
	a := bus.Ask{Frame: f.Encode(), Entry: e}
	if len(a.Frame) > protocol.MaxOffer { // escaped, a character may take six bytes
		c.strike(protocol.DecodeError{Code: protocol.CodeBadMessage, ID: f.ID, Message: "the message is too large"}, protocol.CloseBadMessage)
		return
	}
	_, hello := f.Message.(protocol.Hello)
	c.mu.Lock()
	if size := len(a.Frame); c.askedBytes+size > c.edge.cfg.Limits.Socket.AskedBytes || c.edge.unanswered.full(c.askedBytes, size) {
		c.mu.Unlock()
		c.say(f.ID, errWaiting)
		return
	}
	c.asks++
	c.holdAsked(len(a.Frame))
	request := strconv.FormatUint(c.asks, 10)
	w := &asking{id: f.ID, ask: a, hello: hello}
	w.timer = time.AfterFunc(c.edge.cfg.Limits.Socket.Answer, func() { c.unanswered(request, errSlowRoom) })
	c.asked[request] = w
	c.mu.Unlock()
	c.send(request, a)
}

func (c *conn) send(request string, a bus.Ask) {
	if err := c.wire.Ask(c.room, request, a); err != nil {
		c.log.Error("edge: asking a room", "error", err)
		c.unanswered(request, errUnavailable)
	}
}

var (
	errSlowRoom      = protocol.Error{Code: protocol.CodeUnknown, Message: "the meeting does not answer; see whether that was done, then try again"}
	errUnavailable   = protocol.Error{Code: protocol.CodeUnavailable, Message: "the server cannot do that just now; try again in a moment"}
	errTooMany       = protocol.Error{Code: protocol.CodeTooMany, Message: "there are too many connections from your network; try again in a moment"}
	errNetworkFull   = protocol.Error{Code: protocol.CodeNetworkFull, Message: "as many people of your network are here as this server takes from one; you can come in when one of them leaves, or whoever runs the server allows more (--people-per-address)"}
	errWaiting       = protocol.Error{Code: protocol.CodeTooMany, Message: "too much that you asked waits for an answer; wait for it, then ask again"}
	errCrowd         = protocol.Error{Code: protocol.CodeTooMany, Message: "many people are coming in from your network; you are let in in a moment"}
	errTooManyFrames = protocol.Error{Code: protocol.CodeTooMany, Message: "this browser sends more frames than any message needs; update it, or use another one"}
	errGuessing      = protocol.Error{Code: protocol.CodeTooMany, Message: "too many links that are not valid came from your network; try again in a minute"}
	errBadToken      = protocol.Error{Code: protocol.CodeBadToken, Message: "this link is not valid; ask whoever sent it for a new one"}
)

// unanswered answers a request in the room's stead.
func (c *conn) unanswered(request string, e protocol.Error) {
	if w := c.answered(request); w != nil {
		c.say(w.id, e)
	}
}

// answered takes a request off the list; nil if it was not there.
func (c *conn) answered(request string) *asking {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.takeOff(request)
}

// takeOff is answered, with the lock held.
func (c *conn) takeOff(request string) *asking {
	w := c.asked[request]
	if w != nil {
		w.timer.Stop()
		delete(c.asked, request)
		c.holdAsked(-len(w.ask.Frame))
	}
	return w
}

func (c *conn) dropAsked() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for request, w := range c.asked {
		w.timer.Stop()
		delete(c.asked, request)
	}
	c.holdAsked(-c.askedBytes)
}

// holdAsked counts bytes that wait for an answer. Called with the lock held.
func (c *conn) holdAsked(bytes int) {
	c.askedBytes += bytes
	c.edge.unanswered.bytes.Add(int64(bytes))
}
