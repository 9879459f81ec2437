package sfu

import (
	"time"

	"github.com/pion/rtcp"
)

// reportsPerPacket keeps a compound RTCP packet below the size of a datagram: a sender
// report has 28 bytes and its SDES chunk about 20.
const reportsPerPacket = 16

// feedback takes one RTCP packet of the browser. A compound packet comes to every seat
// that it mentions, so each takes only what is its own.
func (s *seat) feedback(p rtcp.Packet, now time.Time) {
	switch p := p.(type) {
	case *rtcp.ReceiverReport:
		s.received(p.Reports, now)
	case *rtcp.SenderReport:
		s.received(p.Reports, now)
	case *rtcp.TransportLayerNack:
		if p.MediaSSRC == s.ssrc.Load() {
			for _, pair := range p.Nacks {
				pair.Range(func(seq uint16) bool { s.resend(seq, now); return true })
			}
		}
	case *rtcp.PictureLossIndication:
		if p.MediaSSRC == s.ssrc.Load() {
			s.lostPicture(now)
		}
	case *rtcp.FullIntraRequest:
		own := s.ssrc.Load()
		for _, entry := range p.FIR {
			if entry.SSRC == own {
				s.lostPicture(now)
			}
		}
	}
}

func (s *seat) lostPicture(now time.Time) {
	if l := s.showing(); l != nil {
		l.wantKeyFrame(now)
	}
}

// received takes the reception reports about this seat. Only pictures are judged: a
// voice is never made smaller.
func (s *seat) received(reports []rtcp.ReceptionReport, now time.Time) {
	if s.audio {
		return
	}
	own := s.ssrc.Load()
	for _, r := range reports {
		if r.SSRC != own {
			continue
		}
		c := s.conn
		c.downlinkMu.Lock()
		c.downlink.report(float64(r.FractionLost)/256, roundTrip(now, r.LastSenderReport, r.Delay))
		c.downlinkMu.Unlock()
	}
}

// reportSeats sends the sender reports of all seats. Without them pictures play, but
// lips and sound stay apart.
func (c *connection) reportSeats(now time.Time) {
	if !c.live.Load() {
		return
	}
	var reports []rtcp.Packet
	names := &rtcp.SourceDescription{}
	flush := func() {
		if len(reports) > 0 {
			c.writeRTCP(append(reports, names)...)
		}
		reports, names = nil, &rtcp.SourceDescription{}
	}
	for _, s := range c.seats() {
		r := s.report(now)
		if r == nil {
			continue
		}
		reports = append(reports, r)
		names.Chunks = append(names.Chunks, rtcp.SourceDescriptionChunk{
			Source: r.SSRC,
			Items:  []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: s.StreamID()}},
		})
		if len(reports) == reportsPerPacket {
			flush()
		}
	}
	flush()
}

// takeAll takes the packets that came for a stream, if it is this seat's.
func (s *seat) takeAll(ssrc uint32, packets []rtcp.Packet, now time.Time) {
	if s.ssrc.Load() != ssrc {
		return
	}
	for _, p := range packets {
		s.feedback(p, now)
	}
}
