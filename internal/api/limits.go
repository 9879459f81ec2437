package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// creations bounds how many rooms are made.
type creations struct {
	ready   func(context.Context) error // nil: always
	keyless *rate.Limiter               // of everybody without a key together
	each    *throttle.Buckets           // of each neighbour without a key
	now     func() time.Time
	logger  *slog.Logger
}

// allow says why no room can be made now. Each node makes them as long as it
// can be relied on; those without a key have limits of their own, which a
// portal's rooms do not count against.
func (c *creations) allow(ctx context.Context) error {
	if err := c.checkReady(ctx); err != nil {
		c.logger.Warn("api: no room was made, because this node is not ready", "reason", err)
		return refusal(protocol.CodeUnavailable, "no meetings can be made here just now; try again in a while")
	}
	if callerOf(ctx) != "" {
		return nil
	}
	if err := checkName(ctx); err != nil {
		return err
	}
	if wait := c.each.Take(neighbourOf(ctx), c.now()); wait > 0 {
		return tooMany("too many meetings are being made from your network; try again in a moment", wait)
	}
	if !c.keyless.Allow() {
		return tooMany("too many meetings are being made at once; try again in a moment", 0)
	}
	return nil
}

func (c *creations) checkReady(ctx context.Context) error {
	if c.ready == nil {
		return nil
	}
	return c.ready(ctx)
}

func tooMany(detail string, wait time.Duration) *Problem {
	p := refusal(protocol.CodeTooMany, detail)
	p.wait = wait
	return p
}

// TooMany answers a request that exceeds a limit of its address.
func TooMany(w http.ResponseWriter, wait time.Duration) {
	write(w, tooMany("too many requests from your network; try again in a moment", wait))
}
