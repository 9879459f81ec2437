package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func TestWaitingUntilAdmitted(t *testing.T) {
	bubble(t, func(w *world) {
		w.wait()
		v := w.view()
		equal(t, "room", v.Room.Name, "Planning")
		equal(t, "name", v.Me.Name, "Me")
		equal(t, "preview", v.Devices.Camera.Running, true)
		equal(t, "peers", len(w.tab.peers), 0)
		w.pass(61 * time.Second)
		w.phase(client.PhaseWaiting)
		equal(t, "hellos, one each 20 s", len(all[protocol.Hello](w.server)), 4)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.server.admit()
		w.settle()
		w.phase(client.PhaseRoom)
		equal(t, "hellos", len(all[protocol.Hello](w.server)), 5)
		equal(t, "captures", len(w.tab.tracks), 2)
		equal(t, "resume", w.tab.stored("overtime.resume.room"), "secret")
		w.pass(time.Minute)
		equal(t, "hellos in the room", len(all[protocol.Hello](w.server)), 5)
	})
}

// The server takes no second hello while one is unanswered.
func TestAdmittedWhileAHelloIsUnderWay(t *testing.T) {
	bubble(t, func(w *world) {
		w.wait()
		var asked []protocol.ClientFrame
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, hello := f.Message.(protocol.Hello)
				if hello {
					asked = append(asked, f)
				}
				return nil, hello
			}
		})
		w.pass(20 * time.Second)
		w.server.admit()
		w.settle()
		equal(t, "hellos under way", len(asked), 1)
		w.server.with(func() { w.server.script = nil })
		w.server.answer(w.server.last(), asked[0].ID, protocol.Waiting{Room: w.server.room, ServerTime: w.server.now()})
		w.settle()
		w.phase(client.PhaseRoom)
	})
}

func TestWaitingOutlivesTheConnection(t *testing.T) {
	bubble(t, func(w *world) {
		w.wait()
		w.server.last().end(protocol.CloseRestart)
		w.settle()
		w.phase(client.PhaseWaiting)
		equal(t, "dials", len(w.server.dialed()), 2)
		equal(t, "hellos", len(all[protocol.Hello](w.server)), 2)
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(5 * time.Second)
		w.phase(client.PhaseWaiting)
		equal(t, "link while away", w.view().Connection.Link, client.LinkReconnecting)
		w.server.with(func() { w.server.dead = false })
		w.session.Do(client.Rejoin{}) // try now
		w.settle()
		w.server.admit()
		w.settle()
		w.phase(client.PhaseRoom)
	})
}

func TestADeadLineIsNoticedWhileWaiting(t *testing.T) {
	for _, woken := range []bool{false, true} {
		bubble(t, func(w *world) {
			w.wait()
			w.pass(19 * time.Second)
			w.tab.fire("wake") // a line that works keeps its place
			w.settle()
			equal(t, "dials after waking", len(w.server.dialed()), 1)
			w.server.with(func() { w.server.conns[0].mute = true })
			if woken {
				w.tab.fire("wake")
				w.pass(6 * time.Second)
			} else {
				w.pass(31 * time.Second)
			}
			equal(t, "dials", len(w.server.dialed()), 2)
			w.phase(client.PhaseWaiting)
		})
	}
}

func TestLeavingGivesUpWaiting(t *testing.T) {
	bubble(t, func(w *world) {
		w.wait()
		w.session.Do(client.Leave{})
		w.settle()
		w.phase(client.PhaseLeft)
		equal(t, "hung up", w.server.last().mine, true)
		equal(t, "captures", len(w.tab.running()), 0)
		w.pass(time.Minute)
		equal(t, "hellos", len(all[protocol.Hello](w.server)), 1)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.phase(client.PhaseLobby)
	})
}

func TestWaitingEnds(t *testing.T) {
	refuse := func(code protocol.Code) func(*world) {
		return func(w *world) {
			w.server.push(protocol.ServerFrame{Message: protocol.Error{Code: code}})
		}
	}
	for name, c := range map[string]struct {
		happen  func(*world)
		phase   client.Phase
		trouble protocol.Code
	}{
		"denied":                 {refuse(protocol.CodeDenied), client.PhaseClosed, protocol.CodeDenied},
		"removed":                {refuse(protocol.CodeRemoved), client.PhaseClosed, protocol.CodeRemoved},
		"replaced":               {refuse(protocol.CodeReplaced), client.PhaseClosed, protocol.CodeReplaced},
		"denied, the word lost":  {func(w *world) { w.server.last().end(protocol.CloseDenied) }, client.PhaseClosed, protocol.CodeDenied},
		"removed, the word lost": {func(w *world) { w.server.last().end(protocol.CloseRemoved) }, client.PhaseClosed, protocol.CodeRemoved},
		"something else is said": {refuse(protocol.CodeTooMany), client.PhaseWaiting, ""},
		"over": {func(w *world) {
			w.server.with(func() {
				w.server.over, w.server.session.Ending = true, &protocol.Ending{Reason: meeting.ReasonExpired}
			})
			w.pass(20 * time.Second)
		}, client.PhaseEnded, ""},
		"denied by an answer": {func(w *world) {
			w.server.with(func() {
				w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
					_, hello := f.Message.(protocol.Hello)
					return protocol.Error{Code: protocol.CodeDenied}, hello
				}
			})
			w.pass(20 * time.Second)
		}, client.PhaseClosed, protocol.CodeDenied},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.wait()
				c.happen(w)
				w.settle()
				w.phase(c.phase)
				w.trouble(c.trouble)
			})
		})
	}
}

func TestAskAgainAfterBeingDenied(t *testing.T) {
	bubble(t, func(w *world) {
		w.wait()
		w.server.push(protocol.ServerFrame{Message: protocol.Error{Code: protocol.CodeDenied}})
		w.server.last().end(protocol.CloseDenied)
		w.settle()
		w.trouble(protocol.CodeDenied)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.phase(client.PhaseLobby)
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseWaiting)
	})
}

// locks has hellos refused because the room is locked, until the server's room
// is not.
func (w *world) locks() {
	w.server.with(func() {
		w.server.room.Locked = true
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			w.server.mu.Lock()
			defer w.server.mu.Unlock()
			_, hello := f.Message.(protocol.Hello)
			return protocol.Error{Code: protocol.CodeLocked}, hello && w.server.room.Locked
		}
	})
}

func TestALockedRoomIsWaitedForInTheLobby(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.locks()
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseLobby)
		w.trouble(protocol.CodeLocked)
		equal(t, "preview", w.view().Devices.Camera.Running, true)
		w.pass(6 * time.Second)
		w.trouble(protocol.CodeLocked)
		equal(t, "locked", w.view().Room.Locked, true)
		w.server.with(func() { w.server.room.Locked = false })
		w.pass(6 * time.Second)
		w.trouble("")
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseRoom)
		equal(t, "dials", len(w.server.dialed()), 1)
	})
}

func TestLockedWhileWaiting(t *testing.T) {
	bubble(t, func(w *world) {
		w.wait()
		w.locks()
		w.pass(20 * time.Second)
		w.phase(client.PhaseLobby)
		w.trouble(protocol.CodeLocked)
	})
}

func TestAdmittedOutOfPlace(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.server.admit()
		w.settle()
		w.phase(client.PhaseLobby)
		w.session.Do(client.Join{})
		w.settle()
		w.server.admit()
		w.settle()
		equal(t, "hellos", len(all[protocol.Hello](w.server)), 1)
	})
}
