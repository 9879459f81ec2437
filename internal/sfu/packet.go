package sfu

import "time"

// packet is one incoming RTP packet on its way through the fan-out. It belongs to
// the goroutine that reads the layer, and so does its payload: whoever keeps
// either beyond the call copies it.
type packet struct {
	seq     int64 // sequence number without wrap-around, counted by the layer
	ts      uint32
	marker  bool
	payload []byte // without padding; empty in a packet that was only padding
	vp8     vp8    // video only
	at      time.Time
}

// unwrapper turns sequence numbers of 16 bits into ones that never wrap
// (RFC 3550 appendix A.1: the nearest to the highest seen).
type unwrapper struct {
	highest int64
	started bool
}

func (u *unwrapper) unwrap(seq uint16) int64 {
	if !u.started {
		// Far from zero, so that what comes late is not negative.
		u.started = true
		u.highest = 1<<16 + int64(seq)
		return u.highest
	}
	full := u.highest + int64(int16(seq-uint16(u.highest)))
	u.highest = max(u.highest, full)
	return full
}
