package rooms_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// passed is the entry that a pass stands for, as the edge reads it.
func (h *house) passed(pass string) *bus.Entry {
	h.t.Helper()
	t, err := h.keys.CheckTicket(pass)
	if err != nil && !errors.Is(err, auth.ErrExpired) {
		h.t.Fatalf("the pass %q: %v", pass, err)
	}
	return &bus.Entry{
		Role: t.Role, Name: t.Name, Sub: t.Sub, Ticket: t.ID, Invite: t.Invite, Link: t.Link,
		Expired: err != nil, Issued: t.IssuedAt, Waiting: t.Waiting,
	}
}

// issued is an entry of a token that was made now.
func (h *house) issued(e *bus.Entry) *bus.Entry {
	e.Issued = time.Now()
	return e
}

// TestWaiterKeepsTheirPlace: a lost line costs nobody their place in line, nor that
// a moderator let them in meanwhile; giving up does, and a while.
func TestWaiterKeepsTheirPlace(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		cem, dora := h.tab("aaa"), h.tab("aaa")
		first := ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, h.issued(guestEntry()))
		ask[protocol.Waiting](h, dora, protocol.Hello{Name: "Dora"}, h.issued(guestEntry()))
		before := line(t, ada)
		h.gone(cem)
		h.pass(29 * time.Second)
		cem = h.tab("aaa")
		second := ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, h.passed(first.Pass))
		if now := line(t, ada); len(now) != 2 || now[0] != before[0] || now[1] != before[1] {
			t.Errorf("waited %+v, wait %+v", before, now)
		}
		h.gone(cem)
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: before[0].ID}, nil)
		if now := line(t, ada); len(now) != 1 || now[0] != before[1] {
			t.Errorf("wait %+v", now)
		}
		cem = h.tab("aaa")
		h.pass(20 * time.Second)
		if w := ask[protocol.Welcome](h, cem, protocol.Hello{Name: "The boss"}, h.passed(second.Pass)); w.You.Name != "Cem" {
			t.Errorf("came in as %+v", w.You)
		}
		ask[protocol.OK](h, dora, protocol.Leave{}, nil)
		if now := line(t, ada); len(now) != 0 || dora.close() != protocol.CloseNormal {
			t.Errorf("wait %+v, closed with %d", now, dora.close())
		}
		for how, gone := range map[time.Duration]func(*tab){30 * time.Second: h.gone, 5 * time.Second: h.closes} {
			eve := h.tab("aaa")
			ask[protocol.Waiting](h, eve, protocol.Hello{Name: "Eve"}, h.issued(guestEntry()))
			gone(eve)
			h.pass(how - time.Millisecond)
			if len(line(t, ada)) != 1 {
				t.Errorf("after almost %v nobody waits", how)
			}
			h.pass(time.Second)
			if len(line(t, ada)) != 0 {
				t.Errorf("after %v they wait", how)
			}
		}
	}, waitingRoom)
}

// TestWaiterOverARestart: whoever waits longer than their token lives comes back
// after a restart, also to a room that is locked by now; nobody else does.
func TestWaiterOverARestart(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, host := h.enter("aaa", "Ada", meeting.RoleModerator)
		cem, e := h.tab("aaa"), h.issued(portalEntry("7", "Cem"))
		w := ask[protocol.Waiting](h, cem, protocol.Hello{}, e)
		for range 60 { // twenty minutes, as browsers ask
			h.pass(20 * time.Second)
			w = ask[protocol.Waiting](h, cem, protocol.Hello{}, h.passed(w.Pass))
		}
		e.Expired = true
		h.mustRefuse(protocol.CodeExpiredToken, h.tab("aaa"), protocol.Hello{}, e)
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
		h.restart()
		ada = h.tab("aaa")
		ask[protocol.Welcome](h, ada, protocol.Hello{}, h.back(host))
		h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{}, h.issued(portalEntry("8", "Eve")))
		cem = h.tab("aaa")
		w = ask[protocol.Waiting](h, cem, protocol.Hello{}, h.passed(w.Pass))
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: line(t, ada)[0].ID}, nil)
		if in := ask[protocol.Welcome](h, cem, protocol.Hello{}, h.passed(w.Pass)); in.You.Name != "Cem" {
			t.Errorf("came in as %+v", in.You)
		}
	}, waitingRoom)
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		cem := h.tab("aaa")
		w := ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, h.issued(guestEntry()))
		ask[protocol.OK](h, cem, protocol.Leave{}, nil)
		h.pass(31 * time.Second)
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
		h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Cem"}, h.passed(w.Pass))
		ask[protocol.OK](h, ada, protocol.Lock{}, nil)
		ask[protocol.OK](h, ada, protocol.RenewLink{}, nil)
		h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Hello{Name: "Cem"}, h.passed(w.Pass))
	}, waitingRoom)
}

