package sfu

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"log/slog"
	"math"
	mathrand "math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/stun"
)

// The tests of this file run beside no others: they measure loss, and cause load.

// meeting is two people in a room who see each other, on an SFU whose log is kept.
type meeting struct {
	sfu  *SFU
	room *Room
	a, b *client
	mid  string // the seat in which a sees b
	logs *safeBuffer
}

func newMeeting(t *testing.T) *meeting {
	t.Helper()
	m := &meeting{logs: &safeBuffer{}}
	var err error
	m.sfu, err = New(Config{Host: "127.0.0.1", Logger: slog.New(slog.NewTextHandler(m.logs, nil))})
	must(t, err)
	t.Cleanup(func() { must(t, m.sfu.Close()) })
	m.room = m.sfu.NewRoom(nil)
	m.a = newClient(t, "a", 2, 2, nil).enter(t, m.room)
	m.b = newClient(t, "b", 2, 2, nil).enter(t, m.room)
	m.mid = m.a.seats(t, "b", Camera)
	m.a.hears(t, m.mid, "b/f", 10)
	return m
}

// during runs f and gives which share of b's packets a missed meanwhile. Nobody
// asks for a packet again here, so what is lost on the way is lost.
func (m *meeting) during(t *testing.T, f func()) (lost float64) {
	t.Helper()
	before := len(m.a.heard(m.mid))
	f()
	m.a.sees(t, m.mid, "b", 50)
	return missing(m.a.heard(m.mid)[before:])
}

// sees waits for n new packets of somebody's picture in a seat, of whatever layer.
func (c *client) sees(t *testing.T, mid, who string, n int) {
	t.Helper()
	before := len(c.heard(mid))
	eventually(t, c.id+" sees "+who, func() bool {
		seen := c.heard(mid)[before:]
		return len(slices.DeleteFunc(seen, func(g got) bool { return !strings.HasPrefix(g.from, who+"/") })) >= n
	})
}

// missing is the share of sequence numbers that did not come.
func missing(packets []got) float64 {
	var u unwrapper
	first, last := int64(math.MaxInt64), int64(0)
	for _, p := range packets {
		n := u.unwrap(p.seq)
		first, last = min(first, n), max(last, n)
	}
	return 1 - float64(len(packets))/float64(last-first+1)
}

// mustBeSound wants both to go on seeing each other, and no panic.
func (m *meeting) mustBeSound(t *testing.T) {
	t.Helper()
	m.a.sees(t, m.mid, "b", 5)
	m.b.sees(t, m.b.seats(t, "a", Camera), "a", 5)
	if m.a.obs.state() != Connected || m.b.obs.state() != Connected {
		t.Errorf("connections are %s and %s", m.a.obs.state(), m.b.obs.state())
	}
	if strings.Contains(m.logs.String(), "panic") {
		t.Error(m.logs.String())
	}
}

// safeBuffer keeps what is written to it.
type safeBuffer struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// stranger is a socket that nobody knows, aimed at the RTC port.
func (m *meeting) stranger(t *testing.T) *net.UDPConn {
	t.Helper()
	c, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: m.sfu.Port()})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// ufrags are the server's and the client's ICE user names of a connection.
func (c *client) ufrags(t *testing.T) (server, own string) {
	t.Helper()
	of := func(sdp string) string {
		_, rest, _ := strings.Cut(sdp, "a=ice-ufrag:")
		name, _, _ := strings.Cut(rest, "\r\n")
		return name
	}
	server, own = of(c.pc.RemoteDescription().SDP), of(c.pc.LocalDescription().SDP)
	if server == "" || own == "" {
		t.Fatal("no user names")
	}
	return server, own
}

