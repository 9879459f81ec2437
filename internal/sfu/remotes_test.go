package sfu

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/stun"
	"github.com/pion/webrtc/v3"
)

// The tests of this file that measure run beside no others.

// checkOf is a connectivity check that the server answers: its sender is in the room.
func (c *client) checkOf(t *testing.T) []byte {
	t.Helper()
	server, own := c.ufrags(t)
	_, rest, _ := strings.Cut(c.pc.RemoteDescription().SDP, "a=ice-pwd:")
	password, _, _ := strings.Cut(rest, "\r\n")
	check, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(server+":"+own),
		stun.NewShortTermIntegrity(password), stun.Fingerprint)
	must(t, err)
	return check.Raw
}

// TestFloodOfChecks: somebody in the room sends checks faster than they are answered. They
// are not kept, and others lose nothing.
func TestFloodOfChecks(t *testing.T) {
	m := newMeeting(t)
	check, out := m.b.checkOf(t), m.stranger(t)
	before := liveHeap()
	lost := m.during(t, func() {
		for range 300_000 {
			_, _ = out.Write(check)
		}
	})
	if grown := liveHeap() - before; grown > 24<<20 {
		t.Errorf("the server holds %d MiB for one guest", grown>>20)
	}
	t.Logf("%.2f %% of another's packets were lost", 100*lost)
	m.mustBeSound(t)
}

// TestManyAddresses: one user name is heard from a few addresses only, of which the one
// that is used goes on.
func TestManyAddresses(t *testing.T) {
	m := newMeeting(t)
	check := m.b.checkOf(t)
	server, _ := m.b.ufrags(t)
	places := func() (own, all int) {
		c := m.sfu.transport.udp.checkpoint
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.users[server].places), len(c.places)
	}
	for range 3 * maxRemotes {
		_, err := m.stranger(t).Write(check)
		must(t, err)
	}
	eventually(t, "checks are answered", func() bool { own, _ := places(); return own >= maxRemotes })
	m.mustBeSound(t)
	if own, all := places(); own > maxRemotes || all > own+4 {
		t.Errorf("%d addresses are known, %d of one user", all, own)
	}
	m.room.leave(m.b.peer)
	eventually(t, "they are forgotten with their user", func() bool {
		c := m.sfu.transport.udp.checkpoint
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.users) == 1 && len(c.places) <= 4
	})
}

// framed is a packet as ICE sends it over TCP (RFC 4571).
func framed(packet []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(packet))), packet...)
}

// TestManyTCPConnections of one user name: a few stay, the media goes on over the one that
// is used, and the end of another one is none of its business.
func TestManyTCPConnections(t *testing.T) {
	m := newMeeting(t)
	tcp := func(s *webrtc.SettingEngine) { s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4}) }
	c := newClient(t, "c", 2, 2, tcp).enter(t, m.room)
	check := framed(c.checkOf(t))
	open := func() int {
		l := m.sfu.transport.tcp.listener
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.open)
	}
	dial := func() net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(m.sfu.Port())))
		must(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = conn.Write(check)
		must(t, err)
		return conn
	}
	base := open() // a client may keep one that it does not use
	first := dial()
	must(t, first.SetReadDeadline(time.Now().Add(patience)))
	if _, err := first.Read(make([]byte, 1500)); err != nil {
		t.Fatalf("the check was not answered: %v", err)
	}
	_ = first.Close()
	eventually(t, "that it is closed is seen", func() bool { return open() <= base })
	mid := c.seats(t, "b", Camera)
	c.sees(t, mid, "b", 20)
	m.a.sees(t, m.a.seats(t, "c", Camera), "c", 20)
	for range 3 * maxTCP {
		dial()
	}
	eventually(t, "most are closed", func() bool { return open() <= maxTCP+base })
	c.sees(t, mid, "b", 20)
	m.mustBeSound(t)
}

