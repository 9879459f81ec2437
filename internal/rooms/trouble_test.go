package rooms_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// TestSlowExtension: while an extension is unresolved at 0:00 the session does
// not end, and everything else goes on.
func TestSlowExtension(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(time.Hour - time.Millisecond)
		h.store.set(func(s *fakeStore) { s.delay = 10 * time.Second })
		id := h.send(ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		h.pass(9 * time.Second)
		if clock := ask[protocol.OK](h, ada, protocol.AskClock{}, nil).Clock; clock == nil || !clock.Now.Equal(time.Now()) {
			t.Errorf("clock %+v", clock)
		}
		if ada.answer(id) != nil || ada.close() != 0 {
			t.Fatalf("decided early: %+v, closed %d", ada.answer(id), ada.close())
		}
		peek := h.tab("aaa")
		asked := h.send(peek, protocol.Peek{}, &bus.Entry{Role: meeting.RoleParticipant})
		h.pass(10 * time.Second)
		end := h.began.Add(75 * time.Minute)
		if g := answered[protocol.OK](h, ada, id).Grant; g == nil || !g.EndsAt.Equal(end) {
			t.Errorf("granted %+v", g)
		}
		if s := answered[protocol.RoomState](h, peek, asked); s.Session == nil || !s.Session.EndsAt.Equal(end) {
			t.Errorf("a peek at 0:00 saw %+v", s.Session)
		}
		h.until(3 * time.Hour)
		if e, _ := events[protocol.SessionEnded](ada); len(e) != 1 || !e[0].Session.Ending.At.Equal(end) {
			t.Errorf("ended %+v", e)
		}
	})
}

// TestArrival: what a request may do is decided by when it arrived.
func TestArrival(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(time.Hour - time.Millisecond)
		arrived := time.Now()
		h.store.set(func(s *fakeStore) { s.delay = 5 * time.Second })
		id := h.send(ada, protocol.End{Reason: "enough"}, nil)
		h.pass(time.Minute)
		answered[protocol.OK](h, ada, id)
		e, _ := events[protocol.SessionEnded](ada)
		if len(e) != 1 || e[0].Session.Ending.Reason != meeting.ReasonEndedByModerator || !e[0].Session.Ending.At.Equal(arrived) {
			t.Errorf("ended %+v", e)
		}
	})
}

// TestArrivalAtBusyActor is the same with an actor that has no time to listen
// before the end.
func TestArrivalAtBusyActor(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(time.Hour - time.Second)
		h.media.mu.Lock()
		h.media.slow = 5 * time.Second
		h.media.mu.Unlock()
		h.send(h.tab("aaa"), protocol.Hello{Name: "Bob"}, &bus.Entry{Role: meeting.RoleParticipant})
		arrived := time.Now()
		id := h.send(ada, protocol.End{Reason: "enough"}, nil)
		h.pass(time.Minute)
		answered[protocol.OK](h, ada, id)
		e, _ := events[protocol.SessionEnded](ada)
		if len(e) != 1 || e[0].Session.Ending.Reason != meeting.ReasonEndedByModerator || !e[0].Session.Ending.At.Equal(arrived) {
			t.Errorf("ended %+v", e)
		}
	})
}

// TestStoreDownAtTheEnd: requests are refused within 15 seconds however many
// wait, people are let go within 15 seconds of the end, and the end is
// recorded where it was scheduled once the store is back.
func TestStoreDownAtTheEnd(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		end := h.began.Add(time.Hour)
		h.until(time.Hour - 2*time.Second)
		h.store.set(func(s *fakeStore) { s.down = true })
		var ids []string
		for range 3 {
			ids = append(ids, h.send(ada, protocol.Extend{Window: w.Session.EndsAt}, nil))
		}
		h.pass(15 * time.Second)
		for _, id := range ids {
			if e := answered[protocol.Error](h, ada, id); e.Code != protocol.CodeUnavailable {
				t.Errorf("refused with %+v", e)
			}
		}
		h.until(time.Hour + 31*time.Second)
		e, at := events[protocol.SessionEnded](ada)
		if len(e) != 1 || *e[0].Session.Ending != (protocol.Ending{Reason: meeting.ReasonExpired, At: end}) || ada.close() != protocol.CloseOver {
			t.Fatalf("told %+v, closed %d", e, ada.close())
		}
		if late := at[0].Sub(end); late > 15*time.Second {
			t.Errorf("let go %v after the end", late)
		}
		h.store.set(func(s *fakeStore) { s.down = false })
		h.pass(time.Minute)
		if s := h.store.record("aaa").Session; s.Ending == nil || !s.Ending.At.Equal(end) || s.Ending.Reason != meeting.ReasonExpired {
			t.Errorf("recorded %+v", s.Ending)
		}
		if _, kept := h.store.ledger("aaa.1"); !kept {
			t.Error("no ledger")
		}
	})
}