// TestMalformedSTUN: what is no good, or for somebody else, or not authenticated,
// does nothing.
func TestMalformedSTUN(t *testing.T) {
	m := newMeeting(t)
	server, own := m.a.ufrags(t)
	binding := func(setters ...stun.Setter) []byte {
		msg, err := stun.Build(append([]stun.Setter{stun.TransactionID, stun.BindingRequest}, setters...)...)
		must(t, err)
		return msg.Raw
	}
	known := stun.NewUsername(server + ":" + own)
	kinds := [][]byte{
		binding(), binding(stun.NewUsername("")), binding(stun.NewUsername(strings.Repeat(":", 500))), binding(stun.NewUsername("nobody:nowhere")),
		binding(known), binding(known, stun.NewShortTermIntegrity("wrong")), binding(known, stun.NewShortTermIntegrity("wrong"), stun.Fingerprint),
		binding(known, stun.NewSoftware(strings.Repeat("x", 700))), binding(known, stun.Fingerprint, stun.Fingerprint),
	}
	out := m.stranger(t)
	r := mathrand.New(mathrand.NewPCG(1, 1))
	lost := m.during(t, func() {
		for i := range 3000 {
			packet := bytes.Clone(kinds[i%len(kinds)])
			switch i / len(kinds) % 4 { // as it is, cut, lengths that lie, changed anywhere
			case 1:
				packet = packet[:r.IntN(len(packet))]
			case 2:
				binary.BigEndian.PutUint16(packet[2:], uint16(r.Uint32()))
				if len(packet) > 24 {
					binary.BigEndian.PutUint16(packet[22:], uint16(r.Uint32()))
				}
			case 3:
				packet[8+r.IntN(len(packet)-8)] ^= byte(1 + r.IntN(255))
			}
			_, _ = out.Write(packet)
		}
	})
	t.Logf("%.2f %% of another's packets were lost", 100*lost)
	m.mustBeSound(t)
}

// clientHello is the beginning of a DTLS handshake.
func clientHello() []byte {
	body := append([]byte{0xfe, 0xfd}, make([]byte, 32)...) // version, random
	body = append(body, 0, 0, 0, 2, 0xc0, 0x2b, 1, 0)       // no session, no cookie, one suite, no compression
	hand := append([]byte{1, 0, 0, byte(len(body)), 0, 0, 0, 0, 0, 0, 0, byte(len(body))}, body...)
	return append([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(len(hand))}, hand...)
}

// TestThirdAddress: somebody at another address begins a handshake, also after a
// check with the right names and the wrong password, and sends what looks like
// media; those who are connected notice nothing.
func TestThirdAddress(t *testing.T) {
	m := newMeeting(t)
	server, own := m.b.ufrags(t)
	check, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(server+":"+own),
		stun.NewShortTermIntegrity("a guess of the password"), stun.Fingerprint)
	must(t, err)
	out := m.stranger(t)
	for range 100 {
		for _, packet := range [][]byte{
			clientHello(), check.Raw, clientHello(), clientHello()[:20],
			{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 0}, // close_notify
			vp8Packet(1, 1, true, "not b's"),
		} {
			_, err := out.Write(packet)
			must(t, err)
		}
	}
	m.mustBeSound(t)
	must(t, out.SetReadDeadline(time.Now().Add(time.Millisecond)))
	if n, err := out.Read(make([]byte, 1500)); err == nil {
		t.Errorf("a stranger was answered with %d bytes", n)
	}
}

// TestFlood: 50,000 packets that look like b's media, from somebody who is nobody,
// at 50 in a millisecond.
func TestFlood(t *testing.T) {
	const packets, atOnce = 50_000, 50
	m := newMeeting(t)
	out := m.stranger(t)
	raw := vp8Packet(1, 1, true, string(make([]byte, 200)))
	binary.BigEndian.PutUint32(raw[8:], m.b.layers[ridFull].ssrc)
	began := time.Now()
	lost := m.during(t, func() {
		ticks := time.NewTicker(time.Millisecond)
		defer ticks.Stop()
		for i := range packets {
			if i%atOnce == 0 {
				<-ticks.C
			}
			binary.BigEndian.PutUint16(raw[2:], uint16(i))
			_, _ = rand.Read(raw[12:40])
			_, _ = out.Write(raw)
		}
	})
	t.Logf("%d packets in %v; %.2f %% of another's were lost", packets, time.Since(began), 100*lost)
	if lost > 0.5 {
		t.Errorf("%.0f %% of another's packets were lost", 100*lost)
	}
	m.mustBeSound(t)
}

