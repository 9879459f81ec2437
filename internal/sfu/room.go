package sfu

import (
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Room is a set of peers that receive each other. Peers of different rooms never do.
// All methods are safe for concurrent use and do not wait for the network.
//
// Its lock guards who is there, what they send and who sits where. The locks
// of seats and layers may be taken under it. Packets do not need it.
type Room struct {
	sfu  *SFU
	obs  RoomObserver
	mail *mailbox
	done chan struct{} // closed by Close
	wake chan struct{} // holds a token while somebody must be seated anew

	mu       sync.Mutex
	peers    []*Peer // in order of arrival
	closed   bool
	speaking []string
	asks     []*layer // key frames to ask for once the lock is free
	beat     clockwork
}

func newRoom(s *SFU, obs RoomObserver) *Room {
	return &Room{sfu: s, obs: obs, mail: newMailbox(), done: make(chan struct{}), wake: make(chan struct{}, 1)}
}

// Join adds a peer without a connection, whose media then comes with Answer. A second
// Join of an id closes the first peer. After Close it gives a peer that is closed.
// obs may be nil.
func (r *Room) Join(id string, obs PeerObserver) *Peer {
	p := newPeer(r, id, obs)
	r.change(func() {
		if r.closed {
			p.closed = true
			return
		}
		if i := slices.IndexFunc(r.peers, func(o *Peer) bool { return o.id == id }); i >= 0 {
			r.remove(r.peers[i])
		}
		r.peers = append(r.peers, p)
	})
	return p
}

// Close closes every peer of the room.
func (r *Room) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.closed = true
	r.mail.close()
	close(r.done)
	r.sfu.forget(r)
	for len(r.peers) > 0 {
		p := r.peers[0]
		if !r.survives(func() { r.remove(p) }) {
			r.peers = slices.DeleteFunc(r.peers, func(o *Peer) bool { return o == p })
		}
	}
}

// survives runs f and reports whether it came to its end. A mistake of ours in
// one room must not end all the others, which share the process.
func (r *Room) survives(f func()) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			r.sfu.log.Error("sfu: panic in a room", "panic", v, "stack", string(debug.Stack()))
		}
	}()
	f()
	return true
}

// sound runs f as survives does, and closes the room if it did not come to its
// end: what f left half done is not to be relied on.
func (r *Room) sound(f func()) {
	if !r.survives(f) {
		r.Close()
	}
}

// deliver runs what tells an observer of e. An observer that panics loses its
// peer, or the room if it is the room's.
func (r *Room) deliver(e event, f func()) {
	switch {
	case r.survives(f):
	case e.peer != nil:
		e.peer.Close()
	default:
		r.Close()
	}
}

// change runs f under the lock and has everybody seated anew: soon, by the room's
// own goroutine, so that a hundred who come at once cost their caller nothing.
func (r *Room) change(f func()) {
	r.locked(f)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// locked runs f under the lock, then asks for the key frames that f found missing.
// It is called by pion's goroutines and by the room's owner, whom a panic of f
// does not reach: it closes the room.
func (r *Room) locked(f func()) {
	var asks []*layer
	r.sound(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		f()
		asks, r.asks = r.asks, nil
	})
	now := time.Now()
	for _, l := range asks {
		l.wantKeyFrame(now)
	}
}

// remove takes a peer out. Called with the lock held.
func (r *Room) remove(p *Peer) {
	p.closed = true
	r.peers = slices.DeleteFunc(r.peers, func(o *Peer) bool { return o == p })
	r.mail.forget(p)
	for _, pub := range p.pubs {
		for _, l := range slices.Clone(pub.layers) {
			r.detach(l)
		}
	}
	r.hangUp(p)
}

// expel closes the connection of a browser that goes on sending what it may not, and
// says so. Called with the lock held.
func (r *Room) expel(p *Peer, what string, packets int) {
	r.sfu.log.Warn("sfu: a browser goes on sending more than it may; its connection is closed",
		"peer", p.id, "what", what, "packets_dropped", packets)
	r.hangUp(p)
	r.mail.put(event{peer: p, excess: what})
}

