package sfu

import (
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/stun"
	"golang.org/x/time/rate"
)

// Bounds on what the holder of one ICE user name, who may be anybody in a room, has this
// server do. Pion has none: it keeps every address that was checked, and each packet that
// waits in 8 KiB, without an end.
const (
	// maxRemotes is from how many addresses one user name may be used. Browsers have a
	// few at a time, and a new user name after each ICE restart, so a roaming phone never
	// comes near it.
	maxRemotes = 64
	// maxTCP is how many TCP connections of one user name may be open: browsers open
	// one for each address of ours and each of theirs.
	maxTCP = 16
	// tcpSilence closes a TCP connection on which nothing comes. Browsers check the one
	// they use every few seconds, and others that they keep every 25.
	tcpSilence = 45 * time.Second
	// replaceAfter is for how long nothing must have come over a TCP connection that
	// makes room for another.
	replaceAfter = 5 * time.Second
)

// Checks of one user name over UDP, in a second and at once. Browsers send some 20 a
// second until one is answered, and then one in a second or two. Pion takes longer for
// each than it takes to come, and what waits is not bounded.
const (
	checksPerSecond = 100
	checksAtOnce    = 200
)

// maxReporters is how many SSRCs may be named as the senders of one user's RTCP: pion
// keeps a state for each before it knows whether the packet is genuine. A browser has one
// for each section, and one for each layer.
const maxReporters = 128

// reporters bounds the SSRCs that one user's RTCP is sent from. Only pion's one reader of
// the user's packets touches it.
type reporters map[uint32]struct{}

// takes reports whether a packet may go on.
func (r reporters) takes(packet []byte) bool {
	if len(packet) < 8 || packet[0]>>6 != 2 || packet[1] < 192 || packet[1] > 223 {
		return true // no RTCP (RFC 5761 section 4)
	}
	ssrc := binary.BigEndian.Uint32(packet[4:])
	if _, known := r[ssrc]; !known && len(r) >= maxReporters {
		return false
	}
	r[ssrc] = struct{}{}
	return true
}

// checkpoint is the UDP socket in front of pion's mux. A packet of STUN passes it if it
// names a user that is known, or comes from an address that was used by one, and is within
// that user's budget. Everything else passes untouched.
type checkpoint struct {
	net.PacketConn

	mu     sync.Mutex // leaf
	users  map[string]*user
	places map[netip.AddrPort]*user
}

// user is the holder of one ICE user name.
type user struct {
	name   string
	checks *rate.Limiter
	places []netip.AddrPort // at most maxRemotes
}

func newCheckpoint(c net.PacketConn) *checkpoint {
	return &checkpoint{PacketConn: c, users: map[string]*user{}, places: map[netip.AddrPort]*user{}}
}

// ReadFrom gives the next packet that may pass. Only pion's one reader calls it.
func (c *checkpoint) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, addr, err := c.PacketConn.ReadFrom(b)
		if err != nil || !stun.IsMessage(b[:n]) || c.passes(b[:n], addr) {
			return n, addr, err
		}
	}
}

func (c *checkpoint) passes(packet []byte, from net.Addr) bool {
	place := addrPort(from)
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.places[place]
	if u == nil {
		u = c.users[string(userName(packet))]
	}
	return u != nil && u.checks.Allow()
}

// know lets a user name in.
func (c *checkpoint) know(name string) *user {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.users[name]
	if u == nil {
		u = &user{name: name, checks: rate.NewLimiter(checksPerSecond, checksAtOnce)}
		c.users[name] = u
	}
	return u
}

// use notes an address of a user; false if there are too many.
func (c *checkpoint) use(u *user, place netip.AddrPort) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.places[place] == u {
		return true
	}
	if len(u.places) >= maxRemotes || c.users[u.name] != u {
		return false
	}
	u.places = append(u.places, place)
	c.places[place] = u // the newest who authenticated there
	return true
}

// forget ends a user name.
func (c *checkpoint) forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.users[name]
	if u == nil {
		return
	}
	delete(c.users, name)
	for _, place := range u.places {
		if c.places[place] == u {
			delete(c.places, place)
		}
	}
}

