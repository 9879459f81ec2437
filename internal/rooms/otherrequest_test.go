package rooms_test

import (
	"testing"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestOtherRequestUnderOneKey: a portal that asks for something else under the
// key of what was done is told so, after a restart too. What was refused has
// taken nobody's key.
func TestOtherRequestUnderOneKey(t *testing.T) {
	inHouse(t, func(h *house) {
		_, w := h.enter("aaa", "Ada", meeting.RoleParticipant)
		h.until(56 * time.Minute)
		ask := func(minutes int) control.Command {
			return control.Command{ID: "k", Extend: &control.Extend{Minutes: &minutes, Answers: w.Session.EndsAt}}
		}
		granted := h.command("", ask(15))
		same := ask(15)
		same.Extend.Answers = w.Session.EndsAt.In(time.FixedZone("", 3600))
		if again := h.command("", same); *again.Grant != *granted.Grant {
			t.Errorf("the same, written otherwise: %+v", again.Grant)
		}
		for range 2 {
			h.command(control.CodeConflict, ask(20))
			h.command(control.CodeConflict, control.Command{ID: "k", Extend: &control.Extend{}})
			named := ask(15)
			named.Extend.By = "Somebody"
			h.command(control.CodeConflict, named)
			h.restart()
		}
		if s := h.store.record("aaa").Session; !s.EndsAt.Equal(granted.Grant.EndsAt) {
			t.Errorf("the end is %v, granted was %v", s.EndsAt, granted.Grant.EndsAt)
		}
		wrong := ask(9)
		wrong.ID, wrong.Extend.Answers = "k2", time.Time{}
		h.until(w.Session.EndsAt.Sub(h.began) + 6*time.Minute)
		h.command(protocol.CodeBadMinutes, wrong)
		*wrong.Extend.Minutes = 10
		h.command("", wrong)
		h.command("", control.Command{ID: "k", End: &control.End{Text: "Enough"}})
		h.command(control.CodeConflict, control.Command{ID: "k", End: &control.End{Text: "Too much"}})
		h.command("", control.Command{ID: "k", End: &control.End{Text: "Enough"}})
	})
}

// TestOtherRequestUnderOneID: a person's id that was used is not an "ok" for
// something else.
func TestOtherRequestUnderOneID(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		again[protocol.OK](h, ada, "op", protocol.Lock{Locked: true})
		again[protocol.OK](h, ada, "op", protocol.Lock{Locked: true})
		for _, other := range []protocol.ClientMessage{
			protocol.End{}, protocol.Lock{}, protocol.RenewLink{}, protocol.Remove{Participant: w.You.ID}, protocol.Extend{Window: w.Session.EndsAt},
		} {
			again[protocol.OK](h, ada, "op", other) // the first answer, of the lock
			all := ada.all()
			if e, is := all[len(all)-1].Message.(protocol.Error); !is || e.Code != protocol.CodeBadRequest {
				t.Errorf("%+v under the id of a lock is answered %+v", other, all[len(all)-1].Message)
			}
		}
		rec := h.store.record("aaa")
		if rec.Session.Ending != nil || !rec.Room.Locked || rec.Room.Links != 0 {
			t.Errorf("the room is %+v", rec)
		}
	})
}
