package rooms_test

import (
	"testing"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

func reusable(r *meeting.Room) { r.Reusable = true }

// next ends the session that runs and has Ada, whom a portal knows, start another.
func (h *house) next(ada *tab) (*tab, protocol.Welcome) {
	h.t.Helper()
	ask[protocol.OK](h, ada, protocol.End{}, nil)
	return h.joins(knownEntry("t2", meeting.RoleModerator, "Ada"))
}

// TestKeyIsGoodLater: what a portal was refused only because it was too early is
// not refused for ever.
func TestKeyIsGoodLater(t *testing.T) {
	inHouse(t, func(h *house) {
		extend := control.Command{ID: "k:1", Extend: &control.Extend{}}
		h.command(control.CodeNotStarted, extend)
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.command(protocol.CodeNoWindow, extend)
		latest := w.Session.EndsAt.Add(time.Minute)
		h.command("", control.Command{Change: &meeting.Settings{LatestEnd: &latest}})
		h.until(51 * time.Minute)
		h.command(protocol.CodeNoTimeLeft, extend)
		latest = latest.Add(time.Hour)
		h.command("", control.Command{Change: &meeting.Settings{LatestEnd: &latest}})
		if a := h.command("", extend); a.Grant == nil || !a.Grant.EndsAt.Equal(w.Session.EndsAt.Add(15*time.Minute)) {
			t.Errorf("granted %+v", a.Grant)
		}
	})
}

// TestKeyOfAnEarlierSession: an extension, and what was refused, belongs to its
// session; a key that is used in the next one is answered by what is so there.
func TestKeyOfAnEarlierSession(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.joins(knownEntry("t1", meeting.RoleModerator, "Ada"))
		nine := 9
		bad := control.Command{ID: "k:bad", Extend: &control.Extend{Minutes: &nine}}
		good := control.Command{ID: "k:good", Extend: &control.Extend{}}
		h.until(51 * time.Minute)
		h.command(protocol.CodeBadMinutes, bad)
		first := h.command("", good)
		mine := again[protocol.Error](h, ada, "op", protocol.Extend{}) // names no end
		ada, w := h.next(ada)
		h.pass(51 * time.Minute)
		second := h.command("", good)
		if want := w.Session.EndsAt.Add(15 * time.Minute); !second.Grant.EndsAt.Equal(want) || second.Grant.EndsAt.Equal(first.Grant.EndsAt) {
			t.Errorf("granted %+v, in the session before %+v", second.Grant, first.Grant)
		}
		h.command(protocol.CodeAlreadyExtended, control.Command{ID: bad.ID, Extend: &control.Extend{Answers: w.Session.EndsAt}})
		if now := again[protocol.Error](h, ada, "op", protocol.Extend{Window: w.Session.EndsAt}); now == mine {
			t.Errorf("refused as in the session before: %+v", now)
		}
	}, reusable)
}

// TestEndOnce: an end that is asked again under its key is answered the same and
// ends no other session, after a restart as well. The key of an extension is
// another operation.
func TestEndOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(51 * time.Minute)
		end := control.Command{ID: "k:1", End: &control.End{Text: "Closing time"}}
		h.command("", control.Command{ID: "k:1", Extend: &control.Extend{}})
		first := h.command("", end)
		if first.Ended != 1 || first.Session.Ending == nil || first.Session.Ending.Text != "Closing time" {
			t.Fatalf("answered %+v", first)
		}
		if again := h.command("", end); again.Ended != 1 || *again.Session.Ending != *first.Session.Ending {
			t.Errorf("asked again: %+v", again)
		}
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		for range 2 {
			if again := h.command("", end); again.Ended != 1 {
				t.Errorf("asked again in the next session: %+v", again)
			}
			if s := h.store.record("aaa").Session; s.Number != 2 || s.Ending != nil || ada.close() != 0 {
				t.Fatalf("it ended session %d: %+v", s.Number, s.Ending)
			}
			h.restart()
		}
		// Without a key it is the end of whatever runs.
		if last := h.command("", control.Command{End: &control.End{}}); last.Ended != 2 || last.Session.Number != 2 {
			t.Errorf("answered %+v", last)
		}
		late := control.Command{ID: "k:2", End: &control.End{}}
		h.command(protocol.CodeOver, late)
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.command(protocol.CodeOver, late) // it was for a session that is over
		if s := h.store.record("aaa").Session; s.Number != 3 || s.Ending != nil {
			t.Errorf("it ended session %d: %+v", s.Number, s.Ending)
		}
		ops := h.store.record("aaa").Ops
		if len(ops) != 1 || ops[0].Grant != nil || ops[0].ID == room.OpID("api", "k:1") {
			t.Errorf("remembered in session 3: %+v", ops)
		}
	}, reusable)
}
