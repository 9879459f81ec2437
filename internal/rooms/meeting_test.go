package rooms_test

import (
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestWholeMeeting passes an hour in which nobody extends.
func TestWholeMeeting(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.pass(2 * time.Hour)
		end := h.began.Add(time.Hour)
		want := []meeting.Notice{
			{Window: meeting.FirstWindow, EndsAt: end, MinutesLeft: 10, Grantable: 30},
			{Window: meeting.FinalWindow, EndsAt: end, MinutesLeft: 5, Grantable: 30},
		}
		for _, c := range []*tab{ada, bob} {
			notices, at := events[protocol.WindowOpened](c)
			if len(notices) != 2 || notices[0].Notice != want[0] || notices[1].Notice != want[1] {
				t.Fatalf("notices %+v, want %+v", notices, want)
			}
			if !at[0].Equal(end.Add(-10*time.Minute)) || !at[1].Equal(end.Add(-5*time.Minute)) {
				t.Errorf("told at %v", at)
			}
			ended, at := events[protocol.SessionEnded](c)
			if len(ended) != 1 || !at[0].Equal(end) || *ended[0].Session.Ending != (protocol.Ending{Reason: meeting.ReasonExpired, At: end}) {
				t.Errorf("ended %+v at %v", ended, at)
			}
			if c.close() != protocol.CloseOver {
				t.Errorf("closed with %d", c.close())
			}
		}
		if l, kept := h.store.ledger("aaa.1"); !kept || len(l.Ledger) != 4 {
			t.Errorf("kept %v, %+v", kept, l)
		}
		if h.media.seats() != 0 {
			t.Error("seats are left")
		}
	})
}

// TestSeq: events count up by one, and answers carry the last one's number.
func TestSeq(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.until(50 * time.Minute)
		ask[protocol.OK](h, bob, protocol.Extend{Window: w.Session.EndsAt}, nil)
		ask[protocol.OK](h, ada, protocol.End{}, nil)
		var seq uint64
		for i, f := range ada.all() {
			switch {
			case i == 0:
				seq = f.Seq // the welcome
			case f.Event():
				seq++
			}
			if f.Seq != seq || f.Epoch != 1 {
				t.Errorf("frame %d is %T with epoch %d, seq %d, want seq %d", i, f.Message, f.Epoch, f.Seq, seq)
			}
		}
		if seq < 4 {
			t.Errorf("only %d events", seq)
		}
	})
}

// TestJoinInWindow: whoever comes while a window is open gets its notice with
// the welcome, the minutes rounded up.
func TestJoinInWindow(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(50*time.Minute - time.Millisecond)
		if _, w := h.enter("aaa", "Early", meeting.RoleParticipant); w.Notice != nil {
			t.Errorf("a notice before the window: %+v", w.Notice)
		}
		h.until(51*time.Minute + time.Second)
		late, w := h.enter("aaa", "Late", meeting.RoleParticipant)
		want := meeting.Notice{Window: meeting.FirstWindow, EndsAt: h.began.Add(time.Hour), MinutesLeft: 9, Grantable: 30}
		if w.Notice == nil || *w.Notice != want {
			t.Errorf("notice %+v, want %+v", w.Notice, want)
		}
		if n, _ := events[protocol.WindowOpened](late); len(n) != 0 {
			t.Errorf("and was told again: %+v", n)
		}
	})
}

// TestShortMeeting starts inside its window: the welcome says so.
func TestShortMeeting(t *testing.T) {
	inHouse(t, func(h *house) {
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		if w.Notice == nil || w.Notice.MinutesLeft != 3 || w.Notice.Window != meeting.FinalWindow {
			t.Errorf("notice %+v", w.Notice)
		}
	}, func(r *meeting.Room) { r.Duration = 3 })
}

// TestExtendRace has two answer one window at the same instant.
func TestExtendRace(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleParticipant)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.until(52 * time.Minute)
		twenty := 20
		first := h.send(ada, protocol.Extend{Window: w.Session.EndsAt, Minutes: &twenty}, nil)
		second := h.send(bob, protocol.Extend{Window: w.Session.EndsAt}, nil)
		synctest.Wait()
		end := h.began.Add(80 * time.Minute)
		if g := answered[protocol.OK](h, ada, first).Grant; g == nil || *g != (meeting.Grant{Minutes: 20, EndsAt: end}) {
			t.Errorf("granted %+v", g)
		}
		refused := answered[protocol.Error](h, bob, second)
		if refused.Code != protocol.CodeAlreadyExtended || refused.By != "Ada" || refused.Minutes != 20 || !refused.EndsAt.Equal(end) {
			t.Errorf("refused %+v", refused)
		}
		for _, c := range []*tab{ada, bob} {
			if e, _ := events[protocol.SessionExtended](c); len(e) != 1 || e[0].Entry.By != "Ada" || !e[0].Entry.EndsAt.Equal(end) {
				t.Errorf("told %+v", e)
			}
		}
		h.until(70 * time.Minute)
		if n, _ := events[protocol.WindowOpened](ada); len(n) != 2 || !n[1].Notice.EndsAt.Equal(end) {
			t.Errorf("notices %+v", n)
		}
	})
}

