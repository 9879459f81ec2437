package ui

import (
	"fmt"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Clock tells the server's time.
type Clock interface{ Now() time.Time }

// Countdown is the text m:ss until EndsAt. Each second it derives the time
// left from the absolute end; it counts nothing, so a throttled tab is right
// again at its next paint.
type Countdown struct {
	app.Compo

	Clock  Clock
	EndsAt time.Time

	alarm Alarm
}

// OnMount starts the ticking.
func (c *Countdown) OnMount(ctx app.Context) { c.tick(ctx) }

// OnUpdate sets the alarm to the new end's seconds.
func (c *Countdown) OnUpdate(ctx app.Context) { c.tick(ctx) }

// OnDismount stops the ticking.
func (c *Countdown) OnDismount() { c.alarm.Stop() }

func (c *Countdown) tick(ctx app.Context) {
	if left := c.left(); left > 0 {
		c.alarm.Set(ctx, UntilNextSecond(left), c.tick)
	}
}

func (c *Countdown) left() time.Duration {
	if c.Clock == nil || c.EndsAt.IsZero() {
		return 0
	}
	return c.EndsAt.Sub(c.Clock.Now())
}

// Render draws the text alone: what it stands in says what it is.
func (c *Countdown) Render() app.UI {
	return &Figures{Text: MinutesSeconds(c.left())}
}

// UntilNextSecond is how long m:ss of left stays as it is.
func UntilNextSecond(left time.Duration) time.Duration {
	if rest := left % time.Second; rest > 0 {
		return rest
	}
	return time.Second
}

// MinutesSeconds is m:ss, rounded up: 0:00 is the end, not before.
func MinutesSeconds(left time.Duration) string {
	seconds := int64(0)
	if left > 0 {
		seconds = int64((left + time.Second - 1) / time.Second)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
