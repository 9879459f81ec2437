package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// start is for the machine that has no CLOCK_BOOTTIME; it is never written.
var start = time.Now()

// sinceBoot reads CLOCK_BOOTTIME (clock_gettime(2)), which counts while the
// machine sleeps; Go's own monotonic clock does not.
func sinceBoot() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return time.Since(start) // kernels before 2.6.39
	}
	return time.Duration(t.Nano())
}
