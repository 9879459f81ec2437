package sfu

import (
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
	"golang.org/x/time/rate"
)

// sentPacket is what a seat wrote.
type sentPacket struct {
	seq     uint16
	ts      uint32
	marker  bool
	payload string
}

// sink is a seat's way out without a network.
type sink struct{ sent *[]sentPacket }

func (s sink) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	if s.sent != nil {
		*s.sent = append(*s.sent, sentPacket{h.SequenceNumber, h.Timestamp, h.Marker, string(payload)})
	}
	return len(payload), nil
}

func (s sink) Write(b []byte) (int, error) { return len(b), nil }

type binding struct {
	sink
	ssrc  uint32
	audio bool
}

func (b binding) CodecParameters() []webrtc.RTPCodecParameters {
	mime := webrtc.MimeTypeVP8
	if b.audio {
		mime = webrtc.MimeTypeOpus
	}
	return []webrtc.RTPCodecParameters{{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime}, PayloadType: 96}}
}
func (binding) HeaderExtensions() []webrtc.RTPHeaderExtensionParameter { return nil }
func (b binding) SSRC() webrtc.SSRC                                    { return webrtc.SSRC(b.ssrc) }
func (b binding) WriteStream() webrtc.TrackLocalWriter                 { return b.sink }
func (binding) ID() string                                             { return "" }
func (binding) RTCPReader() interceptor.RTCPReader                     { return nil }

// rig is a layer and a seat without connections, and what the seat sends.
func rig(source Source) (*layer, *seat, *[]sentPacket) {
	sent := &[]sentPacket{}
	pub := newPublication(nil, source)
	s := rigSeat(source.audio(), sent)
	return rigLayer(pub, "", 1), s, sent
}

func rigLayer(pub *publication, rid string, ssrc uint32) *layer {
	l := newLayer(pub, &connection{}, rid, ssrc)
	pub.layers = append(pub.layers, l)
	return l
}

func rigSeat(audio bool, sent *[]sentPacket) *seat {
	c := &connection{}
	c.live.Store(true)
	s := newSeat(c, 0, audio)
	_, _ = s.Bind(binding{sink{sent}, 7, audio})
	return s
}

// vp8Packet is a packet of one frame in one packet.
func vp8Packet(seq uint16, ts uint32, key bool, body string) []byte {
	flag := byte(1)
	if key {
		flag = 0
	}
	p := rtp.Packet{
		Header:  rtp.Header{Version: 2, Marker: true, PayloadType: 96, SequenceNumber: seq, Timestamp: ts, SSRC: 1},
		Payload: append([]byte{0x90, 0xc0, 0x80, byte(seq), byte(seq), flag}, body...),
	}
	raw, err := p.Marshal()
	if err != nil {
		panic(err)
	}
	return raw
}

func TestSeatWaitsForAKeyFrame(t *testing.T) {
	l, s, sent := rig(Camera)
	s.aim(l)
	l.handle(vp8Packet(1, 100, false, "delta"), epoch)
	l.handle(vp8Packet(2, 200, true, "key"), epoch)
	l.handle(vp8Packet(3, 300, false, "delta"), epoch)
	if len(*sent) != 2 || (*sent)[0].seq != 2 {
		t.Fatalf("%+v", *sent)
	}
}

func TestOldLayerGoesOnUntilTheNewOnesKeyFrame(t *testing.T) {
	sent := &[]sentPacket{}
	pub, s := newPublication(nil, Camera), rigSeat(false, sent)
	q, f := rigLayer(pub, ridQuarter, 1), rigLayer(pub, ridFull, 2)
	s.aim(q)
	q.handle(vp8Packet(10, 100, true, "q10"), epoch)
	s.aim(f)
	q.handle(vp8Packet(11, 200, false, "q11"), after(10*time.Millisecond))
	f.handle(vp8Packet(500, 9000, false, "f500"), after(20*time.Millisecond))
	f.handle(vp8Packet(501, 9100, true, "f501"), after(30*time.Millisecond))
	q.handle(vp8Packet(12, 300, false, "q12"), after(40*time.Millisecond))
	f.handle(vp8Packet(502, 9200, false, "f502"), after(50*time.Millisecond))
	want := []struct {
		seq  uint16
		body string
	}{{10, "q10"}, {11, "q11"}, {12, "f501"}, {13, "f502"}}
	if len(*sent) != len(want) {
		t.Fatalf("%+v", *sent)
	}
	for i, w := range want {
		if g := (*sent)[i]; g.seq != w.seq || g.payload[6:] != w.body {
			t.Errorf("%d: %d %q, want %d %q", i, g.seq, g.payload[6:], w.seq, w.body)
		}
	}
	if n := len(*q.seats.Load()); n != 0 {
		t.Errorf("the layer that was left still sends to %d seats", n)
	}
}