// hangUp closes a peer's connection and empties its seats.
func (r *Room) hangUp(p *Peer) {
	if p.conn == nil {
		return
	}
	for _, s := range p.conn.seats() {
		s.who = nil
		s.aim(nil)
	}
	p.conn.close()
	p.conn = nil
}

// detach takes a layer from its publication and from every seat, for good.
func (r *Room) detach(l *layer) {
	l.ended.Store(true)
	l.conn.rtp.ended(l)
	l.conn.rtcp.forget(l)
	l.pub.remove(l)
	for _, s := range *l.seats.Load() {
		s.drop(l)
		l.removeSeat(s)
	}
}

func (r *Room) leave(p *Peer) {
	r.change(func() {
		if !p.closed {
			r.remove(p)
		}
	})
}

func (r *Room) connectionOf(p *Peer) (c *connection, open bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return p.conn, !p.closed && !r.closed
}

// adopt makes a new connection the peer's, in place of the old one. The new seats get the
// occupants of the old ones as far as they go.
func (r *Room) adopt(c *connection) (ok bool) {
	p := c.peer
	r.change(func() {
		if p.closed || r.closed {
			return
		}
		if old := p.conn; old != nil {
			inherit(c.audio, old.audio)
			inherit(c.video, old.video)
			for _, pub := range p.pubs {
				for _, l := range slices.Clone(pub.layers) {
					r.detach(l)
				}
			}
			r.hangUp(p)
		}
		p.conn, p.state, p.told, p.down = c, "", nil, 0
		ok = true
	})
	return ok
}

func inherit(to, from []*seat) {
	for i := range min(len(to), len(from)) {
		to[i].who, to[i].height = from[i].who, from[i].height
	}
}

func (r *Room) setSending(p *Peer, source Source, on bool) {
	r.change(func() {
		pub := p.pubs[source]
		if pub == nil || p.closed {
			return
		}
		turned := pub.off.Load() == on
		if on && (turned || !pub.sending) {
			// The first picture after a pause should not wait for the next key frame. One
			// that came before the word did was not forwarded.
			for _, l := range pub.layers {
				if len(*l.seats.Load()) > 0 {
					r.asks = append(r.asks, l)
				}
			}
		}
		pub.sending = on
		pub.voiceMu.Lock()
		pub.told = true
		pub.voiceMu.Unlock()
		pub.off.Store(!on)
		if turned {
			pub.interrupt()
		}
	})
}

func (r *Room) show(p *Peer, wants []Want) {
	wants = slices.Clone(wants)
	r.change(func() { p.wants = wants })
}

// layerStarted takes a new incoming stream, unless its connection is no longer the
// peer's.
func (r *Room) layerStarted(l *layer) (ok bool) {
	r.change(func() {
		if l.conn != l.pub.peer.conn {
			return
		}
		for _, old := range slices.Clone(l.pub.layers) {
			if old.rid == l.rid {
				r.detach(old)
			}
		}
		l.pub.add(l)
		ok = true
	})
	return ok
}

func (r *Room) layerEnded(l *layer) { r.change(func() { r.detach(l) }) }

// connectionChanged looks at the state of a connection. Pion tells of changes from
// goroutines that may overtake each other, so it is asked again under the lock.
func (r *Room) connectionChanged(c *connection) {
	r.locked(func() {
		p := c.peer
		if p.conn != c {
			return
		}
		state, live := stateOf(c.pc.ConnectionState())
		if live && !c.live.Load() {
			for _, s := range c.seats() {
				s.restart()
				if l := s.waiting(); l != nil {
					r.asks = append(r.asks, l)
				}
			}
		}
		c.live.Store(live)
		if state != "" && state != p.state {
			p.state = state
			r.mail.put(event{peer: p, state: state})
		}
	})
}
