package client

import (
	"time"

	"overtime/internal/protocol"
)

const (
	// reactionLasts is how long a reaction is on show, since it came last.
	reactionLasts = 4 * time.Second
	// reactionsMost at once, of all people.
	reactionsMost = 100
)

// reactions are what people react with: on show for a moment, and gathered while
// they are.
type reactions struct {
	brief[Reaction]
	presses *presses
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
func (r *reactions) came(all []Reaction) {
	for _, one := range all {
		r.drop(func(have Reaction) bool {
			alike := have.Participant == one.Participant && have.Name == one.Name
			if alike {
				one.Count += have.Count
			}
			return alike
		})
		r.show(one, reactionLasts)
	}
}
