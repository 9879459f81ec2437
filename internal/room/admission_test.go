package room_test

import (
	"fmt"
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// door is one who comes to a room, and by which rule that is decided.
type door struct {
	how     string
	set     func(*meeting.Room)
	arrives func(h *house) room.Arrival
	rule    string // of a hello
	peek    string // of a look from the lobby; empty: they may look in
}

func byLink(role meeting.Role) room.Entry { return room.Entry{Role: role, Invite: true} }

func byTicket(role meeting.Role) room.Entry {
	return room.Entry{Role: role, Sub: meeting.UserSub("7"), Name: "Ada", Ticket: "t"}
}

var eve = protocol.Hello{Name: "Eve"}

func locked(r *meeting.Room)   { r.Locked = true }
func waiting(r *meeting.Room)  { r.WaitingRoom = true }
func reusable(r *meeting.Room) { r.Reusable = true }

// doors has at least one for each rule, and its neighbours.
var doors = []door{
	{"to an empty room", nil, func(h *house) room.Arrival { return h.arrival(byLink(meeting.RoleViewer), eve) }, "they are the first", ""},
	{"to a session", nil, func(h *house) room.Arrival {
		h.guest("Host", meeting.RoleModerator)
		return h.arrival(byLink(meeting.RoleViewer), eve)
	}, "all else may come in", ""},
	{"as the end comes that may be moved", nil, func(h *house) room.Arrival {
		a := ended(h)
		a.Waits, a.Sure = true, false
		return a
	}, "an end that is due waits for what may move it", "an end that is due waits for what may move it"},
	{"as the end comes", nil, func(h *house) room.Arrival {
		a := ended(h)
		a.Sure = false
		return a
	}, "another process may know better", "another process may know better"},
	{"with the secret of a session that nobody knows here", nil, func(h *house) room.Arrival {
		return h.arrival(room.Entry{Participant: "p_x", Session: 3}, eve)
	}, "another process may know better", "another process may know better"},
	{"with it, when that is made sure", nil, func(h *house) room.Arrival {
		a := h.arrival(room.Entry{Participant: "p_x", Session: 3}, eve)
		a.Sure = true
		return a
	}, "the secret is of another session", ""},
	{"with the secret of the session before", reusable, func(h *house) room.Arrival {
		p := h.guest("Ada", meeting.RoleParticipant)
		h.wait(time.Hour)
		h.guest("Bob", meeting.RoleParticipant)
		return h.arrival(h.back(p, 1), eve)
	}, "the secret is of another session", ""},
	{"to a meeting that is over", nil, ended, "the meeting is over", "the meeting is over"},
	{"to one that is over in a reusable room", reusable, func(h *house) room.Arrival {
		h.guest("Ada", meeting.RoleParticipant)
		h.wait(time.Hour)
		return h.arrival(byLink(meeting.RoleParticipant), eve)
	}, "they are the first", ""},
	{"to one that is about to be", reusable, ended, "the session before has to end first", ""},
	{"to a deleted room", nil, func(h *house) room.Arrival {
		h.store.Deleted = began
		h.open()
		return h.arrival(byLink(meeting.RoleModerator), eve)
	}, "the room was deleted", "the room was deleted"},
	{"with a link of yesterday", nil, func(h *house) room.Arrival {
		e := byLink(meeting.RoleModerator)
		e.Expired = true
		return h.arrival(e, eve)
	}, "the link has expired", "the link has expired"},
	{"who was removed", nil, func(h *house) room.Arrival {
		removed(h)
		return h.arrival(byTicket(meeting.RoleParticipant), eve)
	}, "they were removed", "they were removed"},
	{"who was removed, by the ticket alone", nil, func(h *house) room.Arrival {
		removed(h)
		return h.arrival(room.Entry{Role: meeting.RoleParticipant, Ticket: "t"}, eve)
	}, "they were removed", "they were removed"},
	{"with a guests' link that was renewed", nil, func(h *house) room.Arrival {
		renewed(h)
		return h.arrival(byLink(meeting.RoleParticipant), eve)
	}, "the link was renewed", "the link was renewed"},
	{"with one that was renewed before anybody came", nil, func(h *house) room.Arrival {
		h.store.Room.Links++
		h.open()
		return h.arrival(byLink(meeting.RoleParticipant), eve)
	}, "the link was renewed", "the link was renewed"},
	{"with one that was renewed between two meetings", reusable, func(h *house) room.Arrival {
		renewed(h)
		h.wait(time.Hour)
		return h.arrival(byLink(meeting.RoleParticipant), eve)
	}, "the link was renewed", "the link was renewed"},
	{"with a moderators' link that was not", nil, func(h *house) room.Arrival {
		renewed(h)
		return h.arrival(byLink(meeting.RoleModerator), eve)
	}, "all else may come in", ""},
	{"who left, by the secret", nil, func(h *house) room.Arrival {
		h.guest("Host", meeting.RoleModerator)
		p := h.guest("Ada", meeting.RoleParticipant)
		must(h.ask(p, "1", protocol.Leave{}))
		return h.arrival(h.back(p, 1), eve)
	}, "they left by choice", ""},
	{"who was lost, by the secret", locked, func(h *house) room.Arrival {
		return h.arrival(h.back(lost(h), 1), eve)
	}, "all else may come in", ""},
	{"who was lost, by the secret, with a crowd", nil, func(h *house) room.Arrival {
		e := h.back(lost(h), 1)
		e.Crowd = true
		return h.arrival(e, eve)
	}, "too many come back from one network", ""},
	{"whose role is forgotten", nil, func(h *house) room.Arrival {
		h.guest("Host", meeting.RoleModerator)
		for i := range 256 {
			h.store.Held = append(h.store.Held, room.Held{Who: fmt.Sprint("other", i), Role: meeting.RoleViewer})
		}
		h.open()
		e := h.back(room.Person{ID: "p_ada", Sub: meeting.UserSub("7"), Role: meeting.RoleModerator}, 1)
		return h.arrival(e, eve)
	}, "their role is forgotten", ""},
	{"while much is pending", nil, func(h *house) room.Arrival {
		pending(h)
		return h.arrival(byLink(meeting.RoleModerator), eve)
	}, "the record is too far behind", ""},
	{"to a held place while much is pending", nil, func(h *house) room.Arrival {
		return h.arrival(h.back(pending(h), 1), eve)
	}, "all else may come in", ""},
	{"to a locked room", locked, func(h *house) room.Arrival {
		h.guest("Host", meeting.RoleModerator)
		return h.arrival(byLink(meeting.RoleParticipant), eve)
	}, "the room is locked", ""},
	{"to a locked room as a moderator", locked, func(h *house) room.Arrival {
		h.guest("Host", meeting.RoleModerator)
		return h.arrival(byLink(meeting.RoleModerator), eve)
	}, "all else may come in", ""},
	{"to a waiting room", waiting, func(h *house) room.Arrival {
		return h.arrival(byLink(meeting.RoleParticipant), eve)
	}, "a moderator lets people in", ""},
	{"to a waiting room that was locked meanwhile", waiting, func(h *house) room.Arrival {
		e := room.Entry{Role: meeting.RoleParticipant, Sub: meeting.UserSub("7"), Name: "Ada"}
		_, _ = h.hello(e, eve)
		host := h.guest("Host", meeting.RoleModerator)
		must(h.ask(host, "1", protocol.Lock{Locked: true}))
		return h.arrival(e, eve)
	}, "a moderator lets people in", ""},
	{"to a waiting room, admitted", waiting, func(h *house) room.Arrival {
		host := h.guest("Host", meeting.RoleModerator)
		e := room.Entry{Role: meeting.RoleParticipant, Sub: meeting.UserSub("7"), Name: "Ada"}
		_, _ = h.hello(e, eve)
		must(h.ask(host, "1", protocol.Admit{Waiting: h.state.Waiting[0].ID}))
		return h.arrival(e, eve)
	}, "all else may come in", ""},
	{"with another role", nil, func(h *house) room.Arrival {
		_, _ = h.hello(byTicket(meeting.RoleModerator), eve)
		return h.arrival(byTicket(meeting.RoleParticipant), eve)
	}, "their token changes their role", ""},
}

func must(_ room.Op, err error) {
	if err != nil {
		panic(err)
	}
}

// ended is a moderator's arrival at the scheduled end, which is not recorded yet.
func ended(h *house) room.Arrival {
	h.guest("Host", meeting.RoleModerator)
	h.now = h.store.Session.EndsAt
	a := h.arrival(byLink(meeting.RoleModerator), eve)
	a.Sure = true
	return a
}

func removed(h *house) {
	host := h.guest("Host", meeting.RoleModerator)
	p, _ := h.hello(byTicket(meeting.RoleParticipant), eve)
	must(h.ask(host, "1", protocol.Remove{Participant: p.ID}))
}

func renewed(h *house) {
	must(h.ask(h.guest("Host", meeting.RoleModerator), "1", protocol.RenewLink{}))
}

// lost is somebody whose place waited for as long as it does.
func lost(h *house) room.Person {
	h.guest("Host", meeting.RoleModerator)
	p, _ := h.hello(room.Entry{Role: meeting.RoleModerator, Sub: "s", Name: "Ada"}, eve)
	h.happen(h.state.Lost(p.Conn, h.now, false, false)...)
	h.wait(protocol.PlaceHeld)
	return p
}

// pending has the record know as little of who is here as it may, and gives one who is.
func pending(h *house) room.Person {
	p := h.guest("Host", meeting.RoleModerator)
	h.lazy = true
	for i := 0; len(h.state.Outbox) < room.MostUntold; i++ {
		h.happen(room.Came{Person: room.Person{ID: fmt.Sprint("p", i), Sub: fmt.Sprint("p", i)}})
		h.happen(room.Left{ID: fmt.Sprint("p", i), Why: protocol.LeftByChoice, At: h.now})
	}
	return p
}

func TestAdmission(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range doors {
		t.Run(d.how, func(t *testing.T) {
			set := d.set
			if set == nil {
				set = func(*meeting.Room) {}
			}
			h := newHouse(newRoom(set))
			a := d.arrives(h)
			before := fmt.Sprintf("%+v", h.state)
			rule, _, _ := a.Admit()
			if rule.Name != d.rule {
				t.Errorf("decided by %q, want %q", rule.Name, d.rule)
			}
			peek := a.Peek()
			if want := d.peek; peek.Name != want && (want != "" || peek.Verdict != room.Seat) {
				t.Errorf("a look is decided by %q, want %q", peek.Name, want)
			}
			if after := fmt.Sprintf("%+v", h.state); after != before {
				t.Errorf("the rules changed the state from\n%s\nto\n%s", before, after)
			}
			seen[rule.Name] = true
		})
	}
	for _, r := range room.Rules() {
		if !seen[r.Name] {
			t.Errorf("nobody comes by the rule %q", r.Name)
		}
		if r.Why == "" || (r.Verdict == room.Refuse) != (r.Refusal.Code != "" && r.Refusal.Message != "") {
			t.Errorf("rule %q does not say why, or what is told", r.Name)
		}
	}
}

// TestSeating: what comes of whoever was let in.
func TestSeating(t *testing.T) {
	for name, c := range map[string]struct {
		arrives func(h *house) room.Arrival
		rule    string
		code    protocol.Code
	}{
		"somebody new": {func(h *house) room.Arrival { return h.arrival(byLink(meeting.RoleParticipant), eve) }, "there is room", ""},
		"somebody without a name": {func(h *house) room.Arrival {
			return h.arrival(byLink(meeting.RoleParticipant), protocol.Hello{Name: " \n"})
		}, "they have no name", protocol.CodeBadRequest},
		"somebody with too much of one": {func(h *house) room.Arrival {
			return h.arrival(byLink(meeting.RoleParticipant), protocol.Hello{Name: fmt.Sprintf("%065d", 1)})
		}, "their name is too long", protocol.CodeBadRequest},
		"who said it twice": {func(h *house) room.Arrival {
			a := h.arrival(byLink(meeting.RoleParticipant), eve)
			a.Conn = h.state.Here[0].Conn
			return a
		}, "the hello was said twice", ""},
		"whose place is held": {func(h *house) room.Arrival { return h.arrival(h.back(h.state.Here[0], 1), eve) }, "their place is held", ""},
		"whose connection is gone": {func(h *house) room.Arrival {
			a := h.arrival(byLink(meeting.RoleParticipant), eve)
			h.happen(h.state.Lost(a.Conn, h.now, false, true)...)
			return a
		}, "nobody is left to come in", ""},
		"to a session that ended meanwhile": {func(h *house) room.Arrival {
			a := h.arrival(byLink(meeting.RoleParticipant), eve)
			must(h.ask(h.state.Here[0], "1", protocol.End{}))
			return a
		}, "it ended while the hello waited", ""},
		"to a full room": {func(h *house) room.Arrival {
			full(h)
			return h.arrival(byLink(meeting.RoleParticipant), eve)
		}, "the room is full", protocol.CodeRoomFull},
		"to a full room in which somebody has no connection": {func(h *house) room.Arrival {
			full(h)
			h.happen(h.state.Lost(h.state.Here[2].Conn, h.now, true, false)...)
			return h.arrival(byLink(meeting.RoleParticipant), eve)
		}, "somebody without a connection makes room", ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(newRoom())
			h.guest("Host", meeting.RoleModerator)
			h.wait(protocol.PlaceHeld) // from then on a place without a connection makes room
			a := c.arrives(h)
			a.State = h.state
			if s := a.Seat(h.now, nil); s.Rule != c.rule || s.Refusal.Code != c.code {
				t.Errorf("decided by %q (%s), want %q (%s)", s.Rule, s.Refusal.Code, c.rule, c.code)
			}
		})
	}
}

func full(h *house) {
	for i := len(h.state.Here); i < h.state.Saved.Room.Capacity; i++ {
		h.guest(fmt.Sprint("Guest ", i), meeting.RoleParticipant)
	}
}