// TestHostileMedia: somebody who is in the room sends, well encrypted, RTP and RTCP
// that no browser sends. Their own connection may end over it; no other does.
func TestHostileMedia(t *testing.T) {
	m := newMeeting(t)
	mallory := newClient(t, "m", 1, 1, nil).enter(t, m.room)
	r := mathrand.New(mathrand.NewPCG(2, 2))
	lost := m.during(t, func() {
		for range 3000 {
			h, payload := weirdRTP(r, mallory.layers[ridFull].ssrc)
			_, _ = mallory.layers[ridFull].out.WriteRTP(&h, payload)
		}
		eventually(t, "streams of SSRCs that nobody spoke of", func() bool { return mallory.peer.streams() > 20 })
		for range 1000 {
			_ = mallory.pc.WriteRTCP([]rtcp.Packet{weirdRTCP(r, mallory)})
		}
	})
	t.Logf("%.2f %% of another's packets were lost", 100*lost)
	m.mustBeSound(t)
}

// streams is how many streams the server's side of a connection has opened, -1 if it
// is closed.
func (p *Peer) streams() int {
	c, open := p.room.connectionOf(p)
	if !open || c == nil {
		return -1
	}
	c.rtcp.mu.Lock()
	defer c.rtcp.mu.Unlock()
	return c.rtcp.streams
}

// weirdRTP is a packet with something odd about it, if not everything.
func weirdRTP(r *mathrand.Rand, ssrc uint32) (rtp.Header, []byte) {
	h := rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: uint16(r.Uint32()), Timestamp: r.Uint32(), SSRC: ssrc, Marker: r.IntN(2) == 0}
	payload := make([]byte, []int{0, 0, 1, 2, 3, 5, 100, 1200}[r.IntN(8)])
	for i := range payload {
		payload[i] = byte(r.Uint32())
	}
	switch r.IntN(8) {
	case 0: // only padding, or more than there is
		h.Padding, h.PaddingSize = true, byte(r.Uint32())
	case 1: // padding that the payload's last byte is wrong about
		h.Padding = true
	case 2:
		h.SSRC = r.Uint32() % 100 // one of a hundred that nobody spoke of
	case 3:
		h.PayloadType = uint8(r.IntN(128))
	case 4:
		h.CSRC = make([]uint32, r.IntN(16))
	case 5:
		_ = h.SetExtension(uint8(1+r.IntN(14)), payload[:min(len(payload), r.IntN(17))])
	case 6:
		h.Extension, h.ExtensionProfile = true, rtp.ExtensionProfileTwoByte
		_ = h.SetExtension(uint8(1+r.IntN(255)), payload[:min(len(payload), r.IntN(256))])
	case 7:
		h.Extension, h.ExtensionProfile = true, uint16(r.Uint32())
		_ = h.SetExtension(0, payload[:len(payload)/4*4])
	}
	return h, payload
}

// weirdRTCP is a packet of a known kind with a body that may be anything.
func weirdRTCP(r *mathrand.Rand, c *client) rtcp.Packet {
	body := make([]byte, 4*(1+r.IntN(40)))
	for i := range body {
		body[i] = byte(r.Uint32())
	}
	binary.BigEndian.PutUint32(body, []uint32{c.layers[ridFull].ssrc, r.Uint32(), 0}[r.IntN(3)])
	head := []byte{0x80 | byte(r.IntN(64)), byte(200 + r.IntN(8)), 0, byte(len(body) / 4)}
	if r.IntN(4) == 0 {
		head[3] = byte(r.Uint32()) // a length that lies
	}
	raw := rtcp.RawPacket(append(head, body...))
	return &raw
}
