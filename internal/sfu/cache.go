package sfu

import "sync"

// cache keeps the last packets of one published layer, for all its seats
// together: a seat remembers nothing but numbers. One reader writes, the
// subscribers' NACKs read.
type cache struct {
	mu    sync.Mutex
	slots []cached
}

type cached struct {
	used    bool
	seq     int64
	ts      uint32
	marker  bool
	vp8     vp8
	payload []byte // its capacity stays, so that a warm cache allocates nothing
}

// newCache makes room for so many packets. Their memory is taken when they come.
func newCache(size int) *cache { return &cache{slots: make([]cached, size)} }

// cacheSize is about a second of a layer, as browsers send it.
func cacheSize(rid string) int {
	switch rid {
	case ridQuarter:
		return 64
	case ridHalf:
		return 128
	}
	return 512
}

// put copies a packet in. What is older than the slot's own is dropped.
func (c *cache) put(p *packet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.slot(p.seq)
	if s.used && s.seq > p.seq {
		return
	}
	s.used, s.seq, s.ts, s.marker, s.vp8 = true, p.seq, p.ts, p.marker, p.vp8
	s.payload = append(s.payload[:0], p.payload...)
}

// get copies a packet out into buf, which it may grow. ok is false if it is not, or no
// longer, there.
func (c *cache) get(seq int64, buf []byte) (p packet, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.slot(seq)
	if !s.used || s.seq != seq {
		return packet{}, false
	}
	return packet{
		seq: s.seq, ts: s.ts, marker: s.marker, vp8: s.vp8,
		payload: append(buf[:0], s.payload...),
	}, true
}

func (c *cache) slot(seq int64) *cached {
	n := int64(len(c.slots))
	return &c.slots[((seq%n)+n)%n]
}
