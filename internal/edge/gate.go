package edge

import (
	"net/netip"
	"slices"
	"sync"

	"overtime/internal/throttle"
)

// stage is how far a connection has come, and so whose place it takes.
type stage int

const (
	stranger stage = iota // has shown no valid token or secret
	waiting               // has shown one, and is not in a room
	member                // was welcomed
	gone                  // takes no place any more
)

// gate counts connections by stage and neighbour. Strangers have places of
// their own, and where there are none left the one that has had the longest
// time goes: so somebody who opens many and says nothing keeps nobody out who
// has something to show, not even next door.
type gate struct {
	limits throttle.Limits
	group  sync.WaitGroup // everybody who entered

	mu        sync.Mutex // guards what follows, and every conn's stage
	shut      bool
	all       map[*conn]struct{}
	strangers []*conn // oldest first
	by        map[throttle.Neighbour]*neighbourhood
	around    map[netip.Prefix]int // waiting and members, by the networks around their neighbourhoods
}

// neighbourhood is what one neighbour has, oldest first.
type neighbourhood struct {
	strangers, waiting []*conn
	known              int // waiting and members
}

func newGate(l throttle.Limits) *gate {
	return &gate{limits: l, all: map[*conn]struct{}{}, by: map[throttle.Neighbour]*neighbourhood{}, around: map[netip.Prefix]int{}}
}

// enter counts a connection in, unless the gate is shut. Whoever had to make
// room for it, if anybody, is returned and is to be closed.
func (g *gate) enter(c *conn) (out *conn, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return nil, false
	}
	n := g.neighbours(c)
	switch limit := g.limits.Unknown; {
	case len(n.strangers) >= c.from.Share(limit.Each):
		out = n.strangers[0]
	case len(g.strangers) >= limit.All:
		out = g.strangers[0]
	}
	if out != nil {
		g.drop(out)
		n = g.neighbours(c)
	}
	g.group.Add(1)
	g.all[c] = struct{}{}
	g.strangers = append(g.strangers, c)
	n.strangers = append(n.strangers, c)
	return out, true
}

// show notes that a stranger has shown a valid token, or a valid resume secret,
// for which there is twice the room. ok is false if there is none, or if the
// connection had to make room for another in the meantime.
func (g *gate) show(c *conn, resume bool) (out *conn, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.stage != stranger {
		return nil, c.stage != gone
	}
	n := g.neighbours(c)
	limit := c.from.Share(g.limits.Known)
	if resume {
		limit *= 2
	}
	if g.full(c, limit) {
		if len(n.waiting) == 0 {
			return nil, false
		}
		out = n.waiting[0]
		g.drop(out)
	}
	g.drop(c)
	n = g.neighbours(c)
	c.stage = waiting
	n.waiting = append(n.waiting, c)
	g.know(c, n, 1)
	return out, true
}

// full reports whether a connection's neighbour, or a network around it, has as
// many people as there may be: so much for one neighbour.
func (g *gate) full(c *conn, limit int) bool {
	if g.neighbours(c).known >= limit {
		return true
	}
	for network, times := range c.from.Around {
		if g.around[network] >= limit*times {
			return true
		}
	}
	return false
}

// know counts one who has shown who they are, or takes that back.
func (g *gate) know(c *conn, n *neighbourhood, by int) {
	n.known += by
	for network := range c.from.Around {
		if g.around[network] += by; g.around[network] == 0 {
			delete(g.around, network)
		}
	}
}

// welcome notes that a connection is in a room: it makes room for nobody.
func (g *gate) welcome(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.stage == waiting {
		n := g.neighbours(c)
		n.waiting = without(n.waiting, c)
		c.stage = member
	}
}

// leave counts a connection out.
func (g *gate) leave(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop(c)
	delete(g.all, c)
	g.group.Done()
}

// close lets nobody in any more and gives those who are.
func (g *gate) close() []*conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = true
	all := make([]*conn, 0, len(g.all))
	for c := range g.all {
		all = append(all, c)
	}
	return all
}

// isShut reports whether nobody is let in any more.
func (g *gate) isShut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut
}

// drop takes a connection's place away. Called with the lock held.
func (g *gate) drop(c *conn) {
	n := g.neighbours(c)
	switch c.stage {
	case stranger:
		g.strangers, n.strangers = without(g.strangers, c), without(n.strangers, c)
	case waiting:
		n.waiting = without(n.waiting, c)
		g.know(c, n, -1)
	case member:
		g.know(c, n, -1)
	}
	c.stage = gone
	if n.known == 0 && len(n.strangers) == 0 {
		delete(g.by, c.from)
	}
}

func (g *gate) neighbours(c *conn) *neighbourhood {
	n := g.by[c.from]
	if n == nil {
		n = &neighbourhood{}
		g.by[c.from] = n
	}
	return n
}

func without(list []*conn, c *conn) []*conn {
	return slices.DeleteFunc(list, func(o *conn) bool { return o == c })
}
