package sfu

import "time"

const (
	// resendAfter is how long a packet that was sent again is not sent again once more: the
	// receiver asks at its own pace, and the first answer is still on the way.
	resendAfter = 20 * time.Millisecond
	// resendsPerSecond bounds what one seat sends again. A line that loses more
	// than this is served better by a lower layer.
	resendsPerSecond = 300
)

// resends bounds the answers to NACKs of one seat. It is pure.
type resends struct {
	recent [64]struct {
		seq uint16
		at  time.Time
	}
	since time.Time // begin of the second that is being counted
	count int
}

// allow reports whether a packet may be sent again now, and counts it if so.
func (r *resends) allow(seq uint16, now time.Time) bool {
	if now.Sub(r.since) >= time.Second {
		r.since, r.count = now, 0
	}
	slot := &r.recent[seq%uint16(len(r.recent))]
	if r.count >= resendsPerSecond || slot.seq == seq && !slot.at.IsZero() && now.Sub(slot.at) < resendAfter {
		return false
	}
	slot.seq, slot.at = seq, now
	r.count++
	return true
}