// TestUnknownOutcome: a write that was made and not acknowledged is found and
// announced.
func TestUnknownOutcome(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(50 * time.Minute)
		h.store.set(func(s *fakeStore) { s.forget = 1 })
		refused := ask[protocol.Error](h, ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		if refused.Code != protocol.CodeUnknown || !strings.Contains(refused.Message, "see whether it was done") {
			t.Errorf("refused %+v", refused)
		}
		h.pass(time.Second)
		if e, _ := events[protocol.SessionExtended](ada); len(e) != 1 || !e[0].Entry.EndsAt.Equal(h.began.Add(75*time.Minute)) {
			t.Errorf("told %+v", e)
		}
		again := ask[protocol.Error](h, ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		if again.Code != protocol.CodeAlreadyExtended || again.By != "Ada" {
			t.Errorf("again %+v", again)
		}
	})
}

// TestUnknownOutcomeStaysSo: an ask that needs no write does not make what is
// unknown known.
func TestUnknownOutcomeStaysSo(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		vera, _ := h.enter("aaa", "Vera", meeting.RoleViewer)
		h.until(51 * time.Minute) // long after the window was written
		h.store.set(func(s *fakeStore) { s.forget = 1 })
		h.send(ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		h.mustRefuse(protocol.CodeForbidden, vera, protocol.Extend{Window: w.Session.EndsAt}, nil)
		h.pass(time.Second)
		if e, _ := events[protocol.SessionExtended](ada); len(e) != 1 {
			t.Errorf("told %+v", e)
		}
	})
}

// TestRestart takes a session up again after a crash.
func TestRestart(t *testing.T) {
	inHouse(t, func(h *house) {
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(52 * time.Minute)
		before := h.store.record("aaa")
		h.restart()
		synctest.Wait()
		after := h.store.record("aaa")
		if !reflect.DeepEqual(after.Session, before.Session) || after.Epoch != before.Epoch+1 || after.Owner.Node != "n" || after.Owner == before.Owner {
			t.Errorf("before %+v, after %+v", before, after)
		}
		c := h.tab("aaa")
		back := ask[protocol.Welcome](h, c, protocol.Hello{}, h.back(w))
		if back.You.ID != w.You.ID || !back.Session.EndsAt.Equal(w.Session.EndsAt) || back.Notice == nil || back.Notice.MinutesLeft != 8 {
			t.Errorf("came back as %+v to %+v, %+v", back.You, back.Session, back.Notice)
		}
		h.until(2 * time.Hour)
		if n, _ := events[protocol.WindowOpened](c); len(n) != 1 || n[0].Notice.Window != meeting.FinalWindow {
			t.Errorf("notices %+v", n)
		}
		if e, _ := events[protocol.SessionEnded](c); len(e) != 1 {
			t.Errorf("ended %+v", e)
		}
	})
}

// TestRestartKeepsLedger: a crash between the end and its ledger loses nothing.
func TestRestartKeepsLedger(t *testing.T) {
	inHouse(t, func(h *house) {
		h.store.set(func(s *fakeStore) { s.fail = 1 << 30 })
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(61 * time.Minute)
		if _, kept := h.store.ledger("aaa.1"); kept {
			t.Fatal("the fault does not work")
		}
		h.store.set(func(s *fakeStore) { s.fail = 2 })
		h.restart()
		h.pass(10 * time.Second)
		if _, kept := h.store.ledger("aaa.1"); !kept {
			t.Error("no ledger")
		}
	})
}

// TestFenced: an actor whose room was claimed stops; what waits is not done,
// and its people come back to the new owner.
func TestFenced(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(50 * time.Minute)
		h.store.set(func(s *fakeStore) {
			r := s.records["aaa"]
			r.Epoch, r.Owner, r.Write = r.Epoch+1, store.Owner{Node: "other"}, "stolen"
			s.records["aaa"] = r
			s.delay = 100 * time.Millisecond // so that both of what follows wait
		})
		id := h.send(ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		h.send(ada, protocol.End{}, nil)
		h.pass(time.Second)
		if ada.answer(id) != nil || ada.unheard() != 2 || ada.close() != protocol.CloseRestart {
			t.Errorf("answer %+v, %d unheard, closed %d", ada.answer(id), ada.unheard(), ada.close())
		}
		if s := h.store.record("aaa").Session; len(s.Ledger) != 2 || h.store.record("aaa").Owner.Node != "other" {
			t.Errorf("the record was changed: %+v", s)
		}
		if h.bus.line("aaa") != nil || h.media.seats() != 0 {
			t.Error("the actor goes on")
		}
		back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		if back.You.ID != w.You.ID {
			t.Errorf("came back as %+v", back.You)
		}
	})
}

