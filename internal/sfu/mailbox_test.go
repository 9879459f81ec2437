package sfu

import "testing"

// TestMailboxIsBounded by the peers, however long an observer takes; what it is told then
// is what holds.
func TestMailboxIsBounded(t *testing.T) {
	t.Parallel()
	m := newMailbox()
	peers := []*Peer{{id: "a"}, {id: "b"}, {id: "c"}}
	for range 1000 {
		m.put(event{speaking: []string{"a"}})
		for _, p := range peers {
			for _, s := range []State{Connected, Disconnected, Failed} {
				m.put(event{peer: p, state: s})
			}
			m.put(event{peer: p, seating: &Seating{}})
			m.put(event{peer: p, excess: "camera"})
		}
	}
	if n := len(m.queue); n != 3*len(peers)+1 {
		t.Errorf("%d events wait", n)
	}
	for _, e := range m.queue {
		if e.kind() == "state" && e.state != Failed {
			t.Errorf("%s is told to be %s", e.peer.id, e.state)
		}
	}
}
