//go:build !linux

package clock

import "time"

// start is never written.
var start = time.Now()

// sinceBoot is Go's monotonic clock, which may stand still while the machine
// sleeps: there a session that should have ended in between ends late.
func sinceBoot() time.Duration { return time.Since(start) }