// TestIdle: an actor without people and session stops, and is opened again.
func TestIdle(t *testing.T) {
	inHouse(t, func(h *house) {
		peek := h.tab("aaa")
		ask[protocol.RoomState](h, peek, protocol.Peek{}, &bus.Entry{Role: meeting.RoleParticipant})
		h.pass(59 * time.Second)
		if h.bus.line("aaa") == nil {
			t.Fatal("stopped too soon")
		}
		late := h.tab("aaa")
		h.bus.mu.Lock()
		h.bus.closing = func() { // asked of an actor that is about to stop
			h.bus.line("aaa").heard(bus.Asked{Ask: bus.Ask{
				Conn: late.conn, Frame: protocol.ClientFrame{ID: "x", Message: protocol.Hello{Name: "Ada"}}.Encode(),
				Entry: &bus.Entry{Role: meeting.RoleParticipant},
			}})
			go func() { // as the edge does when told that nobody is there
				if err := h.bus.open("aaa"); err != nil {
					t.Error(err)
				}
			}()
			<-time.After(time.Millisecond) // the line is still open meanwhile
		}
		h.bus.mu.Unlock()
		h.pass(2 * time.Second)
		if late.unheard() != 1 || late.answer("x") != nil {
			t.Errorf("unheard %d, answer %+v", late.unheard(), late.answer("x"))
		}
		if h.bus.line("aaa") == nil {
			t.Fatal("not opened again")
		}
		ask[protocol.Welcome](h, late, protocol.Hello{Name: "Ada"}, &bus.Entry{Role: meeting.RoleParticipant})
		h.pass(59 * time.Minute)
		if h.bus.line("aaa") == nil {
			t.Error("stopped during a session")
		}
	})
}

// TestMistake: an actor that fails takes nobody else down, and is made anew.
func TestMistake(t *testing.T) {
	inHouse(t, func(h *house) {
		h.addRoom("bbb")
		other, _ := h.enter("bbb", "Eve", meeting.RoleModerator)
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.media.panics = true
		late := h.tab("aaa")
		h.bus.mu.Lock()
		h.bus.closing = func() { // whoever comes now must not enter a room that goes
			h.send(late, protocol.Hello{Name: "Late"}, &bus.Entry{Role: meeting.RoleParticipant})
			<-time.After(time.Millisecond)
		}
		h.bus.mu.Unlock()
		h.send(h.tab("aaa"), protocol.Hello{Name: "Bob"}, &bus.Entry{Role: meeting.RoleParticipant})
		synctest.Wait()
		if ada.close() != protocol.CloseRestart || other.close() != 0 {
			t.Errorf("closed %d and %d", ada.close(), other.close())
		}
		h.pass(time.Second)
		if late.unheard() != 1 || len(late.all()) != 0 {
			t.Errorf("who came meanwhile heard %+v", late.all())
		}
		back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		if back.You.ID != w.You.ID || !back.Session.EndsAt.Equal(w.Session.EndsAt) {
			t.Errorf("came back as %+v to %+v", back.You, back.Session)
		}
		ask[protocol.OK](h, other, protocol.AskClock{}, nil)
		h.until(50 * time.Minute)
		h.store.set(func(s *fakeStore) { s.panics = true })
		h.mustRefuse(protocol.CodeInternal, other, protocol.Extend{Window: h.began.Add(time.Hour)}, nil)
		ask[protocol.OK](h, other, protocol.Extend{Window: h.began.Add(time.Hour)}, nil)
	})
}

// TestDamagedRoom: a record that cannot be read keeps no other room down.
func TestDamagedRoom(t *testing.T) {
	inHouse(t, func(h *house) {
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.store.set(func(s *fakeStore) { s.damage = fmt.Errorf("%w: bit flip", store.ErrDamaged) })
		h.restart()
		if back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w)); back.You.ID != w.You.ID {
			t.Errorf("came back as %+v", back.You)
		}
	})
}

// TestNoRoom: nobody opens what was never made.
func TestNoRoom(t *testing.T) {
	inHouse(t, func(h *house) {
		for range 2 {
			if err := h.bus.open("nope"); err != bus.ErrNoRoom {
				t.Errorf("opening: %v", err)
			}
		}
		h.host.Close()
		if err := h.bus.open("aaa"); err == nil {
			t.Error("a closed host opens rooms")
		}
	})
}
