package sfu

import "time"

// ntpEpoch is 1 January 1900, where NTP begins to count (RFC 5905 section 6).
var ntpEpoch = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// toNTP gives the 64-bit NTP time: seconds, then their fraction in 2^-32.
func toNTP(t time.Time) uint64 {
	since := t.Sub(ntpEpoch)
	seconds := uint64(since / time.Second)
	fraction := uint64(since%time.Second) << 32 / uint64(time.Second)
	return seconds<<32 | fraction
}

// fromNTP is the inverse of toNTP, to the nanosecond.
func fromNTP(n uint64) time.Time {
	return ntpEpoch.Add(time.Duration(n>>32)*time.Second + time.Duration((n&0xffffffff)*uint64(time.Second)>>32))
}

// clockMap carries a publisher's wall clock over to ours. One serves all layers of
// a connection, so what was captured together stays together; it is set once, so that it
// never jumps. The publisher's first report fixes it, including the time that
// it was under way, which is the same for sound and picture.
type clockMap struct {
	known bool
	shift time.Duration
}

func (c *clockMap) ours(theirs time.Time, now time.Time) time.Time {
	if !c.known {
		c.known, c.shift = true, now.Sub(theirs)
	}
	return theirs.Add(c.shift)
}

// timeline ties a layer's RTP time to our wall clock: at `at` it was `rtp`. Every
// sender report of the publisher renews it (RFC 3550 section 6.4.1).
type timeline struct {
	rate uint32
	at   time.Time
	rtp  uint32
}

func (t timeline) known() bool { return !t.at.IsZero() }

// rtpAt gives the RTP time stamp of an instant, before or after the report.
func (t timeline) rtpAt(at time.Time) uint32 {
	// Whole seconds apart, so that no product overflows: the instant may be hours away
	// if the clock of a publisher is set.
	d := at.Sub(t.at)
	ticks := int64(d/time.Second)*int64(t.rate) + int64(d%time.Second)*int64(t.rate)/int64(time.Second)
	return t.rtp + uint32(ticks)
}

// timeOf gives the instant of an RTP time stamp near the report.
func (t timeline) timeOf(rtp uint32) time.Time {
	ticks := int64(int32(rtp - t.rtp))
	return t.at.Add(time.Duration(ticks) * time.Second / time.Duration(t.rate))
}

const (
	pauseTime  = time.Second            // a silence from which a clock may come back wrong
	pauseError = 250 * time.Millisecond // and by how much before it is put right
)

// steadyClock makes time stamps that went on while nothing was sent. Browsers count
// samples: a microphone that was off for a minute comes back as if that minute had not
// been, and until its next report sound would be played that much too early.
type steadyClock struct {
	started bool
	seq     int64
	ts      uint32
	at      time.Time
	shift   uint32 // to be added to time stamps
}

// see takes a packet and reports whether shift changed, beginning with this packet.
func (c *steadyClock) see(seq int64, ts uint32, now time.Time, rate uint32) (changed bool) {
	if c.started && seq <= c.seq {
		return false
	}
	if gap := now.Sub(c.at); c.started && gap > pauseTime {
		clock := timeline{rate: rate, at: c.at, rtp: c.ts}
		if off := clock.timeOf(ts).Sub(now); off > pauseError || off < -pauseError {
			c.shift += clock.rtpAt(now) - ts
			changed = true
		}
	}
	c.started, c.seq, c.ts, c.at = true, seq, ts, now
	return changed
}

// roundTrip is the time from our sender report to its echo (RFC 3550 section 6.4.1,
// LSR and DLSR), 0 if the echo says nothing usable.
func roundTrip(now time.Time, lastReport, delay uint32) time.Duration {
	if lastReport == 0 {
		return 0
	}
	middle := uint32(toNTP(now) >> 16)
	units := int32(middle - lastReport - delay) // in 1/65536 s
	if units <= 0 {
		return 0
	}
	return time.Duration(units) * time.Second >> 16
}
