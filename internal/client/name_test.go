package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

func TestNameRefused(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				hello, ok := f.Message.(protocol.Hello)
				return protocol.Error{Code: protocol.CodeBadRequest}, ok && hello.Name == ""
			}
		})
		w.session.Do(client.SetName{Name: " \t"})
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseLobby)
		w.trouble(protocol.CodeBadRequest)
		w.pass(10 * time.Second) // the lobby asks how things stand meanwhile
		w.trouble(protocol.CodeBadRequest)
		w.session.Do(client.SetName{Name: " Zoë "})
		w.settle()
		w.trouble("")
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseRoom)
		equal(t, "name", w.view().Me.Name, "Zoë")
		equal(t, "remembered", w.tab.local["overtime.name"], " Zoë ")
	})
}

func TestNameFixedByTheToken(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.given = "Dr. Who"
		w.open()
		w.session.Do(client.SetName{Name: "Somebody"})
		w.settle()
		v := w.view()
		equal(t, "name", v.Me.Name, "Dr. Who")
		equal(t, "fixed", v.Me.NameFixed, true)
		w.session.Do(client.Join{})
		w.settle()
		equal(t, "remembered", w.tab.local["overtime.name"], "")
	})
}
