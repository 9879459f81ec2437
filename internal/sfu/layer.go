package sfu

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// layer is one incoming RTP stream: a microphone, a screen, or one of the simulcast
// layers of a camera. One goroutine of its connection reads it and writes to the seats.
type layer struct {
	pub  *publication
	conn *connection
	rid  string // "" without simulcast
	ssrc uint32
	rate uint32

	// Only the reading goroutine touches these.
	packet  rtp.Packet
	numbers unwrapper
	levelID uint8       // of the audio level extension; 0: the browser does not send it
	steady  steadyClock // audio only: pictures carry the time at which they were taken

	cache *cache // nil for audio, which is not sent again

	mu    sync.Mutex // leaf: nothing else is locked under it
	keys  keyFrames
	flow  flow
	time  timeline                // in the time stamps of steady
	shift uint32                  // of steady
	seats atomic.Pointer[[]*seat] // written under mu, as a new slice
	ended atomic.Bool             // taken out of its publication for good
}

func newLayer(pub *publication, conn *connection, rid string, ssrc uint32) *layer {
	l := &layer{pub: pub, conn: conn, rid: rid, ssrc: ssrc, rate: videoRate}
	if pub.source.audio() {
		l.rate = audioRate
	} else {
		l.cache = newCache(cacheSize(rid))
	}
	l.seats.Store(&[]*seat{})
	return l
}

// rank orders layers by size. A single layer counts as the largest.
func (l *layer) rank() int { return rankOf(l.rid) }

func rankOf(rid string) int {
	switch rid {
	case ridQuarter:
		return 0
	case ridHalf:
		return 1
	}
	return 2
}

// handle takes one RTP packet, which it may keep until it returns.
func (l *layer) handle(raw []byte, now time.Time) {
	if l.packet.Unmarshal(raw) != nil {
		return
	}
	h := &l.packet.Header
	p := packet{
		seq: l.numbers.unwrap(h.SequenceNumber), ts: h.Timestamp, marker: h.Marker,
		payload: l.packet.Payload, at: now,
	}
	if l.cache == nil && l.steady.see(p.seq, p.ts, now, l.rate) {
		l.mu.Lock()
		l.shift = l.steady.shift
		l.mu.Unlock()
	}
	p.ts += l.steady.shift
	if !l.pub.budget.AllowN(now, len(raw)) {
		l.conn.excess.note(string(l.pub.source), 1)
		return
	}
	if l.cache != nil {
		if p.vp8 = parseVP8(p.payload); p.vp8.start {
			l.began(&p)
		}
	}
	switch {
	case l.pub.off.Load():
		return
	case l.cache != nil:
		l.cache.put(&p)
	case l.levelID != 0:
		if level := h.GetExtension(l.levelID); len(level) > 0 {
			l.pub.hear(level[0]&0x7f, now)
		}
	}
	for _, s := range *l.seats.Load() {
		s.forward(l, &p)
	}
}

// began notes the first packet of a frame.
func (l *layer) began(p *packet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flow.frame(p.at)
	if p.vp8.key {
		l.keys.arrived()
	}
}

// addSeat lets a seat have every packet from now on.
func (l *layer) addSeat(s *seat) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := *l.seats.Load()
	for _, o := range old {
		if o == s {
			return
		}
	}
	next := append(append(make([]*seat, 0, len(old)+1), old...), s)
	l.seats.Store(&next)
}

// removeSeat ends that. A packet that is under way may still come.
func (l *layer) removeSeat(s *seat) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := make([]*seat, 0, len(*l.seats.Load()))
	for _, o := range *l.seats.Load() {
		if o != s {
			next = append(next, o)
		}
	}
	l.seats.Store(&next)
}

// wantKeyFrame notes that a seat cannot go on without a key frame, and asks for
// one unless that was done just now; then tick does it.
func (l *layer) wantKeyFrame(now time.Time) {
	if l.cache == nil {
		return
	}
	l.mu.Lock()
	ask := l.keys.want(now)
	l.mu.Unlock()
	if ask {
		l.askKeyFrame()
	}
}

// tick sends a request that had to wait.
func (l *layer) tick(now time.Time) {
	l.mu.Lock()
	ask := l.keys.due(now)
	l.mu.Unlock()
	if ask {
		l.askKeyFrame()
	}
}

func (l *layer) askKeyFrame() {
	l.conn.writeRTCP(&rtcp.PictureLossIndication{MediaSSRC: l.ssrc})
}

// reported takes a sender report of the publisher.
func (l *layer) reported(r *rtcp.SenderReport, now time.Time) {
	at := l.conn.clock(fromNTP(r.NTPTime), now)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.time = timeline{rate: l.rate, at: at, rtp: r.RTPTime + l.shift}
}

func (l *layer) timeline() timeline {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.time
}

// flowing gives how the layer flows.
func (l *layer) flowing() flow {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flow
}
