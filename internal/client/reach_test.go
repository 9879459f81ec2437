package client_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// asker is the server by HTTP, which the tab asks why it cannot connect.
type asker struct{ tab *tab }

func (a asker) Post(_ context.Context, path string, _ []byte) (status int, answer []byte, err error) {
	a.tab.mu.Lock()
	defer a.tab.mu.Unlock()
	a.tab.asked++
	switch {
	case path != protocol.ReachPath:
		return 404, nil, nil
	case a.tab.why == "":
		return 0, nil, errors.New("no answer")
	case a.tab.why == "old":
		return 405, []byte("only GET and HEAD here\n"), nil
	}
	return 200, []byte(a.tab.why), nil
}

// TestWrongAddress: a page at another address than the server's says so, and leads
// to the meeting there.
func TestWrongAddress(t *testing.T) {
	for why, want := range map[string]client.Trouble{
		`{"problem":"wrong_address","open":"https://meet.example"}`:  {Code: client.TroubleAddress, Open: "https://meet.example/r/room#token"},
		`{"problem":"wrong_address","open":"javascript:alert(1)//"}`: {Code: client.TroubleAddress},
		`{"problem":"proxy"}`:        {Code: client.TroubleProxy},
		`{"problem":"unknown_name"}`: {Code: protocol.CodeUnknownName, Open: "https://meet.example"},
	} {
		bubble(t, func(w *world) {
			w.server.dead, w.tab.why = true, why
			w.open()
			w.phase(client.PhaseClosed)
			equal(t, "trouble", w.view().Trouble, want)
			dials := len(w.server.dialed())
			w.pass(time.Minute)
			equal(t, "attempts afterwards", len(w.server.dialed()), dials)
			w.tab.with(func() { w.tab.why = "" })
			w.server.with(func() { w.server.dead = false })
			w.session.Do(client.Rejoin{}) // somebody has mended it
			w.settle()
			w.phase(client.PhaseLobby)
		})
	}
}

// TestBlockedSockets: pages get through and WebSockets do not; it is said, and
// tried again.
func TestBlockedSockets(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.dead, w.tab.why = true, `{}`
		w.open()
		equal(t, "after one attempt", w.view().Connection.Away.Code, protocol.Code(""))
		w.pass(20 * time.Second)
		w.phase(client.PhaseOpening)
		equal(t, "after some", w.view().Connection.Away.Code, client.TroubleBlocked)
		w.tab.with(func() { w.tab.why = "" }) // nor do pages any more
		w.pass(20 * time.Second)
		equal(t, "once nothing gets through", w.view().Connection.Away.Code, protocol.Code(""))
		w.server.with(func() { w.server.dead = false })
		w.pass(20 * time.Second)
		w.phase(client.PhaseLobby)
	})
}

// TestReachIsNotAsked of a server that was connected to, and a server that cannot
// say is one that cannot be reached.
func TestReachIsNotAsked(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(20 * time.Second)
		w.tab.with(func() { equal(t, "questions", w.tab.asked, 0) })
		w.phase(client.PhaseRoom)
	})
	for _, why := range []string{"old", `{"problem":"something new"}`} {
		bubble(t, func(w *world) {
			w.server.dead, w.tab.why = true, why
			w.open()
			w.pass(20 * time.Second)
			w.phase(client.PhaseOpening)
			equal(t, why, w.view().Connection.Away.Code, protocol.Code(""))
		})
	}
}
