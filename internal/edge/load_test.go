package edge_test

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
	"overtime/internal/testkit"
	"overtime/internal/throttle"
)

// TestFlood: whoever sends far too much is told, then closed, and nobody else
// is held up.
func TestFlood(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	witness := w.witness(t)
	flooder := w.Dial(t, nil)
	go func() {
		text := protocol.ClientFrame{ID: "f", Message: protocol.AskClock{}}.Encode()
		for flooder.Conn.Write(flooder.Ctx, websocket.MessageText, text) == nil {
		}
	}()
	for range 20 {
		mustBeCalm(t, witness)
	}
	told := flooder.Until("too_many", func(f protocol.ServerFrame) bool {
		e, is := f.Message.(protocol.Error)
		return is && e.Code == protocol.CodeTooMany
	})
	if told.Message.(protocol.Error).Message == "" {
		t.Error("told nothing")
	}
	flooder.MustClose(protocol.CloseTooMany)
	mustBeCalm(t, witness)
}

// tight makes a connection's buffers small, so that a reader who stops is
// noticed soon.
func tight(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(4 << 10)
		_ = tcp.SetReadBuffer(4 << 10)
	}
}

// dialTight is a browser with small buffers.
func (w *world) dialTight(t *testing.T) *testkit.Person {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err == nil {
			tight(c)
		}
		return c, err
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return w.Dial(t, &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
}

// busyRoom is a world with the limits that a slow reader meets soon, and
// somebody in room aaa who may say a lot.
func busyRoom(t *testing.T, change func(w *world)) (*world, *testkit.Person) {
	t.Helper()
	w := newWorld(t)
	w.Network = tight
	w.Config.Limits.Socket.Messages = throttle.Rate{PerSecond: 1e6, Burst: 1e6}
	w.Config.Limits.Socket.Frames = w.Config.Limits.Socket.Messages
	w.Config.Limits.Socket.Queue, w.Config.Limits.Socket.QueueBytes = 64, 16<<10
	w.Config.Limits.Socket.WriteTimeout = patience
	change(w)
	w.Start()
	w.Room("aaa")
	return w, w.witness(t)
}

// chatter makes events until stop says so.
func chatter(b *testkit.Person, stop func() bool) {
	b.T.Helper()
	for on := true; !stop(); on = !on {
		sources := []protocol.Source{}
		if on {
			sources = append(sources, protocol.Camera)
		}
		testkit.Ask[protocol.OK](b, protocol.Sending{Sources: sources})
	}
}

// TestSlowReader: a browser that does not keep up is closed with 4408 once it
// reads again, and the others miss nothing.
func TestSlowReader(t *testing.T) {
	w, witness := busyRoom(t, func(*world) {})
	slow := w.dialTight(t)
	testkit.Ask[protocol.Welcome](slow, protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: "Slow"})
	testkit.Next[protocol.PersonJoined](witness)
	chatter(witness, func() bool { return w.Logs.Say("closing a connection") })
	slow.MustClose(protocol.CloseSlow)
	witness.Until("the loss of the slow one", func(f protocol.ServerFrame) bool {
		p, is := f.Message.(protocol.PersonChanged)
		return is && p.Person.Name == "Slow" && p.Person.Reconnecting
	})
}

// TestStalled: a browser that reads nothing at all is dropped, and others miss
// nothing.
func TestStalled(t *testing.T) {
	for name, change := range map[string]func(*world){
		"Write": func(w *world) {
			w.Config.Limits.Socket.WriteTimeout = 5 * time.Second // the witness has to be faster, on any machine
			w.Config.Limits.Socket.Queue = 1 << 20
			w.Config.Limits.Socket.QueueBytes = 1 << 30
		},
		"Ping": func(w *world) {
			w.Config.Limits.Socket.Ping, w.Config.Limits.Socket.PingTimeout = 20*time.Millisecond, 5*time.Second
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, witness := busyRoom(t, change)
			stalled := w.dialTight(t)
			testkit.Ask[protocol.Welcome](stalled, protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: "Stalled"})
			testkit.Next[protocol.PersonJoined](witness)
			var lost atomic.Bool
			chatter(witness, func() bool {
				for _, f := range witness.Kept {
					if p, is := f.Message.(protocol.PersonChanged); is && p.Person.Name == "Stalled" && p.Person.Reconnecting {
						lost.Store(true)
					}
				}
				witness.Kept = nil
				return lost.Load()
			})
		})
	}
}

