package client

import (
	"slices"
	"time"

	"overtime/internal/protocol"
)

const (
	// fewPeople are so many inside that each who comes or goes is told of soon.
	fewPeople = 8
	// gatherFew and gatherMany are how long those who come and go are gathered
	// before they are told of.
	gatherFew  = time.Second
	gatherMany = 10 * time.Second
)

// Comings are those who came and went since it was last told, for whoever does
// not see the page: told one by one where few are inside, gathered where many.
type Comings struct {
	ID           int      // counts up; zero: nothing was told yet
	Joined, Left []string // names, in the order of it
}

// comings gathers them. Whoever came and went again meanwhile is no news. It
// belongs to the session's loop, whose timers it is given.
type comings struct {
	loop *loop

	joined, left []protocol.Person
	due          alarm
	latest       Comings
}

// join and leave take in one person; inside is how many are in the room then.
func (c *comings) join(p protocol.Person, inside int)  { c.take(&c.joined, &c.left, p, inside) }
func (c *comings) leave(p protocol.Person, inside int) { c.take(&c.left, &c.joined, p, inside) }

func (c *comings) take(to, undone *[]protocol.Person, p protocol.Person, inside int) {
	same := func(have protocol.Person) bool { return have.ID == p.ID }
	if slices.ContainsFunc(*undone, same) {
		*undone = slices.DeleteFunc(*undone, same)
		return
	}
	*to = append(*to, p)
	if c.due.waits() {
		return
	}
	wait := gatherFew
	if inside > fewPeople {
		wait = gatherMany
	}
	c.loop.set(&c.due, wait, c.announce)
}

func (c *comings) announce() {
	if len(c.joined)+len(c.left) > 0 {
		c.latest = Comings{ID: c.latest.ID + 1, Joined: names(c.joined), Left: names(c.left)}
	}
	c.joined, c.left = nil, nil
}

// forget drops what was gathered, as when one's own place is given up.
func (c *comings) forget() { c.joined, c.left = nil, nil }

func names(of []protocol.Person) []string {
	var out []string
	for _, p := range of {
		out = append(out, p.Name)
	}
	return out
}