// TestPassOfTheLobby is given to whoever's token ends, and to nobody whose has.
func TestPassOfTheLobby(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		c, e := h.tab("aaa"), h.issued(portalEntry("7", "Bob"))
		if s := ask[protocol.RoomState](h, c, protocol.Peek{}, h.issued(guestEntry())); s.Pass != "" {
			t.Errorf("a link that holds for ever gets %q", s.Pass)
		}
		s := ask[protocol.RoomState](h, c, protocol.Peek{}, e)
		for range 4 {
			h.pass(14 * time.Minute)
			if s.Pass == "" {
				t.Fatal("no pass")
			}
			if s = ask[protocol.RoomState](h, c, protocol.Peek{}, h.passed(s.Pass)); s.Name != "Bob" || s.Role != meeting.RoleParticipant {
				t.Errorf("%+v", s)
			}
		}
		w := ask[protocol.Welcome](h, c, protocol.Hello{}, h.passed(s.Pass))
		ask[protocol.OK](h, ada, protocol.Remove{Participant: w.You.ID}, nil)
		h.mustRefuse(protocol.CodeRemoved, h.tab("aaa"), protocol.Hello{}, h.passed(s.Pass))
		h.pass(16 * time.Minute)
		late := h.passed(s.Pass)
		late.Sub, late.Ticket = "", ""
		h.mustRefuse(protocol.CodeExpiredToken, h.tab("aaa"), protocol.Hello{}, late)
	}, func(r *meeting.Room) { r.Duration = 240 })
}

// TestOneWaits: whoever waits in two tabs waits once, in the newer one.
func TestOneWaits(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		for name, again := range map[string]func(w protocol.Waiting) *bus.Entry{
			"by the pass":         func(w protocol.Waiting) *bus.Entry { return h.passed(w.Pass) },
			"by a token of their": func(protocol.Waiting) *bus.Entry { return h.issued(portalEntry("7", "Cem")) },
		} {
			one, two := h.tab("aaa"), h.tab("aaa")
			w := ask[protocol.Waiting](h, one, protocol.Hello{}, h.issued(portalEntry("7", "Cem")))
			ask[protocol.Waiting](h, two, protocol.Hello{}, again(w))
			if now := line(t, ada); len(now) != 1 || one.close() != protocol.CloseReplaced || two.close() != 0 {
				t.Errorf("%s: wait %+v, closed %d and %d", name, now, one.close(), two.close())
			}
			h.gone(one)
			ask[protocol.OK](h, two, protocol.Leave{}, nil)
		}
	}, waitingRoom)
}

// TestLineIsShared: no link, and no address, fills the line for everybody.
func TestLineIsShared(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		knock := func(name, address string) protocol.ServerMessage {
			e := h.issued(guestEntry())
			e.Address = address
			c := h.tab("aaa")
			id := h.send(c, protocol.Hello{Name: name}, e)
			h.pass(0)
			return c.answer(id)
		}
		waits := func(m protocol.ServerMessage) bool { _, is := m.(protocol.Waiting); return is }
		in := 0
		for range 100 {
			if waits(knock("Eve", "192.0.2.1/32")) {
				in++
			}
		}
		if in != 40 {
			t.Errorf("%d of one address wait", in)
		}
		for range 100 {
			knock("Eve", "192.0.2.2/32")
		}
		honest := 0
		for i := range 30 {
			if waits(knock("Honest", fmt.Sprintf("198.51.100.%d/32", i))) {
				honest++
			}
		}
		for i := range 20 {
			c := h.tab("aaa")
			ask[protocol.Waiting](h, c, protocol.Hello{}, h.issued(portalEntry(fmt.Sprint(i), "Known")))
		}
		now := line(t, ada)
		names := map[string]int{}
		for _, w := range now {
			names[w.Name]++
		}
		if honest != 30 || names["Honest"] != 30 || names["Known"] != 20 || len(now) != 100 {
			t.Errorf("%d honest people were let wait; wait %v", honest, names)
		}
		// Those who made room are told so when they ask again, and may try later.
		if waits(knock("Eve", "192.0.2.2/32")) {
			t.Error("one more of an address that has most waits")
		}
	}, waitingRoom)
}

// TestLineBehindAProxy that the server was not told of: one address is everybody's,
// and they wait as if there were no bound for an address.
func TestLineBehindAProxy(t *testing.T) {
	for address, want := range map[string]int{"127.0.0.1/32": 80, "172.17.0.1/32": 80, "fd00::/64": 80, "203.0.113.7/32": 40, "2001:db8::/64": 40} {
		inHouse(t, func(h *house) {
			h.enter("aaa", "Ada", meeting.RoleModerator)
			in := 0
			for range 90 {
				e := h.issued(guestEntry())
				e.Address = address
				c := h.tab("aaa")
				id := h.send(c, protocol.Hello{Name: "Guest"}, e)
				h.pass(0)
				if _, waits := c.answer(id).(protocol.Waiting); waits {
					in++
				}
			}
			if in != want {
				t.Errorf("%d of %s wait, want %d", in, address, want)
			}
		}, waitingRoom)
	}
}

// TestLetInIsIn: whoever was let in makes room for nobody on their way in.
func TestLetInIsIn(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		from := func(address string) *bus.Entry {
			e := h.issued(guestEntry())
			e.Address = address
			return e
		}
		var last *tab
		for _, address := range []string{"192.0.2.1/32", "192.0.2.2/32"} {
			for range maxOfOneAddress {
				last = h.tab("aaa")
				ask[protocol.Waiting](h, last, protocol.Hello{Name: "Cem"}, from(address))
			}
		}
		now := line(t, ada)
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: now[len(now)-1].ID}, nil)
		for i := range 5 {
			ask[protocol.Waiting](h, h.tab("aaa"), protocol.Hello{Name: "Dora"}, from(fmt.Sprintf("198.51.100.%d/32", i)))
		}
		ask[protocol.Welcome](h, last, protocol.Hello{Name: "Cem"}, from("192.0.2.2/32"))
	}, waitingRoom)
}

// maxOfOneAddress is how many of one address wait.
const maxOfOneAddress = 40
