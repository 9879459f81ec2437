package room_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// row is what the table says of one message.
type row struct {
	feature    string
	who        string // letters of the roles; in capitals a portal
	budget     room.Budget
	durability room.Durability
}

// TestTable: every message that people and portals may send, who may, and how.
func TestTable(t *testing.T) {
	rows := map[any]row{
		protocol.Extend{}:       {"timeline", "mpP", room.ExtendBudget, room.Committed},
		protocol.End{}:          {"timeline", "mP", room.NoBudget, room.Committed},
		protocol.AskClock{}:     {"timeline", "mpv", room.NoBudget, room.Ephemeral},
		protocol.Admit{}:        {"admission", "m", room.NoBudget, room.Ephemeral},
		protocol.Deny{}:         {"admission", "m", room.NoBudget, room.Ephemeral},
		protocol.Remove{}:       {"moderation", "mP", room.NoBudget, room.Committed},
		protocol.Lock{}:         {"moderation", "m", room.NoBudget, room.Committed},
		protocol.RenewLink{}:    {"moderation", "mP", room.NoBudget, room.Committed},
		room.SetRoom{}:          {"settings", "P", room.NoBudget, room.Committed},
		room.DeleteRoom{}:       {"settings", "P", room.NoBudget, room.Committed},
		protocol.Leave{}:        {"presence", "mpv", room.NoBudget, room.Behind},
		protocol.SetAttribute{}: {"attributes", "mpvP", room.AttributeBudget, room.Ephemeral},
		protocol.LowerHands{}:   {"attributes", "mP", room.AttributeBudget, room.Ephemeral},
		protocol.SendChat{}:     {"chat", "mpv", room.ChatBudget, room.Logged},
		protocol.DeleteChat{}:   {"chat", "mpv", room.ChatDeleteBudget, room.Logged},
		protocol.PageChat{}:     {"chat", "mpv", room.ChatPageBudget, room.Logged},
		room.DeleteMessage{}:    {"chat", "P", room.NoBudget, room.Logged},
		protocol.React{}:        {"reactions", "mpv", room.ReactionBudget, room.Ephemeral},
	}
	// These have a slice or a map in them, which no key may.
	sources := row{"stage", "mpv", room.NoBudget, room.Ephemeral}
	offers, shows := sources, sources
	offers.budget, shows.budget = room.OfferBudget, room.ShowBudget
	table := room.NewTable()
	check := func(message any, want row) {
		t.Helper()
		c, known := table.Of(message)
		got := row{c.Feature, may(c), c.Budget, c.Durability}
		if !known || got != want {
			t.Errorf("%T: the table says %+v, want %+v", message, got, want)
		}
	}
	for message, want := range rows {
		check(message, want)
	}
	check(protocol.Offer{}, offers)
	check(protocol.Sending{}, sources)
	check(protocol.Show{}, shows)
	for _, message := range protocol.ClientMessages() {
		c, known := table.Of(message)
		switch message.(type) {
		case protocol.Peek, protocol.Hello: // whoever asks these is not in the room: the rules of admission say
			if known {
				t.Errorf("%T is asked at the door, and has a row", message)
			}
		default:
			if !known || c.Type != protocol.ClientType(message) {
				t.Errorf("%T has no row", message)
			}
		}
	}
}

func may(c room.Command) (letters string) {
	r := newRoom().Room
	for _, role := range []struct {
		letter string
		role   meeting.Role
		asks   bool
	}{
		{"m", meeting.RoleModerator, c.People}, {"p", meeting.RoleParticipant, c.People}, {"v", meeting.RoleViewer, c.People},
		{"P", meeting.RoleService, c.Portals},
	} {
		if role.asks && c.Who.May(r, role.role) {
			letters += role.letter
		}
	}
	return letters
}

// code is that of a refusal, empty if there is none.
func code(err error) protocol.Code {
	var said protocol.Error
	var refusal *meeting.Refusal
	switch {
	case errors.As(err, &said):
		return said.Code
	case errors.As(err, &refusal):
		return protocol.Code(refusal.Code)
	}
	return ""
}

// TestPortalIsARole: what a portal asks goes the way of what people ask, and has the
// same outcome when it is asked again.
func TestPortalIsARole(t *testing.T) {
	h := newHouse(newRoom())
	portal := func(c control.Command) (room.Op, error) {
		c.Key = "k"
		return h.carryOut(room.PortalAsks(h.state, c, h.now))
	}
	extend := control.Command{ID: "1", Extend: &control.Extend{By: "The desk"}}
	if _, err := portal(extend); code(err) != control.CodeNotStarted || !room.TooEarly(err) {
		t.Errorf("extended what has not begun: %v", err)
	}
	guest := h.guest("Guest", meeting.RoleParticipant)
	if _, err := portal(extend); code(err) != "no_window" || !room.TooEarly(err) || !room.Shaky(err, h.store) {
		t.Errorf("extended before the window: %v", err)
	}
	h.wait(10 * time.Minute)
	first, err := portal(extend)
	if err != nil || first.Grant == nil || first.Grant.Minutes != 15 {
		t.Fatalf("granted %+v, %v", first, err)
	}
	if again, err := portal(extend); err != nil || *again.Grant != *first.Grant {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	other := extend
	other.Extend = &control.Extend{By: "Another desk"}
	if _, err := portal(other); code(err) != control.CodeConflict || !room.OtherRequest(err) {
		t.Errorf("another request under the same key: %v", err)
	}
	if last := h.store.Session.Ledger[len(h.store.Session.Ledger)-1]; last.By.Name != "The desk" {
		t.Errorf("by %+v", last.By)
	}
	if _, err := portal(control.Command{Remove: &control.Remove{Participant: guest.ID}}); err != nil || len(h.state.Here) != 0 {
		t.Errorf("removed: %v, and %d are here", err, len(h.state.Here))
	}
	if ended, err := portal(control.Command{ID: "2", End: &control.End{Text: "closing"}}); err != nil || ended.Ended != 1 {
		t.Errorf("ended %+v, %v", ended, err)
	}
	if _, err := portal(control.Command{Delete: &control.Delete{}}); err != nil {
		t.Error(err)
	}
	if _, err := portal(control.Command{Renew: &control.Renew{}}); code(err) != protocol.CodeNotFound {
		t.Errorf("a deleted room was changed: %v", err)
	}
	if _, err := portal(control.Command{}); code(err) != protocol.CodeNotFound {
		t.Errorf("nothing was asked of a room that is gone: %v", err)
	}
}

// notices of type M that everybody got since the house's last call of it.
func heard[M protocol.ServerMessage](h *house) func() []M {
	var got []M
	before := h.heard
	h.heard = func(n room.Notice) {
		before(n)
		if m, is := n.Message.(M); is && n.Conn == "" {
			got = append(got, m)
		}
	}
	return func() []M {
		out := slices.Clone(got)
		got = nil
		return out
	}
}
