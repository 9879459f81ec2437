package edge_test

import (
	"context"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// office has every connection come from one address, but for those that name
// another.
func office(r *http.Request) throttle.Neighbour {
	address := "203.0.113.7"
	if other := r.Header.Get("X-Test-Address"); other != "" {
		address = other
	}
	return throttle.Of(netip.MustParseAddr(address))
}

// dialFrom dials from another address than the office's.
func (w *world) dialFrom(t *testing.T, address string) *browser {
	t.Helper()
	return w.dialWith(t, &websocket.DialOptions{HTTPHeader: http.Header{"X-Test-Address": {address}}})
}

// TestBadNeighbour: somebody without a token opens all the connections there
// may be, and more; people next door come in, and come back.
func TestBadNeighbour(t *testing.T) {
	w := newWorld(t)
	w.from = office
	w.limits.Socket.UnknownFor = patience
	w.limits.Unknown = throttle.Connections{All: 30, Each: 20}
	w.start()
	w.mustRoom("aaa")
	_, welcome := w.enter(t, w.link("aaa", meeting.RoleModerator), "Ada")
	var bad []*browser
	for range 25 {
		bad = append(bad, w.dial(t))
	}
	for _, b := range bad[:5] { // had to make room
		if e := next[protocol.Error](b); e.Code != protocol.CodeTooMany {
			t.Errorf("told %+v", e)
		}
		b.mustClose(protocol.CloseTooMany)
	}
	again := w.dial(t)
	if back := ask[protocol.Welcome](again, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
	w.enter(t, w.link("aaa", meeting.RoleParticipant), "Bob")
	elsewhere := w.dialFrom(t, "198.51.100.1")
	ask[protocol.RoomState](elsewhere, protocol.Peek{Token: w.link("aaa", meeting.RoleParticipant)})
}

// TestKnownLimit: a valid token opens no endless number of connections.
func TestKnownLimit(t *testing.T) {
	w := newWorld(t)
	w.from = office
	w.limits.Known = 1
	w.start()
	w.mustRoom("aaa")
	token := w.link("aaa", meeting.RoleParticipant)
	first, second := w.dial(t), w.dial(t)
	ask[protocol.RoomState](first, protocol.Peek{Token: token})
	ask[protocol.RoomState](second, protocol.Peek{Token: token})
	first.mustClose(protocol.CloseTooMany)
	ask[protocol.Welcome](second, protocol.Hello{Token: token, Name: "Ada"})
	third := w.dial(t)
	if e := ask[protocol.Error](third, protocol.Peek{Token: token}); e.Code != protocol.CodeNetworkFull {
		t.Errorf("answered %+v", e)
	}
	third.mustClose(protocol.CloseTooMany)
	mustBeCalm(t, second)
}

// TestIdleLobby closes who asked once and then nothing more, and nobody who is
// in the room.
func TestIdleLobby(t *testing.T) {
	w := newWorld(t)
	w.limits.Socket.LobbyFor = time.Second // for a busy machine; nothing is asked in the meantime
	w.start()
	w.mustRoom("aaa")
	witness := w.witness(t)
	idle := w.dial(t)
	ask[protocol.RoomState](idle, protocol.Peek{Token: w.link("aaa", meeting.RoleParticipant)})
	idle.mustClose(protocol.CloseGoingAway)
	refused := w.dial(t)
	ask[protocol.Error](refused, protocol.Hello{Token: w.link("aaa", meeting.RoleParticipant)}) // without a name
	refused.mustClose(protocol.CloseGoingAway)
	mustBeCalm(t, witness)
}

// TestUnknownType: a newer tab is answered, however often it asks.
func TestUnknownType(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	b := w.witness(t)
	for range 2 * w.limits.Socket.Strikes {
		b.raw(websocket.MessageText, []byte(`{"type":"room.paint","id":"new"}`))
		f := b.until("an answer", func(f protocol.ServerFrame) bool { return f.ID == "new" })
		if e, is := f.Message.(protocol.Error); !is || e.Code != protocol.CodeUnknownType {
			t.Errorf("answered %+v", f)
		}
	}
	mustBeCalm(t, b)
}

// TestTooManyNamesTheRequest: a request that is refused for the rate is
// answered, so that nobody waits for it.
func TestTooManyNamesTheRequest(t *testing.T) {
	w := newWorld(t)
	w.limits.Socket.Messages = throttle.Rate{PerSecond: 1e-6, Burst: 1}
	w.limits.Socket.Strikes = 3
	w.start()
	w.mustRoom("aaa")
	b := w.witness(t)
	for range 3 {
		if e := ask[protocol.Error](b, protocol.AskClock{}); e.Code != protocol.CodeTooMany {
			t.Errorf("answered %+v", e)
		}
	}
	b.mustClose(protocol.CloseTooMany)
}

// TestStrikesAreForgiven after a time: a long meeting with a fault now and then
// goes on.
func TestStrikesAreForgiven(t *testing.T) {
	w := newWorld(t)
	w.limits.Socket.Forgive = time.Nanosecond
	w.limits.Socket.Messages.Burst = 1000
	w.start()
	w.mustRoom("aaa")
	b := w.witness(t)
	for range 10 * w.limits.Socket.Strikes {
		b.raw(websocket.MessageText, []byte("no message"))
		if e := next[protocol.Error](b); e.Code != protocol.CodeBadMessage {
			t.Errorf("told %+v", e)
		}
	}
	mustBeCalm(t, b)
}

// TestOwnBudgets: whoever asks for too many offers, extensions or other pictures is told,
// and may go on with everything else. What a tab says of itself has no such budget.
func TestOwnBudgets(t *testing.T) {
	for name, c := range map[string]struct {
		budget func(*throttle.Socket) *throttle.Rate
		ask    protocol.ClientMessage
	}{
		"Offers":  {func(s *throttle.Socket) *throttle.Rate { return &s.Offers }, protocol.Offer{SDP: "v=0"}},
		"Extends": {func(s *throttle.Socket) *throttle.Rate { return &s.Extends }, protocol.Extend{}},
		"Shows":   {func(s *throttle.Socket) *throttle.Rate { return &s.Shows }, protocol.Show{}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.limits.Socket.Messages = throttle.Rate{PerSecond: 1e-6, Burst: 60}
			*c.budget(&w.limits.Socket) = throttle.Rate{PerSecond: 1e-6, Burst: 2}
			w.start()
			w.mustRoom("aaa")
			b := w.witness(t)
			refused := func() bool {
				e, is := b.answer(b.send(c.ask)).Message.(protocol.Error)
				return is && e.Code == protocol.CodeTooMany
			}
			for i := range 2 * w.limits.Socket.Strikes {
				if got, want := refused(), i >= 2; got != want {
					t.Errorf("request %d: refused %v, want %v", i, got, want)
				}
			}
			for range 20 {
				ask[protocol.OK](b, protocol.Sending{})
				ask[protocol.OK](b, protocol.AskClock{})
			}
			mustBeCalm(t, b)
		})
	}
}

// TestDrainIsBounded: a browser that does not take its leave holds nobody up.
func TestDrainIsBounded(t *testing.T) {
	w := newWorld(t)
	w.network = tight
	w.start()
	w.dialTight(t) // and reads nothing, the close frame included
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if w.edge.Drain(ctx, time.Millisecond) {
		t.Error("all have left at once")
	}
	_, r, err := websocket.Dial(t.Context(), w.url(), nil)
	if err == nil || r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("let in while draining: %v, %v", r, err)
	}
}