func TestAnotherPersonIsNotShownUnderTheNewName(t *testing.T) {
	sent := &[]sentPacket{}
	s := rigSeat(false, sent)
	a, b := rigLayer(newPublication(nil, Camera), "", 1), rigLayer(newPublication(nil, Camera), "", 2)
	s.aim(a)
	a.handle(vp8Packet(10, 100, true, "a"), epoch)
	s.aim(b)
	a.handle(vp8Packet(11, 200, true, "a"), epoch)
	b.handle(vp8Packet(99, 200, false, "b"), epoch)
	if len(*sent) != 1 {
		t.Fatalf("%+v", *sent)
	}
	s.aim(a) // back before b's key frame came
	a.handle(vp8Packet(12, 300, false, "a"), epoch)
	a.handle(vp8Packet(13, 400, true, "a"), epoch)
	if len(*sent) != 2 || (*sent)[1].seq != 11 {
		t.Fatalf("%+v", *sent)
	}
}

func TestNackIsAnsweredAcrossASwitch(t *testing.T) {
	sent := &[]sentPacket{}
	s := rigSeat(false, sent)
	a, b := rigLayer(newPublication(nil, Camera), "", 1), rigLayer(newPublication(nil, Camera), "", 2)
	s.aim(a)
	a.handle(vp8Packet(10, 100, true, "a10"), epoch)
	a.handle(vp8Packet(11, 200, false, "a11"), epoch)
	s.aim(b)
	b.handle(vp8Packet(70, 100, true, "b70"), after(time.Second))
	b.handle(vp8Packet(71, 100, false, "b71"), after(time.Second))
	first := append([]sentPacket(nil), *sent...)
	*sent = nil
	for _, p := range first {
		s.resend(p.seq, after(2*time.Second))
	}
	if len(*sent) != len(first) {
		t.Fatalf("%d of %d were sent again", len(*sent), len(first))
	}
	for i := range first {
		if first[i] != (*sent)[i] {
			t.Errorf("sent %+v, then under the same number %+v", first[i], (*sent)[i])
		}
	}
	*sent = nil
	s.resend(first[0].seq, after(2*time.Second+time.Millisecond))
	s.resend(first[3].seq+1, after(2*time.Second))
	if len(*sent) != 0 {
		t.Error("answered twice within a round trip, or what was never sent")
	}
}

func TestPaddingKeepsTheNumbersWhole(t *testing.T) {
	l, s, sent := rig(Camera)
	s.aim(l)
	l.handle(vp8Packet(1, 100, true, "x"), epoch)
	padding := append([]byte{0xa0, 96, 0, 2, 0, 0, 0, 100, 0, 0, 0, 1}, make([]byte, 99)...)
	l.handle(append(padding, 100), epoch)
	l.handle(vp8Packet(3, 200, false, "x"), epoch)
	if len(*sent) != 3 || (*sent)[1].payload != "" || (*sent)[2].seq != 3 {
		t.Fatalf("%+v", *sent)
	}
	if l.flow.last.IsZero() {
		t.Error("frames were not seen")
	}
}

func TestRestartWaitsForAKeyFrame(t *testing.T) {
	l, s, sent := rig(Camera)
	s.aim(l)
	l.handle(vp8Packet(1, 100, true, "x"), epoch)
	s.conn.live.Store(false)
	l.handle(vp8Packet(2, 200, false, "x"), epoch)
	s.restart()
	s.conn.live.Store(true)
	l.handle(vp8Packet(3, 300, false, "x"), epoch)
	l.handle(vp8Packet(4, 400, true, "x"), after(time.Second))
	if len(*sent) != 2 || (*sent)[1].seq != 2 {
		t.Fatalf("%+v", *sent)
	}
}

func TestDroppedLayerIsForgotten(t *testing.T) {
	l, s, sent := rig(Camera)
	s.aim(l)
	l.handle(vp8Packet(1, 100, true, "x"), epoch)
	s.drop(l)
	l.handle(vp8Packet(2, 100, true, "x"), epoch)
	if len(*sent) != 1 || s.showing() != nil {
		t.Fatalf("%+v", *sent)
	}
}

// BenchmarkFanOut is one packet of a layer to ten seats, without SRTP and the socket.
func BenchmarkFanOut(b *testing.B) {
	for _, switched := range []bool{false, true} {
		name := "unchanged"
		if switched {
			name = "renumbered"
		}
		b.Run(name, func(b *testing.B) {
			pub := newPublication(nil, Camera)
			pub.budget.SetLimit(rate.Inf)
			other, l := rigLayer(pub, ridQuarter, 1), rigLayer(pub, ridFull, 2)
			for range 10 {
				s := rigSeat(false, nil)
				if switched {
					s.aim(other)
					other.handle(vp8Packet(1, 1, true, ""), epoch)
				}
				s.aim(l)
			}
			l.handle(vp8Packet(0, 0, true, ""), after(time.Second))
			raw := vp8Packet(0, 0, false, string(make([]byte, 1100)))
			now := after(2 * time.Second)
			b.ReportAllocs()
			var seq uint16
			for b.Loop() {
				seq++
				raw[2], raw[3] = byte(seq>>8), byte(seq)
				l.handle(raw, now)
			}
		})
	}
}
