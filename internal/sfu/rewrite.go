package sfu

import "time"

// historySegments is how many switches back a seat can still answer NACKs. A
// receiver asks for what is at most about a second old, and a seat switches
// at most a few times in that time.
const (
	historySegments = 8
	historyTime     = 3 * time.Second
)

// segment is a stretch of a seat's stream in which all packets came from one layer
// and got the same offsets.
type segment struct {
	layer     *layer
	began     time.Time
	firstIn   int64 // the layer's sequence number with which the segment began
	firstOut  int64
	tsOffset  uint32
	picOffset uint16
	tl0Offset uint8
}

// outgoing is the header of a packet as the seat sends it.
type outgoing struct {
	seq       uint16
	ts        uint32
	pictureID uint16
	tl0       uint8
}

// rewriter makes one continuous RTP stream of what comes from changing layers:
// sequence numbers without a gap of ours, time stamps that follow the clock, VP8
// picture ids that count on. It is pure: it reads no clock and sends nothing.
//
// The same packet always gets the same header, however often it is sent: SRTP's
// GCM would give away its key stream if two packets had one sequence number.
type rewriter struct {
	rate     uint32 // of the RTP clock, in Hz
	segments []segment

	started bool
	highest int64 // highest sequence number sent
	ts      uint32
	at      time.Time // when it was sent
	picture uint16
	tl0     uint8
}

// begin starts a segment with its first packet. aligned, if known, is the outgoing
// time stamp at which this packet belongs by the senders' own clocks.
func (w *rewriter) begin(l *layer, p *packet, aligned *uint32) {
	s := segment{layer: l, began: p.at, firstIn: p.seq}
	if !w.started {
		w.started = true
		// The publisher's own numbers are as random as ours would be.
		s.firstOut = p.seq
		w.highest = p.seq - 1
	} else {
		s.firstOut = w.highest + 1
		s.tsOffset = w.nextTimestamp(p.at, aligned) - p.ts
		s.picOffset = w.picture + 1 - p.vp8.pictureID
		s.tl0Offset = w.tl0 + 1 - p.vp8.tl0
	}
	if len(w.segments) == historySegments {
		copy(w.segments, w.segments[1:])
		w.segments = w.segments[:historySegments-1]
	}
	w.segments = append(w.segments, s)
}

// alignLimit is how far the senders' clocks may move a time stamp away from where
// our own clock puts it. Beyond it their reports are not to be believed.
const alignLimit = 500 * time.Millisecond

// nextTimestamp places the first packet of a segment on the outgoing time line.
func (w *rewriter) nextTimestamp(now time.Time, aligned *uint32) uint32 {
	elapsed := max(now.Sub(w.at), 0)
	byClock := w.ts + uint32(uint64(elapsed)*uint64(w.rate)/uint64(time.Second))
	next := byClock
	if aligned != nil {
		limit := int32(uint64(alignLimit) * uint64(w.rate) / uint64(time.Second))
		if off := int32(*aligned - byClock); off > -limit && off < limit {
			next = *aligned
		}
	}
	// Two frames must not share a time stamp, and time does not run backwards.
	if step := w.rate / 1000; int32(next-w.ts) < int32(step) {
		next = w.ts + step
	}
	return next
}

// prune forgets segments that nobody will ask about any more: they hold a cache.
func (w *rewriter) prune(now time.Time) {
	for len(w.segments) > 1 && now.Sub(w.segments[1].began) > historyTime {
		copy(w.segments, w.segments[1:])
		w.segments[len(w.segments)-1] = segment{}
		w.segments = w.segments[:len(w.segments)-1]
	}
}

// current is the segment that is being sent, nil before the first.
func (w *rewriter) current() *segment {
	if len(w.segments) == 0 {
		return nil
	}
	return &w.segments[len(w.segments)-1]
}

// rewrite gives the outgoing header of a packet of the current segment. ok is false
// for one from before the segment: its number has been given to another packet.
func (w *rewriter) rewrite(p *packet) (out outgoing, ok bool) {
	s := w.current()
	if s == nil || p.seq < s.firstIn {
		return out, false
	}
	out = s.apply(p)
	if full := s.firstOut + p.seq - s.firstIn; full > w.highest {
		// Padding that comes later has the time stamp of the frame before it.
		if w.highest = full; out.ts != w.ts || w.at.IsZero() {
			w.ts, w.at = out.ts, p.at
		}
		if p.vp8.pictureAt != 0 {
			w.picture = out.pictureID
		}
		if p.vp8.tl0At != 0 {
			w.tl0 = out.tl0
		}
	}
	return out, true
}

// locate says where the packet that was sent with a sequence number came from.
func (w *rewriter) locate(seq uint16) (s segment, in int64, ok bool) {
	if !w.started {
		return s, 0, false
	}
	full := w.highest + int64(int16(seq-uint16(w.highest)))
	if full > w.highest {
		return s, 0, false
	}
	for i := len(w.segments) - 1; i >= 0; i-- {
		if s = w.segments[i]; full >= s.firstOut {
			return s, s.firstIn + full - s.firstOut, true
		}
	}
	return segment{}, 0, false
}

// apply gives the header of a packet of this segment.
func (s *segment) apply(p *packet) outgoing {
	mask := uint16(0x7fff)
	if !p.vp8.wide {
		mask = 0x7f
	}
	return outgoing{
		seq:       uint16(s.firstOut + p.seq - s.firstIn),
		ts:        p.ts + s.tsOffset,
		pictureID: (p.vp8.pictureID + s.picOffset) & mask,
		tl0:       p.vp8.tl0 + s.tl0Offset,
	}
}

// renumbers reports whether the segment changes VP8 ids, so that the payload must
// be copied before it is sent.
func (s *segment) renumbers() bool { return s.picOffset != 0 || s.tl0Offset != 0 }
