package throttle

import (
	"container/heap"
	"container/list"
	"net/netip"
)

// state is what a connection is used for. The words are those of http.ConnState.
type state int

const (
	idle     state = iota // nobody has asked anything on it yet, or since the last answer
	active                // a request is being read or answered
	hijacked              // a WebSocket: it counts by rules of its own, and makes room for nobody
)

// position is where a connection stands in the table.
type position struct {
	state   state
	element *list.Element // in its holder's; nil: hijacked, or gone
	counted bool
}

// holder is whoever has connections, seen from furthest away: an IPv4 address, or
// an IPv6 /48, which one customer may have.
type holder struct {
	name string
	n    int
	rank int // in the ranking
	// waiting are its connections by state, those that have been so for longest
	// first.
	waiting [hijacked]list.List
}

// connTable is who has how many connections. It is guarded by its listener's lock.
// WebSockets count among all of them only: how many of those somebody may have is
// for whoever knows whose they are.
type connTable struct {
	limits Connections

	all      int
	hijacked int
	each     map[Neighbour]int
	around   map[netip.Prefix]int // by network
	holders  map[netip.Prefix]*holder
	ranking  ranking
}

func newConnTable(limits Connections) *connTable {
	return &connTable{
		limits: limits, each: map[Neighbour]int{}, around: map[netip.Prefix]int{}, holders: map[netip.Prefix]*holder{},
	}
}

// widestNetwork is the network by which a neighbour is compared with others.
func widestNetwork(n Neighbour) netip.Prefix {
	if n.prefix.Addr().Is6() {
		return around(n, networks[len(networks)-1].bits)
	}
	return n.prefix
}

func (h *connTable) add(c *conn) {
	h.all++
	h.count(c.neighbour, 1)
	c.counted = true
	h.enqueue(c, idle)
}

// remove takes a connection out, if it is still there.
func (h *connTable) remove(c *conn) {
	if !c.counted {
		return
	}
	c.counted = false
	h.all--
	if c.state == hijacked {
		h.hijacked--
		return
	}
	h.dequeue(c)
	h.count(c.neighbour, -1)
}

// setState notes what a connection is used for from now on.
func (h *connTable) setState(c *conn, s state) {
	if !c.counted || c.state == s || c.state == hijacked {
		return
	}
	h.dequeue(c)
	if s != hijacked {
		h.enqueue(c, s)
		return
	}
	c.state = hijacked
	h.hijacked++
	h.count(c.neighbour, -1)
}

func (h *connTable) enqueue(c *conn, s state) {
	o := h.holders[widestNetwork(c.neighbour)]
	c.state, c.element = s, o.waiting[s].PushBack(c)
	heap.Fix(&h.ranking, o.rank)
}

func (h *connTable) dequeue(c *conn) {
	if c.element != nil {
		o := h.holders[widestNetwork(c.neighbour)]
		o.waiting[c.state].Remove(c.element)
		c.element = nil
		heap.Fix(&h.ranking, o.rank)
	}
}

func (h *connTable) count(n Neighbour, by int) {
	if h.each[n] += by; h.each[n] == 0 {
		delete(h.each, n)
	}
	for p := range n.Around {
		if h.around[p] += by; h.around[p] == 0 {
			delete(h.around, p)
		}
	}
	p := widestNetwork(n)
	o := h.holders[p]
	if o == nil {
		o = &holder{name: p.String()}
		h.holders[p] = o
		heap.Push(&h.ranking, o)
	}
	o.n += by
	heap.Fix(&h.ranking, o.rank)
	if o.n == 0 {
		heap.Remove(&h.ranking, o.rank)
		delete(h.holders, p)
	}
}

// makeRoom says whether a neighbour may have one more connection, and which other
// one has to go for that. A proxy may have all. Where fair is set, one that its
// own neighbour does not use makes room, too.
func (h *connTable) makeRoom(n Neighbour, proxy, fair bool) (out *conn, ok bool) {
	if full, bits := h.full(n); full && !proxy {
		if !fair {
			return nil, false
		}
		out = h.idleIn(n, bits)
		return out, out != nil
	}
	if h.all < h.limits.All {
		return nil, true
	}
	own := h.holders[widestNetwork(n)]
	most := h.largest()
	if most == nil || most.n <= own.has() { // nobody has more
		if fair && own.has() > 0 && own.waiting[idle].Len() > 0 {
			return first(&own.waiting[idle]), true
		}
		return nil, false
	}
	if most.waiting[idle].Len() > 0 {
		return first(&most.waiting[idle]), true
	}
	if most.n > own.has()+1 { // who is slow on purpose is busy, too
		return first(&most.waiting[active]), true
	}
	return nil, false
}

// full reports whether a neighbour, or a network around it, has all it may have,
// and how wide that is.
func (h *connTable) full(n Neighbour) (full bool, bits int) {
	each := n.Share(h.limits.Each)
	if h.each[n] >= each {
		return true, n.prefix.Bits()
	}
	for network, times := range n.Around {
		if h.around[network] >= each*times {
			return true, network.Bits()
		}
	}
	return false, 0
}

// idleIn is the connection that has been idle for longest of those in the
// network around n that is so wide; nil if there is none.
func (h *connTable) idleIn(n Neighbour, bits int) *conn {
	within := around(n, bits)
	for e := h.holders[widestNetwork(n)].waiting[idle].Front(); e != nil; e = e.Next() {
		if c := e.Value.(*conn); within == around(c.neighbour, bits) {
			return c
		}
	}
	return nil
}

// largest is whoever has most connections of those that somebody could make room
// with; of two that have as many, one with an idle one.
func (h *connTable) largest() *holder {
	if len(h.ranking) == 0 || !h.ranking[0].canMakeRoom() {
		return nil
	}
	return h.ranking[0]
}

func (o *holder) canMakeRoom() bool { return o.waiting[idle].Len()+o.waiting[active].Len() > 0 }

// ranking is a heap (container/heap) with the largest holder first.
type ranking []*holder

func (r ranking) Len() int { return len(r) }

func (r ranking) Less(i, j int) bool {
	a, b := r[i], r[j]
	switch {
	case a.canMakeRoom() != b.canMakeRoom():
		return a.canMakeRoom()
	case a.n != b.n:
		return a.n > b.n
	}
	return a.waiting[idle].Len() > 0 && b.waiting[idle].Len() == 0
}

func (r ranking) Swap(i, j int) {
	r[i], r[j] = r[j], r[i]
	r[i].rank, r[j].rank = i, j
}

func (r *ranking) Push(x any) {
	o := x.(*holder)
	o.rank = len(*r)
	*r = append(*r, o)
}

func (r *ranking) Pop() any {
	last := len(*r) - 1
	o := (*r)[last]
	(*r)[last] = nil // for the collector
	*r = (*r)[:last]
	return o
}

// has is how many connections a holder has; nil has none.
func (o *holder) has() int {
	if o == nil {
		return 0
	}
	return o.n
}

// most names whoever has most connections, and how many.
func (h *connTable) most() (name string, n int) {
	for _, o := range h.holders {
		if o.n > n {
			name, n = o.name, o.n
		}
	}
	return name, n
}

func first(l *list.List) *conn { return l.Front().Value.(*conn) }
