package edge

import (
	"errors"
	"time"

	"overtime/internal/bus"
	"overtime/internal/protocol"
)

// tries is how often a room without an actor is asked to be opened for one
// request. More than once, because an idle actor may stop in between.
const tries = 3

// relay passes on what the room sends.
func (c *conn) relay() {
	defer c.out.cancel()
	for {
		d, ok := c.bus.Next(c.out.ctx.Done())
		if !ok {
			return
		}
		if d.Kind == bus.KindNobody {
			c.open(d.Answers)
			continue
		}
		if c.accepts(d) {
			if d.Kind == bus.KindWelcome {
				c.edge.gate.welcome(c)
			}
			c.out.write(outgoing{frame: d.Frame, close: d.Close})
		}
	}
}

// accepts notes what a delivery means for this connection and reports whether
// the browser gets it. Events flow from the welcome on, which holds all that
// came before.
func (c *conn) accepts(d bus.Delivery) bool {
	c.mu.Lock() // once: a hello is on the list until it is welcomed
	defer c.mu.Unlock()
	switch d.Kind {
	case bus.KindAnswer, bus.KindWelcome:
		if c.pending.take(d.Answers) == nil {
			return false // the edge has answered in the meantime
		}
	}
	if d.Kind == bus.KindWelcome {
		c.welcomed = true
	}
	if d.Kind == bus.KindEvent && !c.welcomed {
		return false
	}
	c.noteEpoch(d)
	return true
}

// noteEpoch keeps a delivery's epoch and seq for frames of the edge's own.
func (c *conn) noteEpoch(d bus.Delivery) {
	if d.Epoch != 0 { // not only a close
		c.epoch, c.seq = d.Epoch, d.Seq
	}
}

// open has the room opened for a request that nobody took, and asks again. It
// runs beside the relay, which other answers wait for.
func (c *conn) open(request string) {
	c.mu.Lock()
	w := c.pending.requests[request]
	again := w != nil && w.tries < tries
	if again {
		w.tries++
	}
	c.mu.Unlock()
	if w == nil {
		return
	}
	if !again {
		c.answerFor(request, errUnavailable)
		return
	}
	if w.ask.Entry == nil {
		// Somebody who is in a room that has no actor any more: the room must
		// be entered anew.
		c.out.write(outgoing{close: protocol.CloseRestart})
		return
	}
	room := c.room
	c.begin(func() {
		switch err := c.edge.cfg.Bus.OpenRoom(room); {
		case err == nil:
			c.send(request, w.ask)
		case errors.Is(err, bus.ErrNoRoom):
			// Only whoever holds a token learns this, and only that it is no good.
			c.answerFor(request, errBadToken)
		default:
			c.log.Error("edge: opening a room", "error", err)
			c.answerFor(request, errUnavailable)
		}
	})
}

// goneNotices is how often a room is told that a connection has ended. It hears nothing
// new by that; but the bus loses some of what a flooded room is asked, and whoever is
// not known to be gone stays for as long as the session does.
const goneNotices = 3

// notifyGone tells the room that the connection has ended, now and later.
func (c *conn) notifyGone() {
	conn, room, gone := c.bus, c.room, bus.Ask{Gone: true, Closed: c.closed}
	if err := conn.Ask(room, "gone", gone); err != nil {
		c.log.Warn("edge: saying goodbye", "error", err)
		return
	}
	for n := range goneNotices - 1 {
		time.AfterFunc(time.Duration(n+1)*c.edge.cfg.Limits.Socket.Answer, func() {
			_ = conn.Ask(room, "gone", gone) // the server may have stopped, and nobody waits
		})
	}
}
