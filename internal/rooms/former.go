package rooms

import (
	"cmp"
	"slices"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// former is what is known of the last place of sub in this session, if they have
// none now: as the record says it or is owed it.
func (a *actor) former(sub string) (f store.Former, known bool) {
	for _, c := range slices.Backward(a.owed) {
		if c.place.Sub == sub {
			return c.former(), c.turn == goes && c.why != protocol.LeftRemoved
		}
	}
	return a.have.FormerOf(sub)
}

// leftByChoice reports whether sub gave up their last place in this session by
// session.leave. What brought them back to it is good for nothing any more.
func (a *actor) leftByChoice(sub string) bool {
	if f, known := a.former(sub); known {
		return f.Left
	}
	return !a.owesOf(sub) && a.have.LeftByChoice(sub)
}

// owesOf reports whether the record does not know yet of sub's last coming or
// going.
func (a *actor) owesOf(sub string) bool {
	return slices.ContainsFunc(a.owed, func(c attendance) bool { return c.place.Sub == sub })
}

// lostLately is the place that an entry's holder had in this session and lost.
// They come back to it: no door is closed to who was inside.
func (a *actor) lostLately(e *bus.Entry) (f store.Former, lost bool) {
	if e.Sub == "" || a.running() == nil {
		return store.Former{}, false
	}
	f, known := a.former(e.Sub)
	return f, known && !f.Left
}

// known reports whether somebody has a place, or lost it and may come back.
func (a *actor) known(e *bus.Entry, over bool) bool {
	_, lost := a.lostLately(e)
	return !over && (lost || a.placeOf(e) != nil)
}

// asBefore is a hello as of who the browser was before, if it kept a secret:
// whoever closed their tab is inside again by the link, though the room is locked
// by now. Another name, or another role, is somebody else. A portal's people are
// known by their token.
func (a *actor) asBefore(r request, m protocol.Hello) request {
	e := r.Entry
	again := e.Again
	s := a.running()
	if again == nil || s == nil || s.Over(r.now) || again.Session != s.Number || again.Role != e.Role || meeting.UserRef(e.Sub) != "" {
		return r
	}
	name := again.Name
	if p := a.people.byID(again.Participant); p != nil {
		if p.conn != "" {
			return r // in another tab, by somebody who is there
		}
		name = p.name
	} else if _, lost := a.lostLately(again); !lost {
		return r
	}
	if name != cmp.Or(e.Name, meeting.Clean(m.Name)) {
		return r
	}
	r.Entry = again
	return r
}
