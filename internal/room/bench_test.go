package room_test

import (
	"fmt"
	"testing"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// BenchmarkJoin is what the rules take for one person to come in, say that they send,
// raise a hand and leave, in a room of a hundred.
func BenchmarkJoin(b *testing.B) {
	h := newHouse(newRoom(func(r *meeting.Room) { r.Capacity = 100 }))
	h.guest("Host", meeting.RoleModerator)
	for i := range 98 {
		h.guest(fmt.Sprint("Guest ", i), meeting.RoleParticipant)
	}
	h.settle()
	h.facts = nil
	before, store := h.state, h.store
	for b.Loop() {
		h.state, h.store, h.facts = before, store, nil
		p := h.guest("Ada", meeting.RoleParticipant)
		must(h.ask(p, "1", protocol.Sending{Sources: []protocol.Source{protocol.Camera}}))
		must(h.ask(p, "2", raise))
		must(h.ask(p, "3", protocol.Leave{}))
	}
}
