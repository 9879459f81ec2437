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
		c := &conn{
			edge: &Edge{cfg: Config{Limits: throttle.Default}}, ctx: t.Context(), log: slog.New(slog.DiscardHandler),
			out: newQueue(8, 1<<10, &pool{}), asked: map[string]*asking{"1": {hello: true, timer: time.NewTimer(time.Hour)}},
		}
		c.linger()
		time.Sleep(limit + limit/2)
		if c.out.closing() {
			t.Error("closed while the hello waits")
		}
		c.answered("1") // and refused
		time.Sleep(limit)
		if items := c.out.take(); len(items) != 1 || items[0].close != protocol.CloseGoingAway {
			t.Errorf("after the refusal there is %+v to send", items)
		}
	})
}
