package sfu

import "time"

const (
	// deadAfter is how long a simulcast layer may bring no frame while another one of the
	// same camera does, before seats leave it. Browsers stop the large layers when
	// their uplink is short, do not say so, and go on to send padding there.
	deadAfter = 600 * time.Millisecond
	// A layer that stopped must flow for a second for each time that it did before
	// seats come back to it, eight at most, until it has flowed for half a minute.
	trialTime    = time.Second
	longestTrial = 8
	forgiveAfter = 30 * time.Second
)

// flow follows whether a layer brings frames. It is pure: time comes in as an argument.
type flow struct {
	last  time.Time // last frame; zero: none yet
	since time.Time // first frame of the stretch without a pause
	stops int
}

// frame notes that a frame began.
func (f *flow) frame(now time.Time) {
	switch {
	case f.last.IsZero():
		f.since = now
	case now.Sub(f.last) > deadAfter:
		f.since = now
		f.stops = min(f.stops+1, longestTrial)
	case now.Sub(f.since) > forgiveAfter:
		f.stops = 0
	}
	f.last = now
}

// usable reports whether a seat may show the layer. newest is when any layer of the same
// camera brought its last frame: a camera that is off, or a screen on which nothing
// moves, is no reason to leave.
func (f *flow) usable(newest time.Time) bool {
	return !f.last.IsZero() && newest.Sub(f.last) <= deadAfter &&
		f.last.Sub(f.since) >= time.Duration(f.stops)*trialTime
}
