// Package clock is the time that meetings run on: the wall clock's as it was
// at the start, carried on by a clock that runs through a sleep of the machine
// and that nobody can set. So a jump of the wall clock neither ends a session
// early nor late, and one that should have ended while the machine slept ends
// when it wakes.
//
// It is called by package node, which gives Clock.Now to rooms and api; Pause is for
// whoever waits a while before they try again. It must not know what the time is for.
package clock

import (
	"log/slog"
	"sync"
	"time"
)

const (
	// checkEvery is how often the two clocks are compared, at a reading.
	checkEvery = time.Second
	// step is a difference between two comparisons that no clock drifts in
	// that time: somebody set the wall clock. It is ignored until the next
	// start.
	step = 250 * time.Millisecond
	// slew is how far readings follow the wall clock for each second that
	// passes, so that the drift of a server that runs for months (some 50 in a
	// million) does not add up. It is far below what a person sees.
	slew = time.Millisecond
)

// Clock reads the time. It is safe for concurrent use.
type Clock struct {
	wall func() time.Time     // may be set by anybody
	boot func() time.Duration // since some moment in the past, evenly
	log  *slog.Logger

	mu      sync.Mutex    // guards what follows
	offset  time.Duration // our time is the epoch + boot + offset
	checked time.Duration // boot at the last comparison
	apart   time.Duration // wall less ours at the last comparison
	ignored time.Duration // of apart: steps of the wall clock
	last    time.Duration // our time as it was read last
}

// New anchors a clock in the present. wall and boot are System's, but in tests.
func New(wall func() time.Time, boot func() time.Duration, log *slog.Logger) *Clock {
	now := boot()
	return &Clock{
		wall: wall, boot: boot, log: log,
		offset: time.Duration(wall().UnixNano()) - now, checked: now,
	}
}

// System is a clock of this machine.
func System(log *slog.Logger) *Clock { return New(time.Now, sinceBoot, log) }

// Now is the time, in UTC and without a monotonic part. It never goes back: where
// it follows a wall clock that is behind, it stands still for that moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	boot := c.boot()
	if passed := boot - c.checked; passed >= checkEvery {
		c.compare(boot, passed)
	}
	c.last = max(c.last, boot+c.offset)
	return time.Unix(0, int64(c.last)).UTC()
}

// compare follows the wall clock's drift and takes note of its steps.
func (c *Clock) compare(boot, passed time.Duration) {
	apart := time.Duration(c.wall().UnixNano()) - (boot + c.offset)
	// A drift adds up with the time that passed, a step does not.
	if jump := apart - c.apart; jump.Abs() > step+time.Duration(passed.Seconds()*float64(slew)) {
		c.ignored += jump
		c.log.Warn("the machine's clock was set; meetings go on by the old one until the next start", "by", jump)
	}
	follow := apart - c.ignored
	most := time.Duration(passed.Seconds() * float64(slew))
	follow = max(-most, min(follow, most))
	c.offset += follow
	c.apart, c.checked = apart-follow, boot
}
