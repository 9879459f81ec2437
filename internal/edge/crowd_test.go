package edge_test

import (
	"cmp"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/edge"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
	"overtime/internal/throttle"
)

// office has every connection come from one address, but for those that name
// another.
func office(r *http.Request) string { return cmp.Or(r.Header.Get("X-Test-Address"), "203.0.113.7") }

// dialFrom dials from another address than the office's.
func (w *world) dialFrom(t *testing.T, address string) *testkit.Person {
	t.Helper()
	return w.Dial(t, &websocket.DialOptions{HTTPHeader: http.Header{"X-Test-Address": {address}}})
}

// TestBadNeighbour: somebody without a token opens all the connections there
// may be, and more; people next door come in, and come back.
func TestBadNeighbour(t *testing.T) {
	w := newWorld(t)
	w.From = office
	w.Config.Limits.Socket.UnknownFor = patience
	w.Config.Limits.Unknown = throttle.Connections{All: 30, Each: 20}
	w.Start()
	w.Room("aaa")
	_, welcome := w.Enter(t, w.Link("aaa", meeting.RoleModerator), "Ada")
	var bad []*testkit.Person
	for range 25 {
		bad = append(bad, w.Dial(t, nil))
	}
	for _, b := range bad[:5] { // had to make room
		if e := testkit.Next[protocol.Error](b); e.Code != protocol.CodeTooMany {
			t.Errorf("told %+v", e)
		}
		b.MustClose(protocol.CloseTooMany)
	}
	again := w.Dial(t, nil)
	if back := testkit.Ask[protocol.Welcome](again, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
	w.Enter(t, w.Link("aaa", meeting.RoleParticipant), "Bob")
	elsewhere := w.dialFrom(t, "198.51.100.1")
	testkit.Ask[protocol.RoomState](elsewhere, protocol.Peek{Token: w.Link("aaa", meeting.RoleParticipant)})
}

// TestKnownLimit: a valid token opens no endless number of connections.
func TestKnownLimit(t *testing.T) {
	w := newWorld(t)
	w.From = office
	w.Config.Limits.Known = 1
	w.Start()
	w.Room("aaa")
	token := w.Link("aaa", meeting.RoleParticipant)
	first, second := w.Dial(t, nil), w.Dial(t, nil)
	testkit.Ask[protocol.RoomState](first, protocol.Peek{Token: token})
	testkit.Ask[protocol.RoomState](second, protocol.Peek{Token: token})
	first.MustClose(protocol.CloseTooMany)
	testkit.Ask[protocol.Welcome](second, protocol.Hello{Token: token, Name: "Ada"})
	third := w.Dial(t, nil)
	if e := testkit.Ask[protocol.Error](third, protocol.Peek{Token: token}); e.Code != protocol.CodeNetworkFull {
		t.Errorf("answered %+v", e)
	}
	third.MustClose(protocol.CloseTooMany)
	mustBeCalm(t, second)
}

// TestIdleLobby closes who asked once and then nothing more, and nobody who is
// in the room.
func TestIdleLobby(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.LobbyFor = time.Second // for a busy machine; nothing is asked in the meantime
	w.Start()
	w.Room("aaa")
	witness := w.witness(t)
	idle := w.Dial(t, nil)
	testkit.Ask[protocol.RoomState](idle, protocol.Peek{Token: w.Link("aaa", meeting.RoleParticipant)})
	idle.MustClose(protocol.CloseGoingAway)
	refused := w.Dial(t, nil)
	testkit.Ask[protocol.Error](refused, protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant)}) // without a name
	refused.MustClose(protocol.CloseGoingAway)
	mustBeCalm(t, witness)
}

// TestUnknownType: a newer tab is answered, however often it asks.
func TestUnknownType(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	b := w.witness(t)
	for range 2 * w.Config.Limits.Socket.Strikes {
		b.Raw(websocket.MessageText, []byte(`{"type":"room.paint","id":"new"}`))
		f := b.Until("an answer", func(f protocol.ServerFrame) bool { return f.ID == "new" })
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
	w.Config.Limits.Socket.Messages = throttle.Rate{PerSecond: 1e-6, Burst: 1}
	w.Config.Limits.Socket.Strikes = 3
	w.Start()
	w.Room("aaa")
	b := w.witness(t)
	for range 3 {
		if e := testkit.Ask[protocol.Error](b, protocol.AskClock{}); e.Code != protocol.CodeTooMany {
			t.Errorf("answered %+v", e)
		}
	}
	b.MustClose(protocol.CloseTooMany)
}

// TestStrikesAreForgiven after a time: a long meeting with a fault now and then
// goes on.
func TestStrikesAreForgiven(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.Forgive = time.Nanosecond
	w.Config.Limits.Socket.Messages.Burst = 1000
	w.Start()
	w.Room("aaa")
	b := w.witness(t)
	for range 10 * w.Config.Limits.Socket.Strikes {
		b.Raw(websocket.MessageText, []byte("no message"))
		if e := testkit.Next[protocol.Error](b); e.Code != protocol.CodeBadMessage {
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
		"Offers":     {func(s *throttle.Socket) *throttle.Rate { return &s.Offers }, protocol.Offer{SDP: "v=0"}},
		"Extends":    {func(s *throttle.Socket) *throttle.Rate { return &s.Extends }, protocol.Extend{}},
		"Shows":      {func(s *throttle.Socket) *throttle.Rate { return &s.Shows }, protocol.Show{}},
		"Attributes": {func(s *throttle.Socket) *throttle.Rate { return &s.Attributes }, protocol.SetAttribute{Name: protocol.AttributeHand}},
		"Reactions":  {func(s *throttle.Socket) *throttle.Rate { return &s.Reactions }, protocol.React{Name: protocol.ReactionClap}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Config.Limits.Socket.Messages = throttle.Rate{PerSecond: 1e-6, Burst: 60}
			*c.budget(&w.Config.Limits.Socket) = throttle.Rate{PerSecond: 1e-6, Burst: 2}
			w.Start()
			w.Room("aaa")
			b := w.witness(t)
			refused := func() bool {
				e, is := b.Answer(b.Send(c.ask)).(protocol.Error)
				return is && e.Code == protocol.CodeTooMany
			}
			for i := range 2 * w.Config.Limits.Socket.Strikes {
				if got, want := refused(), i >= 2; got != want {
					t.Errorf("request %d: refused %v, want %v", i, got, want)
				}
			}
			for range 20 {
				testkit.Ask[protocol.OK](b, protocol.Sending{})
				testkit.Ask[protocol.OK](b, protocol.AskClock{})
			}
			mustBeCalm(t, b)
		})
	}
}

// TestDrainIsBounded: a browser that does not take its leave holds nobody up.
func TestDrainIsBounded(t *testing.T) {
	w := newWorld(t)
	w.Network = tight
	w.Start()
	w.dialTight(t) // and reads nothing, the close frame included
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if w.Browsers.(*edge.Edge).Drain(ctx, time.Millisecond) {
		t.Error("all have left at once")
	}
	_, r, err := websocket.Dial(t.Context(), w.Socket(), nil)
	if err == nil || r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("let in while draining: %v, %v", r, err)
	}
}
