package clock

import (
	"context"
	"time"
)

// Pause waits for d of the machine's own time, or until ctx ends, and says why then.
// A pause of nothing only looks at ctx.
func Pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
