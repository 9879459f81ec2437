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
	"overtime/internal/throttle"
)

// TestFlood: whoever sends far too much is told, then closed, and nobody else
// is held up.
func TestFlood(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	witness := w.witness(t)
	flooder := w.dial(t)
	go func() {
		text := protocol.ClientFrame{ID: "f", Message: protocol.AskClock{}}.Encode()
		for flooder.ws.Write(flooder.ctx, websocket.MessageText, text) == nil {
		}
	}()
	for range 20 {
		mustBeCalm(t, witness)
	}
	told := flooder.until("too_many", func(f protocol.ServerFrame) bool {
		e, is := f.Message.(protocol.Error)
		return is && e.Code == protocol.CodeTooMany
	})
	if told.Message.(protocol.Error).Message == "" {
		t.Error("told nothing")
	}
	flooder.mustClose(protocol.CloseTooMany)
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
func (w *world) dialTight(t *testing.T) *browser {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err == nil {
			tight(c)
		}
		return c, err
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return w.dialWith(t, &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
}

// busyRoom is a world with the limits that a slow reader meets soon, and
// somebody in room aaa who may say a lot.
func busyRoom(t *testing.T, change func(w *world)) (*world, *browser) {
	t.Helper()
	w := newWorld(t)
	w.network = tight
	w.limits.Socket.Messages = throttle.Rate{PerSecond: 1e6, Burst: 1e6}
	w.limits.Socket.Frames = w.limits.Socket.Messages
	w.limits.Socket.Queue, w.limits.Socket.QueueBytes = 64, 16<<10
	w.limits.Socket.WriteTimeout = patience
	change(w)
	w.start()
	w.mustRoom("aaa")
	return w, w.witness(t)
}

// chatter makes events until stop says so.
func chatter(b *browser, stop func() bool) {
	b.t.Helper()
	for on := true; !stop(); on = !on {
		sources := []protocol.Source{}
		if on {
			sources = append(sources, protocol.Camera)
		}
		ask[protocol.OK](b, protocol.Sending{Sources: sources})
	}
}

// TestSlowReader: a browser that does not keep up is closed with 4408 once it
// reads again, and the others miss nothing.
func TestSlowReader(t *testing.T) {
	w, witness := busyRoom(t, func(*world) {})
	slow := w.dialTight(t)
	ask[protocol.Welcome](slow, protocol.Hello{Token: w.link("aaa", meeting.RoleParticipant), Name: "Slow"})
	next[protocol.PersonJoined](witness)
	chatter(witness, func() bool { return w.logs.says("closing a connection") })
	slow.mustClose(protocol.CloseSlow)
	witness.until("the loss of the slow one", func(f protocol.ServerFrame) bool {
		p, is := f.Message.(protocol.PersonChanged)
		return is && p.Person.Name == "Slow" && p.Person.Reconnecting
	})
}

// TestStalled: a browser that reads nothing at all is dropped, and others miss
// nothing.
func TestStalled(t *testing.T) {
	for name, change := range map[string]func(*world){
		"Write": func(w *world) {
			w.limits.Socket.WriteTimeout = 5 * time.Second // the witness has to be faster, on any machine
			w.limits.Socket.Queue = 1 << 20
			w.limits.Socket.QueueBytes = 1 << 30
		},
		"Ping": func(w *world) { w.limits.Socket.Ping, w.limits.Socket.PingTimeout = 20*time.Millisecond, 5*time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			w, witness := busyRoom(t, change)
			stalled := w.dialTight(t)
			ask[protocol.Welcome](stalled, protocol.Hello{Token: w.link("aaa", meeting.RoleParticipant), Name: "Stalled"})
			next[protocol.PersonJoined](witness)
			var lost atomic.Bool
			chatter(witness, func() bool {
				for _, f := range witness.kept {
					if p, is := f.Message.(protocol.PersonChanged); is && p.Person.Name == "Stalled" && p.Person.Reconnecting {
						lost.Store(true)
					}
				}
				witness.kept = nil
				return lost.Load()
			})
		})
	}
}

// TestNobodyHome: without any node the browser is told to try again.
func TestNobodyHome(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	w.host.Close()
	w.host = nil
	b := w.dial(t)
	if e := ask[protocol.Error](b, protocol.Hello{Token: w.link("aaa", meeting.RoleParticipant), Name: "Ada"}); e.Code != protocol.CodeUnavailable {
		t.Errorf("answered %+v", e)
	}
}

// TestSlowRoom: a room that does not answer in time is answered for, once.
func TestSlowRoom(t *testing.T) {
	w := newWorld(t)
	w.limits.Socket.Answer = time.Millisecond
	w.start()
	w.mustRoom("aaa")
	asks := make(chan bus.Asked, 8)
	line, err := w.bus.NewRoomConn("aaa", func(a bus.Asked) { asks <- a })
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	b := w.dial(t)
	token := w.link("aaa", meeting.RoleParticipant)
	if e := ask[protocol.Error](b, protocol.Peek{Token: token}); e.Code != protocol.CodeUnknown {
		t.Errorf("answered %+v", e)
	}
	late := protocol.ServerFrame{ID: "r1", Message: protocol.RoomState{People: 9}}
	line.Answer(<-asks, bus.Delivery{Kind: bus.KindAnswer, Frame: late.Encode()})
	ask[protocol.Error](b, protocol.Peek{Token: token})
	if len(b.kept) > 0 {
		t.Errorf("answered twice: %+v", b.kept)
	}
}

// TestRestartClose: when the room's owner changes, people come back.
func TestRestartClose(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	ada, welcome := w.enter(t, w.link("aaa", meeting.RoleModerator), "Ada")
	w.host.Close()
	w.host = nil
	ada.send(protocol.AskClock{})
	ada.mustClose(protocol.CloseRestart)
	w.startHost()
	again := w.dial(t)
	if back := ask[protocol.Welcome](again, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
}

// TestTwoRooms: nothing of one room is heard in another.
func TestTwoRooms(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	w.mustRoom("bbb")
	witness := w.witness(t)
	eve, _ := w.enter(t, w.link("bbb", meeting.RoleModerator), "Eve")
	ask[protocol.OK](eve, protocol.Sending{Sources: []protocol.Source{protocol.Camera}})
	ask[protocol.OK](eve, protocol.End{Reason: "mine"})
	eve.mustClose(protocol.CloseOver)
	mustBeCalm(t, witness)
}

// TestLeave closes with 1000 and tells the others once.
func TestLeave(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	witness := w.witness(t)
	bob, welcome := w.enter(t, w.link("aaa", meeting.RoleParticipant), "Bob")
	next[protocol.PersonJoined](witness)
	ask[protocol.OK](bob, protocol.Leave{})
	bob.mustClose(protocol.CloseNormal)
	if left := next[protocol.PersonLeft](witness); left != (protocol.PersonLeft{ID: welcome.You.ID, Reason: protocol.LeftByChoice}) {
		t.Errorf("told %+v", left)
	}
	mustBeCalm(t, witness)
}

// TestReplaced: the same person elsewhere closes the older connection.
func TestReplaced(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	old, welcome := w.enter(t, w.link("aaa", meeting.RoleModerator), "Ada")
	now := w.dial(t)
	if back := ask[protocol.Welcome](now, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
	if e := next[protocol.Error](old); e.Code != protocol.CodeReplaced {
		t.Errorf("told %+v", e)
	}
	old.mustClose(protocol.CloseReplaced)
	mustBeCalm(t, now)
}
