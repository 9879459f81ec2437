package rooms_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// command has a portal ask room "aaa" and gives the answer, which must be
// refused with code, or not be if that is empty.
func (h *house) command(code protocol.Code, c control.Command) control.Answer {
	h.t.Helper()
	c.Key = "portal"
	text, err := json.Marshal(c)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.bus.line("aaa") == nil {
		if err := h.bus.open("aaa"); err != nil {
			h.t.Fatal(err)
		}
	}
	h.bus.line("aaa").heard(bus.Asked{Ask: bus.Ask{Command: text}})
	synctest.Wait()
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	if len(h.bus.answers) != 1 {
		h.t.Fatalf("%d answers to %s", len(h.bus.answers), text)
	}
	var a control.Answer
	if err := json.Unmarshal(h.bus.answers[0].Frame, &a); err != nil {
		h.t.Fatal(err)
	}
	h.bus.answers = nil
	switch {
	case code == "" && a.Error != nil:
		h.t.Errorf("%s was refused: %+v", text, a.Error)
	case code != "" && (a.Error == nil || a.Error.Code != code || a.Error.Message == ""):
		h.t.Errorf("%s was answered %+v, want %s", text, a, code)
	}
	return a
}

// TestPortalExtends: at any time a window is open, and as once as people do.
func TestPortalExtends(t *testing.T) {
	inHouse(t, func(h *house) {
		extend := control.Extend{By: " Dr.\nRao "}
		h.command(control.CodeNotStarted, control.Command{Extend: &extend})
		ada, w := h.enter("aaa", "Ada", meeting.RoleParticipant)
		h.command(protocol.CodeNoWindow, control.Command{Extend: &extend})
		h.until(56 * time.Minute)
		nine := 9
		h.command(protocol.CodeBadMinutes, control.Command{Extend: &control.Extend{Minutes: &nine}})
		first := h.command("", control.Command{ID: "k/1", Extend: &extend})
		end := w.Session.EndsAt.Add(15 * time.Minute)
		if first.Grant == nil || *first.Grant != (meeting.Grant{Minutes: 15, EndsAt: end}) || !first.Session.EndsAt.Equal(end) {
			t.Errorf("granted %+v", first)
		}
		if again := h.command("", control.Command{ID: "k/1", Extend: &extend}); *again.Grant != *first.Grant {
			t.Errorf("asked again: %+v", again.Grant)
		}
		late := h.command(protocol.CodeAlreadyExtended, control.Command{ID: "k/2", Extend: &control.Extend{Answers: w.Session.EndsAt}})
		if late.Error.By != "Dr. Rao" || late.Error.Minutes != 15 {
			t.Errorf("too late: %+v", late.Error)
		}
		if e, _ := events[protocol.SessionExtended](ada); len(e) != 1 || e[0].Entry.By != "Dr. Rao" {
			t.Errorf("people are told %+v", e)
		}
	})
}

// TestPortalEnds: everyone is told why, and what is asked afterwards is over.
func TestPortalEnds(t *testing.T) {
	inHouse(t, func(h *house) {
		h.command(control.CodeNotStarted, control.Command{End: &control.End{}})
		ada, _ := h.enter("aaa", "Ada", meeting.RoleParticipant)
		a := h.command("", control.Command{End: &control.End{Text: "The clinic closes"}})
		if a.Session.Ending == nil || a.Session.Ending.Reason != meeting.ReasonEndedByAPI {
			t.Errorf("ended %+v", a.Session.Ending)
		}
		if e, _ := events[protocol.SessionEnded](ada); len(e) != 1 || e[0].Session.Ending.Text != "The clinic closes" || ada.close() != protocol.CloseOver {
			t.Errorf("people are told %+v", e)
		}
		over := h.command(protocol.CodeOver, control.Command{Extend: &control.Extend{}})
		if over.Ending == nil || over.Ending.Reason != meeting.ReasonEndedByAPI {
			t.Errorf("over: %+v", over.Ending)
		}
	})
}

// TestPortalChanges: settings hold at once, and are announced.
func TestPortalChanges(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleParticipant)
		bad := 0
		h.command(protocol.CodeBadRequest, control.Command{Change: &meeting.Settings{Capacity: &bad}})
		h.until(51 * time.Minute)
		latest := w.Session.EndsAt.Add(5 * time.Minute)
		by := meeting.ExtendByModerators
		h.command("", control.Command{Change: &meeting.Settings{LatestEnd: &latest, ExtendBy: &by}})
		changed, _ := events[protocol.RoomChanged](ada)
		if len(changed) != 1 || !changed[0].Room.LatestEnd.Equal(latest) || changed[0].Notice == nil || changed[0].Notice.Grantable != 0 {
			t.Fatalf("told %+v", changed)
		}
		h.mustRefuse(protocol.CodeForbidden, ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		h.command(protocol.CodeNoTimeLeft, control.Command{Extend: &control.Extend{}})
		before := w.Session.EndsAt.Add(-30 * time.Minute)
		h.command("", control.Command{Change: &meeting.Settings{LatestEnd: &before}})
		if s := h.store.record("aaa").Session; !s.EndsAt.Equal(w.Session.EndsAt) {
			t.Errorf("a latest end shortened the session to %v", s.EndsAt)
		}
		h.command("", control.Command{Change: &meeting.Settings{}})
		if changed, _ := events[protocol.RoomChanged](ada); len(changed) != 2 {
			t.Errorf("a change of nothing was announced: %+v", changed)
		}
	})
}

// TestPortalRemovesAndRenews does what a moderator may.
func TestPortalRemovesAndRenews(t *testing.T) {
	inHouse(t, func(h *house) {
		h.command(control.CodeNotStarted, control.Command{Remove: &control.Remove{Participant: "p"}})
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.command(protocol.CodeNotFound, control.Command{Remove: &control.Remove{Participant: "p"}})
		h.command("", control.Command{Remove: &control.Remove{Participant: w.You.ID}})
		h.mustRefuse(protocol.CodeRemoved, h.tab("aaa"), protocol.Hello{}, h.back(w))
		if a := h.command("", control.Command{Renew: &control.Renew{}}); a.Room.Links != 1 {
			t.Errorf("%+v", a.Room)
		}
		h.command(protocol.CodeBadRequest, control.Command{})
	})
}

// TestPortalDeletes: a room that is gone has nobody in it, lets nobody in, and
// still tells how its session ended.
func TestPortalDeletes(t *testing.T) {
	inHouse(t, func(h *house) {
		h.news.set(func(n *fakeNews) { n.down = true })
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.command("", control.Command{Delete: &control.Delete{}})
		if e, _ := events[protocol.SessionEnded](ada); len(e) != 1 || e[0].Session.Ending.Reason != meeting.ReasonEndedByAPI {
			t.Errorf("people are told %+v", e)
		}
		h.command(protocol.CodeNotFound, control.Command{Delete: &control.Delete{}})
		h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Hello{Name: "Ada"}, &bus.Entry{Role: meeting.RoleModerator})
		h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Peek{}, &bus.Entry{Role: meeting.RoleModerator})
		h.restart()
		h.news.set(func(n *fakeNews) { n.down = false })
		h.pass(time.Minute)
		kinds := h.news.kinds()
		if len(kinds) != 4 || kinds[2] != event.SessionEnded || kinds[3] != event.RoomDeleted {
			t.Errorf("told of %v", kinds)
		}
		if err := h.bus.open("aaa"); err != bus.ErrNoRoom {
			t.Errorf("opening it: %v", err)
		}
	})
}