// TestWhoMakesRoom among TCP connections: the one that was silent for the longest time, if
// that is long.
func TestWhoMakesRoom(t *testing.T) {
	t.Parallel()
	l := newOneAddressListener(moody{}, &net.TCPAddr{})
	c := &tcpPlaces{listener: l, heard: map[netip.AddrPort]time.Time{}}
	place := func(n int) netip.AddrPort { return netip.MustParseAddrPort(fmt.Sprintf("192.0.2.1:%d", 1000+n)) }
	for n := range maxTCP {
		if !c.holds(place(n), after(time.Duration(n)*time.Millisecond)) {
			t.Fatalf("no room for number %d", n)
		}
	}
	if c.holds(place(99), after(time.Second)) {
		t.Error("somebody made room who was heard a second ago")
	}
	for n := range maxTCP {
		if n != 3 {
			c.holds(place(n), after(replaceAfter))
		}
	}
	if _, there := c.heard[place(3)]; !c.holds(place(99), after(replaceAfter+3*time.Millisecond)) || !there {
		t.Error("who was silent does not make room")
	}
	if _, there := c.heard[place(3)]; there || len(c.heard) != maxTCP {
		t.Errorf("%d are heard: %v", len(c.heard), c.heard)
	}
}

// TestSilentTCPConnection is closed, and one on which something comes now and then is not.
func TestSilentTCPConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		c := newOneAddressListener(moody{}, &net.TCPAddr{}).opened(near)
		must(t, c.SetReadDeadline(time.Now().Add(tcpPatience)))
		go func() {
			for range 10 {
				_, _ = far.Write([]byte{1})
				<-time.After(tcpSilence / 2)
			}
		}()
		for n := range 10 {
			_, err := c.Read(make([]byte, 1))
			must(t, err)
			if n == 0 {
				must(t, c.SetReadDeadline(time.Time{})) // as pion does after the first packet
			}
		}
		last := time.Now()
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("something came")
		}
		if silent := time.Since(last); silent > tcpSilence {
			t.Errorf("it was silent for %v", silent)
		}
		_ = c.Close()
		_ = far.Close()
	})
}

// TestUserName finds our half of the name, and never reads beyond the packet.
func TestUserName(t *testing.T) {
	t.Parallel()
	check, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewSoftware("odd"), stun.NewUsername("server:browser"))
	must(t, err)
	if name := userName(check.Raw); string(name) != "server" {
		t.Errorf("%q", name)
	}
	for n := range len(check.Raw) - 2 { // the last two pad the name
		cut := bytes.Clone(check.Raw[:n])
		if name := userName(cut[:n:n]); len(name) > 0 {
			t.Errorf("a name in %d bytes: %q", n, name)
		}
	}
	for i := range check.Raw {
		odd := bytes.Clone(check.Raw)
		odd[i] ^= 0xff
		userName(odd) // must not panic
	}
}

// TestReportsOfManySenders: RTCP in the name of ever other SSRCs is not remembered, and
// that of a browser is taken.
func TestReportsOfManySenders(t *testing.T) {
	m := newMeeting(t)
	mallory := newClient(t, "m", 1, 1, nil).enter(t, m.room)
	before := liveHeap()
	for n := range uint32(200_000) {
		_ = mallory.pc.WriteRTCP([]rtcp.Packet{&rtcp.ReceiverReport{SSRC: 1000 + n}})
	}
	m.a.sees(t, m.mid, "b", 20)
	grown := liveHeap() - before // the client's own state is in it, too
	t.Logf("%d MiB more", grown>>20)
	if grown > 20<<20 {
		t.Errorf("the server holds %d MiB for one guest", grown>>20)
	}
	m.mustBeSound(t)
	r := reporters{}
	packet := []byte{0x80, 201, 0, 1, 0, 0, 0, 0}
	taken := 0
	for n := range 2 * maxReporters {
		packet[6], packet[7] = byte(n>>8), byte(n)
		for range 2 {
			if r.takes(packet) {
				taken++
			}
		}
	}
	packet[1] = 111 // RTP
	if taken != 2*maxReporters || !r.takes(packet) || !r.takes(packet[:7]) {
		t.Errorf("%d packets of %d senders were taken", taken, 2*maxReporters)
	}
}
