package edge

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// writer is the half of a WebSocket that is written: what waits for it, how it is
// closed, and the pings. Its methods may be called by any goroutine, but for run,
// ping and shutter, each of which is one.
type writer struct {
	queue  *queue
	limits throttle.Socket
	log    *slog.Logger
	shuts  chan protocol.CloseCode // takes one

	// Set once there is a WebSocket. cancel ends all goroutines of the connection.
	ws     *websocket.Conn
	ctx    context.Context
	cancel context.CancelFunc
}

func newWriter(limits throttle.Socket, all *pool, log *slog.Logger) *writer {
	return &writer{queue: newQueue(limits.Queue, limits.QueueBytes, all), limits: limits, log: log, shuts: make(chan protocol.CloseCode, 1)}
}

// begin takes the WebSocket. end ends everything that serves it.
func (w *writer) begin(ws *websocket.Conn) (end func()) {
	w.ws = ws
	w.ctx, w.cancel = context.WithCancel(context.Background())
	return w.cancel
}

// write queues what is to be written; a browser that does not keep up is let go of.
func (w *writer) write(o outgoing) {
	if !w.queue.put(o) {
		w.shut(protocol.CloseSlow, "you do not read what you are sent")
	}
}

// shut closes the WebSocket now, whatever waits, and ends all goroutines. A
// browser that reads nothing at all does not get the code either: the frame
// that is being written cannot be cut short, and its timeout cuts the line.
func (w *writer) shut(code protocol.CloseCode, why string) {
	w.queue.end()
	select {
	case w.shuts <- code:
		w.log.Info("edge: closing a connection", "code", int(code), "why", why)
	default: // it is being shut
	}
}

// shutter closes beside the writer, whom a browser may keep waiting.
func (w *writer) shutter() {
	select {
	case <-w.ctx.Done():
	case code := <-w.shuts:
		_ = w.ws.Close(websocket.StatusCode(code), "")
		w.cancel()
	}
}

// run is the only goroutine that writes frames.
func (w *writer) run() {
	defer w.cancel()
	for {
		select {
		case <-w.ctx.Done():
			return
		case <-w.queue.ready:
		}
		for _, o := range w.queue.take() {
			if len(o.frame) > 0 && !w.writeFrame(o.frame) {
				return
			}
			w.queue.written(o.frame)
			if o.close != 0 {
				_ = w.ws.Close(websocket.StatusCode(o.close), "")
				return
			}
		}
	}
}

func (w *writer) writeFrame(frame []byte) bool {
	ctx, cancel := context.WithTimeout(w.ctx, w.limits.WriteTimeout)
	defer cancel()
	err := w.ws.Write(ctx, websocket.MessageText, frame)
	if errors.Is(err, context.DeadlineExceeded) { // which has cut the line
		w.log.Info("edge: a browser read nothing for too long")
	}
	return err == nil
}

// ping notices a browser that is gone without a word.
func (w *writer) ping() {
	ticks := time.NewTicker(w.limits.Ping)
	defer ticks.Stop()
	for {
		select {
		case <-w.ctx.Done():
			return
		case <-ticks.C:
		}
		ctx, cancel := context.WithTimeout(w.ctx, w.limits.PingTimeout)
		err := w.ws.Ping(ctx)
		cancel()
		if err != nil {
			w.cancel()
			_ = w.ws.CloseNow()
			return
		}
	}
}
