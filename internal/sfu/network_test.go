package sfu

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
)

func TestRoomsAreApart(t *testing.T) {
	t.Parallel()
	s := newSFU(t)
	one, two := s.NewRoom(nil), s.NewRoom(nil)
	a := newClient(t, "a", 2, 2, nil).enter(t, one)
	b := newClient(t, "b", 2, 2, nil).enter(t, one)
	c := newClient(t, "c", 2, 2, nil).enter(t, two)
	a.hears(t, a.seats(t, "b", Camera), "b/f", 5)
	b.hears(t, b.seats(t, "a", Camera), "a/f", 5)
	if c.obs.video("a", Camera) != "" || len(c.heard(c.obs.seating().Video[0].Mid)) != 0 {
		t.Error("media crossed from one room to another")
	}
}

func TestNackIsAnsweredFromTheNetwork(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	newClient(t, "b", 1, 1, nil).enter(t, r)
	mid := a.seats(t, "b", Camera)
	a.hears(t, mid, "b/f", 10)
	packets := a.heard(mid)
	lost := packets[len(packets)-1]
	// SRTP would drop the second copy as a replay, so what is counted is what was sent.
	seat := seatOf(r, a, mid)
	eventually(t, "the packet is sent again", func() bool {
		must(t, a.pc.WriteRTCP([]rtcp.Packet{&rtcp.TransportLayerNack{
			MediaSSRC: seat.ssrc.Load(), Nacks: []rtcp.NackPair{{PacketID: lost.seq}},
		}}))
		seat.mu.Lock()
		defer seat.mu.Unlock()
		return seat.resent > 0
	})
}

func seatOf(r *Room, c *client, mid string) *seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range c.peer.conn.seats() {
		if s.mid == mid {
			return s
		}
	}
	return nil
}

func TestPictureLossReachesThePublisher(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	b := newClient(t, "b", 1, 1, nil).enter(t, r)
	mid := a.seats(t, "b", Camera)
	a.hears(t, mid, "b/f", 5)
	ssrc, asked := seatOf(r, a, mid).ssrc.Load(), b.asked.Load()
	must(t, a.pc.WriteRTCP([]rtcp.Packet{&rtcp.FullIntraRequest{MediaSSRC: ssrc, FIR: []rtcp.FIREntry{{SSRC: ssrc}}}}))
	eventually(t, "b is asked for a key frame", func() bool { return b.asked.Load() > asked })
}

func TestSenderReportsTieSoundToPicture(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	b := newClient(t, "b", 1, 1, nil).enter(t, r)
	video, audio := a.seats(t, "b", Camera), a.seats(t, "b", Microphone)
	a.hears(t, video, "b/f", 5)
	a.hears(t, audio, "b/audio", 1)
	// The publisher's own clock is years away, and says that picture n and sound n belong together.
	const theirs = uint64(1) << 32 * 1000
	b.sendReports(t, theirs)
	eventually(t, "both seats report", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return len(a.reports[video]) > 1 && len(a.reports[audio]) > 1
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	v, s := a.reports[video][1], a.reports[audio][1]
	vs, ss := seatOf(r, a, video), seatOf(r, a, audio)
	vs.mu.Lock()
	defer vs.mu.Unlock()
	ss.mu.Lock()
	defer ss.mu.Unlock()
	// At the time of the reports, where are the publisher's own clocks? Both began at 0.
	picture := float64(v.RTPTime-vs.numbers.current().tsOffset-layerBase(vs))/videoRate - seconds(v.NTPTime)
	sound := float64(s.RTPTime-ss.numbers.current().tsOffset)/audioRate - seconds(s.NTPTime)
	if d := picture - sound; d > 0.002 || d < -0.002 {
		t.Errorf("sound and picture are %.3f s apart", d)
	}
}

func seconds(ntp uint64) float64 { return float64(ntp%(1<<52)) / (1 << 32) }

func layerBase(s *seat) uint32 { return uint32(rankOf(s.current.rid)) * 1_000_000_000 }

// sendReports says of every stream that its time stamp 0 was at one instant.
func (c *client) sendReports(t *testing.T, ntp uint64) {
	var reports []rtcp.Packet
	for _, e := range c.camera.GetParameters().Encodings {
		reports = append(reports, &rtcp.SenderReport{SSRC: uint32(e.SSRC), NTPTime: ntp, RTPTime: uint32(rankOf(e.RID)) * 1_000_000_000})
	}
	for _, tr := range c.pc.GetTransceivers() {
		if tr.Kind() == webrtc.RTPCodecTypeAudio && tr.Sender() != nil {
			reports = append(reports, &rtcp.SenderReport{SSRC: uint32(tr.Sender().GetParameters().Encodings[0].SSRC), NTPTime: ntp})
		}
	}
	must(t, c.pc.WriteRTCP(reports))
}

func TestOverTCP(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	tcp := func(s *webrtc.SettingEngine) { s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4}) }
	a := newClient(t, "a", 1, 1, tcp).enter(t, r)
	b := newClient(t, "b", 1, 1, nil).enter(t, r)
	a.hears(t, a.seats(t, "b", Camera), "b/f", 20)
	b.hears(t, b.seats(t, "a", Camera), "a/f", 20)
}

