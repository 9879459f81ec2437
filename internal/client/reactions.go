package client

import (
	"slices"
	"time"

	"overtime/internal/protocol"
)

const (
	// reactionLasts is how long a reaction is on show, since it came last.
	reactionLasts = 4 * time.Second
	// reactionsMost at once, of all people; the oldest make room.
	reactionsMost = 100
)

// reactions are what people react with: on show for a moment, and gathered while
// they are. The list is replaced, never written to.
type reactions struct {
	loop    timers
	presses *presses

	list   []Reaction      // by when each came last
	until  []time.Duration // local, of each in the list
	expiry alarm           // of the first
}

// react shows everyone a sign.
func (r *reactions) react(i React) {
	m := protocol.React{Name: i.Name}
	switch {
	case i.Then != nil:
		r.presses.inside(m, i.Then)
	case r.presses.can():
		r.presses.requests.ask(m, func(f protocol.ServerFrame) {
			// Whoever presses faster than the server takes it sees what came of it.
			if e, refused := f.Message.(protocol.Error); refused && e.Code != protocol.CodeTooMany {
				r.presses.news.refused(e)
			}
		})
	}
}

// came takes in what people reacted with.
func (r *reactions) came(all []protocol.Reaction) {
	until := r.loop.local() + reactionLasts
	list, ends := slices.Clone(r.list), r.until
	for _, one := range all {
		next := Reaction{Participant: one.Participant, Name: one.Name, Count: one.Count}
		if i := slices.IndexFunc(list, next.alike); i >= 0 {
			next.Count += list[i].Count
			list, ends = slices.Delete(list, i, i+1), slices.Delete(ends, i, i+1)
		}
		list, ends = append(list, next), append(ends, until)
	}
	drop := max(0, len(list)-reactionsMost)
	r.list, r.until = list[drop:], ends[drop:]
	r.expire()
}

// expire takes away what was shown long enough, and waits for the next.
func (r *reactions) expire() {
	now := r.loop.local()
	gone := 0
	for gone < len(r.until) && r.until[gone] <= now {
		gone++
	}
	r.list, r.until = r.list[gone:], r.until[gone:]
	r.loop.unset(&r.expiry)
	if len(r.until) > 0 {
		r.loop.set(&r.expiry, r.until[0]-now, r.expire)
	}
}

func (r *reactions) forget() {
	r.list, r.until = nil, nil
	r.loop.unset(&r.expiry)
}
