package room

import "testing"

// TestFormerIsKept of whoever came by a token of their own alone is what they
// came with, so that nothing of it lets them in again once they are removed.
func TestFormerIsKept(t *testing.T) {
	var l Lately
	l = l.gone(Former{ID: "p_1", Sub: "p_1", Ticket: "t1", Left: true})
	l = l.gone(Former{ID: "p_2", Sub: "u:7"})
	l = l.gone(Former{ID: "p_3", Sub: "u:7", Left: true})
	if len(l.Former) != 2 || l.Former[1].ID != "p_3" || !l.LeftByChoice("u:7") || !l.LeftByChoice("p_1") || l.LeftByChoice("p_9") {
		t.Errorf("%+v", l)
	}
	if l = l.without("u:7"); len(l.Former) != 1 || l.LeftByChoice("u:7") {
		t.Errorf("%+v", l)
	}
}