// TestRefusals is what a person may not do, and is told why.
func TestRefusals(t *testing.T) {
	inHouse(t, func(h *house) {
		stranger := h.tab("aaa")
		anybody := &bus.Entry{Role: meeting.RoleParticipant}
		h.mustRefuse(protocol.CodeBadRequest, stranger, protocol.Hello{}, anybody)
		h.mustRefuse(protocol.CodeBadRequest, stranger, protocol.Hello{Name: " \u202e\n "}, anybody)
		h.mustRefuse(protocol.CodeBadRequest, stranger, protocol.Hello{Name: longName}, anybody)
		h.mustRefuse(protocol.CodeNotJoined, stranger, protocol.AskClock{}, nil)
		if s := h.store.record("aaa").Session; s != nil {
			t.Fatalf("a session began without anybody: %+v", s)
		}
		ada, w := h.enter("aaa", "Ada", meeting.RoleParticipant)
		viewer, _ := h.enter("aaa", "Vic", meeting.RoleViewer)
		early := h.mustRefuse(protocol.CodeNoWindow, ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		if !early.OpensAt.Equal(h.began.Add(50 * time.Minute)) {
			t.Errorf("opens at %v", early.OpensAt)
		}
		h.until(50 * time.Minute)
		nine := 9
		h.mustRefuse(protocol.CodeForbidden, viewer, protocol.Extend{Window: w.Session.EndsAt}, nil)
		h.mustRefuse(protocol.CodeForbidden, ada, protocol.End{}, nil)
		h.mustRefuse(protocol.CodeBadMinutes, ada, protocol.Extend{Window: w.Session.EndsAt, Minutes: &nine}, nil)
		h.mustRefuse(protocol.CodeBadRequest, ada, protocol.Extend{}, nil)
		h.mustRefuse(protocol.CodeBadRequest, ada, protocol.Extend{Window: h.began}, nil)
		h.enter("aaa", "Third", meeting.RoleParticipant)
		h.mustRefuse(protocol.CodeRoomFull, h.tab("aaa"), protocol.Hello{Name: "Fourth"}, anybody)
	})
}

const longName = "1234567890123456789012345678901234567890123456789012345678901234X"

// TestEndReason: a text that is too long is refused, the rest is cleaned.
func TestEndReason(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.mustRefuse(protocol.CodeBadRequest, ada, protocol.End{Reason: longName + longName + longName + longName}, nil)
		ask[protocol.OK](h, ada, protocol.End{Reason: " so\nlong\x00 "}, nil)
		ended, _ := events[protocol.SessionEnded](ada)
		if len(ended) != 1 || ended[0].Session.Ending.Text != "so long" || ended[0].Session.Ending.By != "Ada" {
			t.Errorf("ended %+v", ended)
		}
	})
}

// TestLatestEnd: a room that is needed afterwards bounds its sessions.
func TestLatestEnd(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		if !w.Session.EndsAt.Equal(h.began.Add(30 * time.Minute)) {
			t.Errorf("ends at %v", w.Session.EndsAt)
		}
		h.until(20 * time.Minute)
		h.mustRefuse(protocol.CodeNoTimeLeft, ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		h.until(31 * time.Minute)
		h.addRoom("bbb", func(r *meeting.Room) { r.LatestEnd = h.began.Add(30 * time.Minute) })
		late := h.mustRefuse(protocol.CodeTooLate, h.tab("bbb"), protocol.Hello{Name: "Bob"}, &bus.Entry{Role: meeting.RoleModerator})
		if !late.EndsAt.Equal(h.began.Add(30 * time.Minute)) {
			t.Errorf("too late: %+v", late)
		}
	}, func(r *meeting.Room) { r.LatestEnd = r.CreatedAt.Add(30 * time.Minute) })
}

// TestOver is what is left to learn of a meeting that has ended.
func TestOver(t *testing.T) {
	inHouse(t, func(h *house) {
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		expired := &bus.Entry{Role: meeting.RoleParticipant, Expired: true}
		h.mustRefuse(protocol.CodeExpiredToken, h.tab("aaa"), protocol.Hello{Name: "Bob"}, expired)
		h.mustRefuse(protocol.CodeExpiredToken, h.tab("aaa"), protocol.Peek{}, expired)
		h.until(3 * time.Hour)
		for what, e := range map[string]*bus.Entry{
			"ticket": {Role: meeting.RoleParticipant}, "expired": expired, "place": h.back(w),
		} {
			for _, m := range []protocol.ClientMessage{protocol.Hello{Name: "Bob"}, protocol.Peek{}} {
				c := h.tab("aaa")
				over := ask[protocol.Over](h, c, m, e)
				if over.Session.Ending == nil || over.Session.Ending.Reason != meeting.ReasonExpired || c.close() != protocol.CloseOver {
					t.Errorf("%T with a %s: %+v, closed %d", m, what, over, c.close())
				}
			}
		}
	})
}
