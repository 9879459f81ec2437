package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

const again = "overtime.again"

// lastHello is the newest.
func (w *world) lastHello() protocol.Hello {
	hellos := all[protocol.Hello](w.server)
	return hellos[len(hellos)-1]
}

// A browser whose tab was closed is known again by the link, in the last meeting
// that it was in and as long as that goes on.
func TestKnownAgain(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		equal(t, "before", w.lastHello().Again, "")
		w.close()
		w.tab.store, w.tab.fragment = map[string]string{}, "token" // another tab
		w.enter()
		equal(t, "by the link", w.lastHello().Token, "token")
		equal(t, "again", w.lastHello().Again, "secret")
		w.server.last().end(1006)
		w.settle()
		equal(t, "after a lost line", w.lastHello().Again, "")
		equal(t, "resume", w.lastHello().Resume, "secret")
	})
}

func TestKnownNoMore(t *testing.T) {
	for name, ends := range map[string]func(w *world){
		"left": func(w *world) { w.session.Do(client.Leave{}) },
		"over": func(w *world) {
			w.server.event(protocol.SessionEnded{Session: protocol.Session{Ending: &protocol.Ending{Reason: meeting.ReasonExpired}}})
		},
		"removed": func(w *world) {
			w.server.push(protocol.ServerFrame{Message: protocol.Error{Code: protocol.CodeRemoved}})
		},
		"unknown to the server": func(w *world) {
			w.server.with(func() {
				w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
					hello, is := f.Message.(protocol.Hello)
					return protocol.Error{Code: protocol.CodeBadToken}, is && hello.Resume != ""
				}
			})
			w.server.last().end(1006)
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				equal(t, "kept", w.tab.local[again], "room secret")
				ends(w)
				w.settle()
				equal(t, "kept then", w.tab.local[again], "")
			})
		})
	}
	bubble(t, func(w *world) {
		w.enter()
		w.tab.with(func() { w.tab.local[again] = "room another" }) // another tab's
		w.session.Do(client.Leave{})
		w.settle()
		equal(t, "of another tab", w.tab.local[again], "room another")
		w.tab.with(func() { w.tab.local[again] = "elsewhere secret" })
		w.session.Do(client.Rejoin{})
		w.settle()
		w.session.Do(client.Join{})
		w.settle()
		equal(t, "of another room", w.lastHello().Again, "")
	})
}

// crowded has hellos refused because the room is full.
func (w *world) crowded(full bool) {
	w.server.with(func() {
		w.server.script = nil
		if full {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, hello := f.Message.(protocol.Hello)
				return protocol.Error{Code: protocol.CodeRoomFull}, hello
			}
		}
	})
}

func TestAFullRoomIsTriedAgain(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.crowded(true)
		w.session.Do(client.SetName{Name: "Me"})
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseLobby)
		w.trouble(protocol.CodeRoomFull)
		equal(t, "preview", w.view().Devices.Camera.Running, true)
		w.pass(31 * time.Second)
		w.phase(client.PhaseLobby)
		w.trouble(protocol.CodeRoomFull)
		if n := len(all[protocol.Hello](w.server)); n < 6 || n > 8 {
			t.Errorf("asked %d times", n)
		}
		equal(t, "dials", len(w.server.dialed()), 1)
		w.crowded(false)
		w.pass(6 * time.Second)
		w.phase(client.PhaseRoom)
		w.trouble("")
		equal(t, "name", w.view().Me.Name, "Me")
	})
}

// Whoever changes their name thinks again, and presses Join again.
func TestAFullRoomIsNotTriedByAnotherName(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.crowded(true)
		w.session.Do(client.Join{})
		w.settle()
		w.session.Do(client.SetName{Name: "Somebody"})
		w.settle()
		w.trouble("")
		w.crowded(false)
		w.pass(time.Minute)
		w.phase(client.PhaseLobby)
	})
}

// A press on Join while the page is asking by itself says hello once.
func TestJoinWhileAFullRoomIsTried(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.crowded(true)
		w.session.Do(client.Join{})
		w.pass(time.Second)
		w.server.with(func() { w.server.script, w.server.up = nil, 100*time.Millisecond })
		w.pass(4050 * time.Millisecond) // the hello is under way
		hellos := len(all[protocol.Hello](w.server))
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseJoining)
		w.pass(time.Second)
		w.phase(client.PhaseRoom)
		equal(t, "hellos", len(all[protocol.Hello](w.server)), hellos+1)
	})
}

// Whoever was inside and comes back too late to a full room goes on trying, and
// the room that is locked in the meantime says so.
func TestTooLateForAFullRoom(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.crowded(true)
		w.server.last().end(1006)
		w.pass(time.Minute)
		w.phase(client.PhaseRoom)
		equal(t, "link", w.view().Connection.Link, client.LinkReconnecting)
		equal(t, "why", w.view().Connection.Away.Code, protocol.CodeRoomFull)
		w.crowded(false)
		w.pass(8 * time.Second)
		w.phase(client.PhaseRoom)
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
	})
	bubble(t, func(w *world) {
		w.open()
		w.crowded(true)
		w.session.Do(client.Join{})
		w.settle()
		w.locks()
		w.pass(6 * time.Second)
		w.phase(client.PhaseLobby)
		w.trouble(protocol.CodeLocked)
	})
}

// Whoever writes another name while the page is asking by itself is not taken at
// half of that name, whatever the answer.
func TestAnotherNameWhileAFullRoomIsTried(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.crowded(true)
		w.session.Do(client.SetName{Name: "Me"})
		w.session.Do(client.Join{})
		w.pass(time.Second)
		w.server.with(func() { w.server.up = 100 * time.Millisecond })
		w.pass(4050 * time.Millisecond) // the hello is under way
		w.session.Do(client.SetName{Name: ""})
		w.pass(time.Second)
		w.phase(client.PhaseLobby)
		w.trouble("")
		hellos := len(all[protocol.Hello](w.server))
		w.pass(20 * time.Second)
		equal(t, "hellos", len(all[protocol.Hello](w.server)), hellos)
	})
}