// TestNobodyHome: without any node the browser is told to try again.
func TestNobodyHome(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	w.Rooms().Close()
	b := w.Dial(t, nil)
	if e := testkit.Ask[protocol.Error](b, protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: "Ada"}); e.Code != protocol.CodeUnavailable {
		t.Errorf("answered %+v", e)
	}
}

// TestSlowRoom: a room that does not answer in time is answered for, once.
func TestSlowRoom(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.Answer = time.Millisecond
	w.Start()
	w.Room("aaa")
	asks := make(chan bus.Asked, 8)
	line, err := w.Bus().NewRoomConn("aaa", func(a bus.Asked) { asks <- a })
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	b := w.Dial(t, nil)
	token := w.Link("aaa", meeting.RoleParticipant)
	if e := testkit.Ask[protocol.Error](b, protocol.Peek{Token: token}); e.Code != protocol.CodeUnknown {
		t.Errorf("answered %+v", e)
	}
	late := protocol.ServerFrame{ID: "r1", Message: protocol.RoomState{People: 9}}
	line.Answer(<-asks, bus.Delivery{Kind: bus.KindAnswer, Frame: late.Encode()})
	testkit.Ask[protocol.Error](b, protocol.Peek{Token: token})
	if len(b.Kept) > 0 {
		t.Errorf("answered twice: %+v", b.Kept)
	}
}

// TestRestartClose: when the room's owner changes, people come back.
func TestRestartClose(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	ada, welcome := w.Enter(t, w.Link("aaa", meeting.RoleModerator), "Ada")
	w.Rooms().Close()
	ada.Send(protocol.AskClock{})
	ada.MustClose(protocol.CloseRestart)
	host, err := rooms.Start(t.Context(), rooms.Config{
		Node: "other", Bus: rooms.OverBus(w.Bus()), Store: w.Store(), Secrets: w.Secrets(), Media: w.Config.Media,
		Logger: w.Config.Logger, Now: w.Clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	again := w.Dial(t, nil)
	if back := testkit.Ask[protocol.Welcome](again, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
}

// TestTwoRooms: nothing of one room is heard in another.
func TestTwoRooms(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	w.Room("bbb")
	witness := w.witness(t)
	eve, _ := w.Enter(t, w.Link("bbb", meeting.RoleModerator), "Eve")
	testkit.Ask[protocol.OK](eve, protocol.Sending{Sources: []protocol.Source{protocol.Camera}})
	testkit.Ask[protocol.OK](eve, protocol.End{Reason: "mine"})
	eve.MustClose(protocol.CloseOver)
	mustBeCalm(t, witness)
}

// TestLeave closes with 1000 and tells the others once.
func TestLeave(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	witness := w.witness(t)
	bob, welcome := w.Enter(t, w.Link("aaa", meeting.RoleParticipant), "Bob")
	testkit.Next[protocol.PersonJoined](witness)
	testkit.Ask[protocol.OK](bob, protocol.Leave{})
	bob.MustClose(protocol.CloseNormal)
	if left := testkit.Next[protocol.PersonLeft](witness); left != (protocol.PersonLeft{ID: welcome.You.ID, Reason: protocol.LeftByChoice}) {
		t.Errorf("told %+v", left)
	}
	mustBeCalm(t, witness)
}

// TestReplaced: the same person elsewhere closes the older connection.
func TestReplaced(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	old, welcome := w.Enter(t, w.Link("aaa", meeting.RoleModerator), "Ada")
	now := w.Dial(t, nil)
	if back := testkit.Ask[protocol.Welcome](now, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
	if e := testkit.Next[protocol.Error](old); e.Code != protocol.CodeReplaced {
		t.Errorf("told %+v", e)
	}
	old.MustClose(protocol.CloseReplaced)
	mustBeCalm(t, now)
}
