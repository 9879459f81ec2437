package testkit

import (
	"sync"
	"time"
)

// Patience is how long a test waits for what must happen. Nothing passes or
// fails by how fast it comes.
const Patience = time.Minute

// Began is where every Server's clock begins.
var Began = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// Clock moves only when it is told to, so that no meeting ends because a machine
// is slow. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex // guards t
	t  time.Time
}

// NewClock is a clock that stands at t.
func NewClock(t time.Time) *Clock { return &Clock{t: t} }

// Now is where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Set puts the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// Pass moves the clock by d.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}
