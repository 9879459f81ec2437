package edge

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// TestLobbyWaitsForTheAnswer: nobody is closed while they wait to be let in,
// and whoever was refused so late has no endless lobby for it.
func TestLobbyWaitsForTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := throttle.Default.Socket.LobbyFor
		e := New(Config{Limits: throttle.Default, Logger: slog.New(slog.DiscardHandler)})
		c := e.newConn("c", throttle.Neighbour{})
		defer c.out.begin(nil)()
		c.pending.add("1", &pendingRequest{hello: true, timer: time.NewTimer(time.Hour)})
		c.startLobbyTimeout()
		time.Sleep(limit + limit/2)
		if c.out.queue.closing() {
			t.Error("closed while the hello waits")
		}
		c.mu.Lock()
		c.pending.take("1") // and refused
		c.mu.Unlock()
		time.Sleep(limit)
		if items := c.out.queue.take(); len(items) != 1 || items[0].close != protocol.CloseGoingAway {
			t.Errorf("after the refusal there is %+v to send", items)
		}
	})
}
