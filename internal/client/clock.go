package client

import "time"

const (
	// clockSamples is how many round trips are kept: some 80 seconds' worth.
	clockSamples = 16
	// clockDrift is how far two clocks may part for each nanosecond that
	// passes, in parts per million; good ones stay under a fifth of it.
	clockDrift = 100
	// clockGrain is how coarse the server's readings are on the wire, with as
	// much again for ours.
	clockGrain = 2 * time.Millisecond
	// clockDoubt is what a sample from before a sleep may be wrong by, beyond
	// its delay, until a newer one shows: the local clock of some browsers
	// stands still while the machine sleeps.
	clockDoubt = 250 * time.Millisecond
)

// clock estimates the server's time from round trips, NTP's way: the server's
// reading is taken to be of the middle of the trip, so it is wrong by half of
// the delay at most, and the trip with the least delay is the one to go by.
// Times passed in are local, that is monotonic; it reads no clock itself.
type clock struct{ samples []sample }

type sample struct {
	at    time.Duration // local, of the answer's arrival
	delay time.Duration // of the whole round trip
	doubt time.Duration
	zero  time.Time // the server's time at local zero, by this sample
}

// add takes in a round trip. Samples that cannot be true beside it (one of the
// clocks was set, or stood still) are dropped: the newest counts.
func (c *clock) add(sent, received time.Duration, server time.Time) {
	if received < sent {
		return
	}
	next := sample{at: received, delay: received - sent, zero: server.Add(-(sent + received) / 2)}
	kept := make([]sample, 0, clockSamples)
	for _, old := range c.samples {
		if old.agrees(next) {
			kept = append(kept, old)
		}
	}
	if len(kept) == clockSamples {
		kept = kept[1:]
	}
	c.samples = append(kept, next)
}

// agrees reports whether both samples can be true.
func (m sample) agrees(newer sample) bool {
	apart := m.zero.Sub(newer.zero).Abs()
	return apart <= (m.delay+newer.delay)/2+drift(newer.at-m.at)+clockGrain
}

func drift(age time.Duration) time.Duration { return age * clockDrift / 1e6 }

// wake says that the local clock may have stood still since the samples.
func (c *clock) wake() {
	for i := range c.samples {
		c.samples[i].doubt = clockDoubt
	}
}

// zero is the server's time at local zero, by the sample that can be wrong by
// least at the local time now; ok is false before the first.
func (c *clock) zero(now time.Duration) (zero time.Time, ok bool) {
	var least time.Duration
	for _, m := range c.samples {
		wrong := m.delay/2 + m.doubt + drift(now-m.at)
		if !ok || wrong < least {
			zero, least, ok = m.zero, wrong, true
		}
	}
	return zero, ok
}
