package sfu

import "time"

// The rule by which a receiver's line is judged, in words: bad is a loss of a tenth of the
// packets, or a delay of a quarter of a second more than the line has at its best, which
// is a queue that grows before it loses. After two bad seconds, or one with a
// loss of a quarter, every seat goes one layer down; then the line gets
// three seconds to recover before it is judged again. After ten seconds
// without a bad one the seats go one layer up. If that was too much, and it shows within
// fifteen seconds, the next attempt waits twice as long, up to two minutes.
const (
	badLoss       = 0.10
	awfulLoss     = 0.25
	badDelay      = 250 * time.Millisecond
	settleTime    = 3 * time.Second
	calmTime      = 10 * time.Second
	longestCalm   = 2 * time.Minute
	probationTime = 15 * time.Second
)

// downlink decides how much one receiver's line can take, from its receiver reports. It
// is pure: time comes in as an argument.
type downlink struct {
	down int // layers below the best: 0, 1, 2

	losses, reports float64 // since the last tick
	delay           time.Duration
	best, bestNext  time.Duration // least round trip since one to two minutes ago, and of the minute that runs
	bestUntil       time.Time     // when bestNext takes over: a route may change for good
	bad             int           // bad ticks in a row

	changed  time.Time     // when down changed last
	calm     time.Time     // since when no tick was bad
	raised   time.Time     // when it went up last
	patience time.Duration // calm needed before it goes up
}

// report takes one receiver report: the share of packets lost (0 to 1), and the
// round trip, 0 if unknown.
func (d *downlink) report(lost float64, trip time.Duration) {
	d.losses += lost
	d.reports++
	if trip > 0 {
		d.delay = max(d.delay, trip)
		d.best, d.bestNext = least(d.best, trip), least(d.bestNext, trip)
	}
}

// tick judges what was reported since the last one, about a second ago, and gives
// how many layers below the best the line can take.
func (d *downlink) tick(now time.Time) int {
	if d.patience == 0 {
		d.patience, d.calm = calmTime, now
	}
	if d.reports == 0 {
		return d.down // silence says nothing
	}
	if now.After(d.bestUntil) {
		d.best, d.bestNext, d.bestUntil = d.bestNext, 0, now.Add(time.Minute)
	}
	loss := d.losses / d.reports
	bad := loss >= badLoss || d.delay > 0 && d.delay-d.best >= badDelay
	d.losses, d.reports, d.delay = 0, 0, 0
	if !bad {
		d.bad = 0
		d.tryUp(now)
		return d.down
	}
	d.bad++
	d.calm = now
	if (d.bad >= 2 || loss >= awfulLoss) && d.down < 2 && now.Sub(d.changed) >= settleTime {
		d.stepDown(now)
	}
	return d.down
}

func (d *downlink) stepDown(now time.Time) {
	if !d.raised.IsZero() && now.Sub(d.raised) < probationTime {
		d.patience = min(2*d.patience, longestCalm)
	}
	d.down++
	d.bad, d.changed = 0, now
}

func (d *downlink) tryUp(now time.Time) {
	if d.down == 0 {
		if !d.raised.IsZero() && now.Sub(d.raised) >= probationTime {
			d.patience = calmTime
		}
		return
	}
	if now.Sub(d.calm) >= d.patience && now.Sub(d.changed) >= d.patience {
		d.down--
		d.changed, d.raised = now, now
	}
}

// least is the lesser of two durations of which 0 is none.
func least(a, b time.Duration) time.Duration {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