func TestTenPeers(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	all := make([]*client, 10)
	var wg sync.WaitGroup
	for i := range all {
		all[i] = newClient(t, fmt.Sprintf("p%d", i), 9, 9, nil)
		all[i].only.Store(ridQuarter)
		all[i].peer = r.Join(all[i].id, all[i].obs)
	}
	for _, c := range all { // everybody at once
		wg.Add(1)
		go func() { defer wg.Done(); c.negotiate(false); c.play() }()
	}
	wg.Wait()
	for _, me := range all {
		for _, other := range all {
			if me != other {
				me.has(t, me.seats(t, other.id, Camera), other.id+"/q")
				me.has(t, me.seats(t, other.id, Microphone), other.id+"/audio")
			}
		}
	}
}

func TestHostilePackets(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	b := newClient(t, "b", 1, 1, nil).enter(t, r)
	mid := a.seats(t, "b", Camera)
	a.hears(t, mid, "b/f", 5)
	for i := range 200 {
		h := rtp.Header{Version: 2, SequenceNumber: uint16(i * 331), Timestamp: uint32(i)}
		payload := make([]byte, i%7)
		for j := range payload {
			payload[j] = byte(0x80 | i*j)
		}
		_ = b.layers[ridFull].WriteRTP(&rtp.Packet{Header: h, Payload: payload})
		_ = b.mic.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(i)}, Payload: payload})
	}
	a.hears(t, mid, "b/f", 5)
}

func TestOffersOfRealBrowsers(t *testing.T) {
	for _, browser := range []string{"chromium", "firefox"} {
		p := newSFU(t).NewRoom(nil).Join("a", nil)
		answer, err := p.Answer(context.Background(), browserOffer(t, browser))
		if err != nil || len(p.conn.audio) != 5 || len(p.conn.video) != 9 {
			t.Errorf("%s: %v", browser, err)
		}
		if answer == "" || len(answer) > 16<<10 {
			t.Errorf("%s: an answer of %d bytes", browser, len(answer))
		}
	}
}

func TestRefusedOfferLeavesThePeerAsItWas(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	b := newClient(t, "b", 1, 1, nil).enter(t, r)
	for name, o := range badOffers() {
		if _, err := a.peer.Answer(context.Background(), o); err == nil {
			t.Errorf("%s was answered", name)
		}
	}
	a.hears(t, a.seats(t, "b", Camera), "b/f", 5)
	b.hears(t, b.seats(t, "a", Camera), "a/f", 5)
}

func TestAfterClose(t *testing.T) {
	s, err := New(Config{Host: "127.0.0.1"})
	must(t, err)
	list := &speakers{}
	r := s.NewRoom(list)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	must(t, s.Close())
	must(t, s.Close())
	a.obs.mu.Lock()
	calls := a.obs.calls
	a.obs.mu.Unlock()
	offer := a.offer(true)
	for _, p := range []*Peer{a.peer, r.Join("b", nil), s.NewRoom(nil).Join("c", nil)} {
		var e *Error
		if _, err := p.Answer(context.Background(), offer); !errors.As(err, &e) || e.Code != CodeClosed {
			t.Errorf("%v", err)
		}
		p.SetSending(Camera, true)
		p.Show(nil)
		p.Close()
	}
	r.Close()
	a.obs.mu.Lock()
	defer a.obs.mu.Unlock()
	if a.obs.calls != calls {
		t.Error("an observer was called after Close")
	}
	again, err := New(Config{Host: "127.0.0.1", Port: s.Port()})
	must(t, err) // the port was given back
	if again.Instance() == s.Instance() || again.Port() != s.Port() {
		t.Error("each process has an instance of its own")
	}
	must(t, again.Close())
}
