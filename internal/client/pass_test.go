package client_test

import (
	"fmt"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// passes has the server give passes that hold a quarter of an hour from when they
// were given, as the token does from the start.
func (w *world) passes() {
	given := map[string]time.Time{"token": time.Now()}
	fresh := func() string {
		pass := fmt.Sprint("pass ", len(given))
		given[pass] = time.Now()
		return pass
	}
	w.server.with(func() {
		w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			w.server.mu.Lock()
			defer w.server.mu.Unlock()
			shown := ""
			switch m := f.Message.(type) {
			case protocol.Peek:
				shown = m.Token
			case protocol.Hello:
				shown = m.Token
			default:
				return nil, false
			}
			if shown == "" {
				return nil, false // by a secret
			}
			if at, known := given[shown]; !known || time.Since(at) > 15*time.Minute {
				return protocol.Error{Code: protocol.CodeExpiredToken}, true
			}
			switch m := w.server.reply(c, f).(type) {
			case protocol.RoomState:
				m.Pass = fresh()
				return m, true
			case protocol.Waiting:
				m.Pass = fresh()
				return m, true
			default:
				return m, true
			}
		}
	})
}

// Whoever waits longer than their token lives loses nothing when the line is lost,
// the page is loaded again, or the server is away for a while.
func TestWaitingOutlivesTheToken(t *testing.T) {
	for where, enter := range map[client.Phase]func(w *world){
		client.PhaseLobby:   func(w *world) { w.open() },
		client.PhaseWaiting: (*world).wait,
	} {
		t.Run(string(where), func(t *testing.T) {
			bubble(t, func(w *world) {
				w.server.session.EndsAt = serverBorn.Add(2 * time.Hour)
				w.passes()
				enter(w)
				w.pass(40 * time.Minute)
				w.phase(where)
				w.server.with(func() { w.server.dead = true })
				w.server.last().end(1006)
				w.pass(10 * time.Minute)
				w.phase(where)
				w.server.with(func() { w.server.dead = false })
				w.pass(10 * time.Second)
				w.phase(where)
				equal(t, "link", w.view().Connection.Link, client.LinkGood)
				w.close()
				w.open()
				w.phase(client.PhaseLobby)
				w.server.with(func() { w.server.door = false })
				w.session.Do(client.Join{})
				w.settle()
				w.phase(client.PhaseRoom)
			})
		})
	}
}

// A pass that is no good any more leaves the link, which may be.
func TestPassIsGivenUp(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.session.EndsAt = serverBorn.Add(2 * time.Hour)
		w.tab.store["overtime.token.room"], w.tab.store["overtime.pass.room"] = "token", "an old one"
		w.passes()
		w.open()
		w.settle()
		w.phase(client.PhaseLobby)
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(20 * time.Minute)
		w.phase(client.PhaseLobby)
		w.server.with(func() { w.server.dead = false })
		w.pass(10 * time.Second)
		w.phase(client.PhaseClosed)
		w.trouble(protocol.CodeExpiredToken)
		equal(t, "kept", w.tab.stored("overtime.pass.room"), "")
		w.close()
		w.tab.store["overtime.pass.room"] = "another's"
		w.tab.fragment = "another"
		w.server.with(func() { w.server.script = nil })
		w.open()
		peeks := all[protocol.Peek](w.server)
		equal(t, "by another link", peeks[len(peeks)-1].Token, "another")
	})
}
