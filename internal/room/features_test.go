package room_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// hand is what is said of somebody's.
func (h *house) hand(id string) string {
	p, _ := h.state.Here.ByID(id)
	return p.ToProtocol().Attributes[protocol.AttributeHand]
}

var (
	raise = protocol.SetAttribute{Name: protocol.AttributeHand, Value: protocol.HandUp}
	lower = protocol.SetAttribute{Name: protocol.AttributeHand}
)

// TestHands: the server's instant is their order, they are kept over a reload and a
// lost line, and moderators lower one or all.
func TestHands(t *testing.T) {
	h := newHouse(newRoom())
	host := h.guest("Host", meeting.RoleModerator)
	ada, bob, viewer := h.guest("Ada", meeting.RoleParticipant), h.guest("Bob", meeting.RoleParticipant), h.guest("Vic", meeting.RoleViewer)
	changes := heard[protocol.PersonChanged](h)
	must(h.ask(bob, "1", raise))
	h.wait(time.Millisecond)
	must(h.ask(ada, "1", raise))
	must(h.ask(viewer, "1", raise))
	if first, second := h.hand(bob.ID), h.hand(ada.ID); first != "2026-03-04T09:00:00.000Z" || second != "2026-03-04T09:00:00.001Z" {
		t.Errorf("raised at %q and %q", first, second)
	}
	if got := changes(); len(got) != 3 || got[0].Person.Attributes["hand"] != h.hand(bob.ID) {
		t.Errorf("told %+v", got)
	}
	h.wait(time.Second)
	must(h.ask(bob, "2", raise))
	if h.hand(bob.ID) != "2026-03-04T09:00:00.000Z" || len(changes()) != 0 {
		t.Error("a hand that is raised twice loses its turn, or is told twice")
	}

	h.happen(h.state.Lost(bob.Conn, h.now, true, false)...)
	bob, _ = h.hello(h.back(bob, 1), protocol.Hello{})
	if h.hand(bob.ID) != "2026-03-04T09:00:00.000Z" {
		t.Error("a reload lowers the hand")
	}

	back := func(away time.Duration) string {
		h.happen(h.state.Lost(bob.Conn, h.now, true, false)...)
		h.wait(away)
		if _, here := h.state.Here.ByID(bob.ID); here {
			t.Errorf("the place is held for %v", away)
		}
		bob, _ = h.hello(h.back(bob, 1), protocol.Hello{})
		return h.hand(bob.ID)
	}
	if back(protocol.PlaceHeldClosed+time.Second) != "2026-03-04T09:00:00.000Z" {
		t.Error("a slow reload lowers the hand")
	}
	if got := back(3 * time.Minute); got != "" {
		t.Errorf("who was away for minutes comes back with the hand %q", got)
	}
	must(h.ask(bob, "4", raise))
	h.happen(h.state.Lost(bob.Conn, h.now, true, false)...)
	h.wait(protocol.PlaceHeldClosed)
	must(h.ask(host, "0", protocol.LowerHands{}))
	if bob, _ = h.hello(h.back(bob, 1), protocol.Hello{}); h.hand(bob.ID) != "" {
		t.Error("a hand that was lowered comes back with its owner")
	}
	must(h.ask(ada, "6", raise))
	must(h.ask(bob, "6", raise))
	must(h.ask(viewer, "6", raise))

	of := func(id string, m protocol.SetAttribute) protocol.SetAttribute {
		m.Participant = id
		return m
	}
	for name, c := range map[string]struct {
		ask  protocol.ClientMessage
		want protocol.Code
	}{
		"another's":            {of(ada.ID, lower), protocol.CodeForbidden},
		"all, by a guest":      {protocol.LowerHands{}, protocol.CodeForbidden},
		"what nobody knows":    {protocol.SetAttribute{Name: "halo", Value: "up"}, protocol.CodeBadRequest},
		"a hand of one's own":  {protocol.SetAttribute{Name: protocol.AttributeHand, Value: "2026-03-04T08:00:00.000Z"}, protocol.CodeBadRequest},
		"one's own, by the id": {of(bob.ID, lower), ""},
	} {
		if _, err := h.ask(bob, name, c.ask); code(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := h.ask(host, "1", of(bob.ID, raise)); code(err) != protocol.CodeForbidden {
		t.Errorf("a moderator raised somebody's hand: %v", err)
	}
	if _, err := h.ask(host, "2", of("p_x", lower)); code(err) != protocol.CodeNotFound {
		t.Errorf("a stranger's hand: %v", err)
	}
	must(h.ask(host, "3", of(ada.ID, lower)))
	if h.hand(ada.ID) != "" || h.hand(bob.ID) != "" || h.hand(viewer.ID) == "" {
		t.Errorf("hands: %q, %q, %q", h.hand(ada.ID), h.hand(bob.ID), h.hand(viewer.ID))
	}
	must(h.ask(ada, "5", raise))
	must(h.ask(host, "4", protocol.LowerHands{}))
	for _, p := range h.state.Here {
		if h.hand(p.ID) != "" || len(p.Attributes) != 0 {
			t.Errorf("%s has %v", p.Name, p.Attributes)
		}
	}
}

// TestHandsLoweredByPortals: one or all, whoever raised them, and nobody else's by it.
func TestHandsLoweredByPortals(t *testing.T) {
	h := newHouse(newRoom())
	portal := func(participant string) error {
		_, err := h.carryOut(room.PortalAsks(h.state, control.Command{Key: "k", LowerHands: &control.LowerHands{Participant: participant}}, h.now))
		return err
	}
	if err := portal(""); code(err) != control.CodeNotStarted {
		t.Errorf("before a session: %v", err)
	}
	ada, bob := h.guest("Ada", meeting.RoleModerator), h.guest("Bob", meeting.RoleParticipant)
	must(h.ask(ada, "1", raise))
	must(h.ask(bob, "1", raise))
	var told []event.Event
	h.heard = func(n room.Notice) {
		if n.Note != nil {
			told = append(told, *n.Note)
		}
	}
	if err := portal("p_x"); code(err) != protocol.CodeNotFound {
		t.Errorf("a stranger's hand: %v", err)
	}
	if err := portal(ada.ID); err != nil || h.hand(ada.ID) != "" || h.hand(bob.ID) == "" {
		t.Errorf("one hand: %v; %q, %q", err, h.hand(ada.ID), h.hand(bob.ID))
	}
	must(h.ask(ada, "2", raise))
	if err := errors.Join(portal(""), portal("")); err != nil || h.hand(ada.ID)+h.hand(bob.ID) != "" {
		t.Errorf("all hands: %v; %q, %q", err, h.hand(ada.ID), h.hand(bob.ID))
	}
	lowered := slices.DeleteFunc(told, func(e event.Event) bool { return e.Kind != event.HandLowered })
	if len(lowered) != 3 || slices.ContainsFunc(lowered, func(e event.Event) bool { return e.Who.Key != "k" }) {
		t.Errorf("told %+v", lowered)
	}
}

// TestAbsentIsBounded: of so many who were lost it is remembered what was said of them.
func TestAbsentIsBounded(t *testing.T) {
	h := newHouse(newRoom(func(r *meeting.Room) { r.Capacity = 100 }))
	h.guest("Host", meeting.RoleModerator)
	for i := range 70 {
		p := h.guest(fmt.Sprint("Guest ", i), meeting.RoleParticipant)
		must(h.ask(p, "1", raise))
		h.happen(h.state.Lost(p.Conn, h.now, true, false)...)
		h.wait(protocol.PlaceHeldClosed)
	}
	if n := len(h.state.Absent); n != 64 {
		t.Errorf("%d are remembered", n)
	}
}

// TestReactions: they are gathered, told once, and kept by nobody.
func TestReactions(t *testing.T) {
	h := newHouse(newRoom())
	ada, bob := h.guest("Ada", meeting.RoleParticipant), h.guest("Bob", meeting.RoleViewer)
	told := heard[protocol.Reactions](h)
	for i, name := range []protocol.ReactionName{protocol.ReactionClap, protocol.ReactionClap, protocol.ReactionHeart} {
		must(h.ask(ada, string(rune('a'+i)), protocol.React{Name: name}))
	}
	h.wait(protocol.GatherReactions - time.Millisecond)
	must(h.ask(bob, "1", protocol.React{Name: protocol.ReactionClap}))
	if got := told(); len(got) != 0 {
		t.Errorf("told at once: %+v", got)
	}
	h.wait(time.Millisecond)
	want := []protocol.Reactions{{Reactions: []protocol.Reaction{
		{Participant: ada.ID, Name: protocol.ReactionClap, Count: 2}, {Participant: ada.ID, Name: protocol.ReactionHeart, Count: 1},
		{Participant: bob.ID, Name: protocol.ReactionClap, Count: 1},
	}}}
	if got := told(); !reflect.DeepEqual(got, want) {
		t.Errorf("told %+v", got)
	}
	h.wait(time.Hour)
	if got := told(); len(got) != 0 {
		t.Errorf("told again: %+v", got)
	}
	h = newHouse(newRoom())
	if _, err := h.ask(h.guest("Ada", meeting.RoleParticipant), "1", protocol.React{Name: "yawn"}); code(err) != protocol.CodeBadRequest {
		t.Errorf("a sign that there is not: %v", err)
	}
}

// TestWhoShares: a setting of the room says who may share a screen. Who does when it
// changes shares no more.
func TestWhoShares(t *testing.T) {
	h := newHouse(newRoom())
	host, ada := h.guest("Host", meeting.RoleModerator), h.guest("Ada", meeting.RoleParticipant)
	all := protocol.Sending{Sources: []protocol.Source{protocol.Screen, protocol.Microphone, protocol.ScreenAudio}}
	sends := func(id string) []protocol.Source {
		p, _ := h.state.Here.ByID(id)
		return p.Sending
	}
	must(h.ask(ada, "1", all))
	must(h.ask(host, "1", all))
	if len(sends(ada.ID)) != 3 || len(sends(host.ID)) != 3 {
		t.Fatalf("they send %v and %v", sends(ada.ID), sends(host.ID))
	}
	h.setRoom(meeting.Settings{ScreenShare: new(meeting.ScreenByModerators)})
	if got := sends(ada.ID); !reflect.DeepEqual(got, []protocol.Source{protocol.Microphone}) || len(sends(host.ID)) != 3 {
		t.Errorf("they send %v and %v", got, sends(host.ID))
	}
	if _, err := h.ask(ada, "2", all); code(err) != protocol.CodeForbidden {
		t.Errorf("a participant shares: %v", err)
	}
	must(h.ask(ada, "3", protocol.Sending{Sources: []protocol.Source{protocol.Camera}}))
	e := h.back(ada, 1)
	if p, _ := h.hello(e, protocol.Hello{Sending: all.Sources}); !reflect.DeepEqual(p.Sending, []protocol.Source{protocol.Microphone}) {
		t.Errorf("who comes back sends %v", p.Sending)
	}
}
