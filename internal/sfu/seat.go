package sfu

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
)

// seat is one outgoing RTP stream of a connection and the browser's receive-only
// section for it. Who sits in it changes; the stream goes on without a seam.
//
// It is the webrtc.TrackLocal of its sender. Packets come from the goroutines that
// read layers, control from under the room's lock; mu orders them. mu may be taken
// under the room's lock, never the other way round.
type seat struct {
	conn  *connection
	index int
	audio bool
	mid   string
	ssrc  atomic.Uint32 // 0 before Bind

	// Guarded by the room's lock.
	who    *publication // nil: empty
	height int          // at which the picture is shown

	mu       sync.Mutex
	out      webrtc.TrackLocalWriter // nil before Bind and after Unbind
	payload  uint8
	current  *layer // whose packets are being sent
	target   *layer // waited for: its next key frame makes it the current one
	numbers  rewriter
	again    resends
	header   rtp.Header
	scratch  []byte // the payload when it must be changed, or is sent again
	packets  uint32 // sent, for reports
	octets   uint32
	resent   uint64
	switches uint64
}

func newSeat(c *connection, index int, audio bool) *seat {
	s := &seat{conn: c, index: index, audio: audio, numbers: rewriter{rate: videoRate}}
	if audio {
		s.numbers.rate = audioRate
	}
	return s
}

// Bind is called by pion when the answer is set.
func (s *seat) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	mime := webrtc.MimeTypeVP8
	if s.audio {
		mime = webrtc.MimeTypeOpus
	}
	for _, codec := range ctx.CodecParameters() {
		if strings.EqualFold(codec.MimeType, mime) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.out, s.payload = ctx.WriteStream(), uint8(codec.PayloadType)
			s.ssrc.Store(uint32(ctx.SSRC()))
			return codec, nil
		}
	}
	return webrtc.RTPCodecParameters{}, errors.New("the browser does not take " + mime)
}

// Unbind is called by pion when the connection ends.
func (s *seat) Unbind(webrtc.TrackLocalContext) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = nil
	return nil
}

// ID names the track within its stream.
func (s *seat) ID() string { return s.Kind().String() }

// RID is empty: what we send has one layer.
func (s *seat) RID() string { return "" }

// StreamID pairs the audio and the video seat of one number: the browser plays what has
// the same stream together, lips and sound. Pion takes it as CNAME too.
func (s *seat) StreamID() string { return streamID(s.index) }

// Kind is audio or video.
func (s *seat) Kind() webrtc.RTPCodecType {
	if s.audio {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

// forward takes a packet of a layer. It is the hot path: it waits for nothing but
// another packet of the same seat, and allocates nothing.
func (s *seat) forward(l *layer, p *packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.out == nil || !s.conn.live.Load() {
		return
	}
	if l == s.target && (s.audio || p.vp8.key) {
		s.switchTo(l, p)
	}
	if l != s.current {
		return
	}
	out, ok := s.numbers.rewrite(p)
	if !ok {
		return
	}
	payload := p.payload
	if s.numbers.current().renumbers() {
		s.scratch = append(s.scratch[:0], payload...)
		payload = s.scratch
		p.vp8.patch(payload, out.pictureID, out.tl0)
	}
	s.send(out, p.marker, payload)
}

// switchTo begins the segment of a new layer. Called with mu held.
func (s *seat) switchTo(l *layer, p *packet) {
	if s.current != nil && s.current != l {
		s.current.removeSeat(s)
	}
	s.numbers.begin(l, p, s.aligned(l, p.ts))
	s.current, s.target = l, nil
	s.switches++
}

// aligned gives the outgoing time stamp of a packet of a new layer by the senders' own
// clocks, so that sound and picture keep their distance over a switch. nil if not both known.
func (s *seat) aligned(l *layer, ts uint32) *uint32 {
	last := s.numbers.current()
	if last == nil {
		return nil
	}
	before, after := last.layer.timeline(), l.timeline()
	if !before.known() || !after.known() {
		return nil
	}
	out := before.rtpAt(after.timeOf(ts)) + last.tsOffset
	return &out
}

// send writes one packet. Called with mu held. An error means that the connection is not
// there now; that is heard of elsewhere.
func (s *seat) send(out outgoing, marker bool, payload []byte) {
	s.header = rtp.Header{
		Version: 2, Marker: marker, PayloadType: s.payload,
		SequenceNumber: out.seq, Timestamp: out.ts, SSRC: s.ssrc.Load(),
	}
	if _, err := s.out.WriteRTP(&s.header, payload); err == nil {
		s.packets++
		s.octets += uint32(len(payload))
	}
}

// aim makes a layer the one to be sent, nil for none. A layer of the same publication
// goes on until the new one's key frame; another person's does not go on under a new name.
func (s *seat) aim(l *layer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l == s.target && l != nil || l == s.current && s.target == nil {
		return
	}
	if s.target != nil {
		s.target.removeSeat(s)
		s.target = nil
	}
	if l == s.current {
		return
	}
	if s.current != nil && (l == nil || l.pub != s.current.pub) {
		s.current.removeSeat(s)
		s.current = nil
	}
	if l != nil {
		s.target = l
		l.addSeat(s)
	}
}

// restart makes the seat wait for a key frame of what it shows: nothing was sent
// while the connection was away, and the browser's decoder must not notice.
func (s *seat) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.current == nil:
	case s.target == nil:
		s.target, s.current = s.current, nil
	default:
		s.current.removeSeat(s)
		s.current = nil
	}
}

// drop forgets a layer that ended.
func (s *seat) drop(l *layer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == l {
		s.current = nil
	}
	if s.target == l {
		s.target = nil
	}
}

// waiting gives the layer whose key frame is waited for, nil if none is.
func (s *seat) waiting() *layer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.target
}

// showing gives the layer whose key frame helps a receiver that lost the picture.
func (s *seat) showing() *layer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.target != nil {
		return s.target
	}
	return s.current
}

// resend answers a NACK.
func (s *seat) resend(seq uint16, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.out == nil {
		return
	}
	segment, in, ok := s.numbers.locate(seq)
	if !ok || segment.layer.cache == nil || !s.again.allow(seq, now) {
		return
	}
	p, ok := segment.layer.cache.get(in, s.scratch)
	if !ok {
		return
	}
	s.scratch = p.payload
	out := segment.apply(&p)
	p.vp8.patch(p.payload, out.pictureID, out.tl0)
	s.send(out, p.marker, p.payload)
	s.resent++
}

// report gives the sender report for now, nil while there is nothing to say: no
// packet was sent, or the publisher's own report has not come.
func (s *seat) report(now time.Time) *rtcp.SenderReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers.prune(now)
	if s.current == nil || s.packets == 0 {
		return nil
	}
	line := s.current.timeline()
	if !line.known() {
		return nil
	}
	return &rtcp.SenderReport{
		SSRC: s.ssrc.Load(), NTPTime: toNTP(now), RTPTime: line.rtpAt(now) + s.numbers.current().tsOffset,
		PacketCount: s.packets, OctetCount: s.octets,
	}
}