// userName is our half of the user name in a STUN packet (RFC 8445 section 7.2.2), empty
// if there is none.
func userName(packet []byte) []byte {
	const head, attribute = 20, 4
	for at := head; at+attribute <= len(packet); {
		kind, size := binary.BigEndian.Uint16(packet[at:]), int(binary.BigEndian.Uint16(packet[at+2:]))
		at += attribute
		if at+size > len(packet) {
			return nil
		}
		if stun.AttrType(kind) == stun.AttrUsername {
			for i, b := range packet[at : at+size] {
				if b == ':' {
					return packet[at : at+i]
				}
			}
			return packet[at : at+size]
		}
		at += (size + 3) &^ 3
	}
	return nil
}

func addrPort(a net.Addr) netip.AddrPort {
	switch a := a.(type) {
	case *net.UDPAddr:
		return a.AddrPort()
	case *net.TCPAddr:
		return a.AddrPort()
	}
	return netip.AddrPort{}
}

// GetConn gives the packets of a user name, of which the checkpoint then knows.
func (m *oneAddressMux) GetConn(name string, addr net.Addr) (net.PacketConn, error) {
	c, err := m.UDPMuxDefault.GetConn(name, addr)
	if err != nil {
		return nil, err
	}
	return &udpPlaces{PacketConn: c, at: m.checkpoint, user: m.checkpoint.know(name), reporters: reporters{}}, nil
}

// RemoveConnByUfrag ends a user name.
func (m *oneAddressMux) RemoveConnByUfrag(name string) {
	m.checkpoint.forget(name)
	m.UDPMuxDefault.RemoveConnByUfrag(name)
}

// udpPlaces is the packets of one user name, from so many addresses at most.
type udpPlaces struct {
	net.PacketConn
	at   *checkpoint
	user *user
	last netip.AddrPort // only pion's one reader of it touches this
	reporters
}

func (c *udpPlaces) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, addr, err := c.PacketConn.ReadFrom(b)
		if err != nil {
			return n, addr, err
		}
		place := addrPort(addr)
		if (place == c.last || c.at.use(c.user, place)) && c.takes(b[:n]) {
			c.last = place
			return n, addr, nil
		}
	}
}

// Close ends the user name.
func (c *udpPlaces) Close() error {
	c.at.forget(c.user.name)
	return c.PacketConn.Close()
}

// boundedTCP is pion's mux of TCP connections, a few of each user name.
type boundedTCP struct {
	*ice.TCPMuxDefault
	listener *oneAddressListener
}

// GetConnByUfrag gives the packets of a user name.
func (m *boundedTCP) GetConnByUfrag(name string, isIPv6 bool, local net.IP) (net.PacketConn, error) {
	c, err := m.TCPMuxDefault.GetConnByUfrag(name, isIPv6, local)
	if err != nil {
		return nil, err
	}
	return &tcpPlaces{PacketConn: c, listener: m.listener, heard: map[netip.AddrPort]time.Time{}, reporters: reporters{}}, nil
}

// tcpPlaces is the packets of one user name from so many TCP connections at most.
type tcpPlaces struct {
	net.PacketConn
	listener *oneAddressListener
	heard    map[netip.AddrPort]time.Time // only pion's one reader of it touches this
	reporters
}

// ReadFrom gives the next packet of any of the connections. That one of them ended is
// none of the others' business: pion would stop reading them all.
func (c *tcpPlaces) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, addr, err := c.PacketConn.ReadFrom(b)
		switch place := addrPort(addr); {
		case err != nil && place == netip.AddrPort{}:
			return n, addr, err
		case err != nil:
			delete(c.heard, place)
		case !c.holds(place, time.Now()):
			c.listener.hangUp(place)
		case c.takes(b[:n]):
			return n, addr, nil
		}
	}
}

// holds reports whether a connection may be used. If there are too many, the one over
// which nothing has come for the longest time makes room.
func (c *tcpPlaces) holds(place netip.AddrPort, now time.Time) bool {
	if _, known := c.heard[place]; !known && len(c.heard) >= maxTCP {
		oldest, since := place, now
		for p, heard := range c.heard {
			if heard.Before(since) {
				oldest, since = p, heard
			}
		}
		if now.Sub(since) < replaceAfter {
			return false
		}
		c.listener.hangUp(oldest)
		delete(c.heard, oldest)
	}
	c.heard[place] = now
	return true
}
