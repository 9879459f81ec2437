package bus

import (
	"context"
	"sync"
	"time"
)

const (
	// watchEvery is how often the store is looked at.
	watchEvery = 500 * time.Millisecond
	// firstWait, doubled until longestWait, is between two attempts at healing.
	// They go on: starting the whole program anew could not do more.
	firstWait   = time.Second
	longestWait = time.Minute
	// certain is at how many looks in a row there must be trouble: a stream that
	// is just being made looks for a moment like one that is lost.
	certain = 2
	// settled is how long the store must be well for the next trouble to be a
	// new one.
	settled = time.Minute
)

// healer starts the store anew after an error of the disk: JetStream takes no
// more writes then, even when there is room again. Messages and media do not
// notice; what is written meanwhile fails at once.
type healer struct {
	bus   *Bus
	pace  pace
	looks int // in a row at which there was trouble
}

// watch heals the store until stop is called, which waits for it.
func (b *Bus) watch() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() {
		h := healer{bus: b}
		ticks := time.NewTicker(watchEvery)
		defer ticks.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-ticks.C:
				h.look(ctx, now)
			}
		}
	})
	return func() { cancel(); group.Wait() }
}

func (h *healer) look(ctx context.Context, now time.Time) {
	b := h.bus
	if !b.keeper.hands.TryLock() {
		return // during a restore streams come and go
	}
	defer b.keeper.hands.Unlock()
	why := h.note()
	if why == nil {
		h.pace.well(now)
		h.over()
		return
	}
	h.pace.wellSince = time.Time{}
	if h.looks++; h.looks < certain {
		return
	}
	space := b.diskSpace()
	if h.looks == certain {
		b.log.Error("nothing can be saved; meetings go on, and no new ones are made", "error", why, "disk", space)
	}
	// On a full disk a new server would fail like the old one.
	if space == nil && h.pace.due(now) {
		h.heal(ctx, now)
	}
}

// over says that there was trouble, if that was said.
func (h *healer) over() {
	if h.looks >= certain {
		h.bus.log.Warn("the store is well again; all that was confirmed is there")
	}
	h.looks = 0
}

// note notes for Broken what there is, and returns what healing might mend.
func (h *healer) note() error {
	why := h.bus.keeper.trouble()
	broken := why
	if broken == nil {
		_, broken = h.bus.keeper.space()
	}
	h.bus.health.broken.Store(&broken)
	return why
}

func (h *healer) heal(ctx context.Context, now time.Time) {
	b := h.bus
	h.pace.tried(now)
	b.log.Warn("the store is started anew", "attempt", h.pace.attempts)
	err := b.keeper.restart(ctx)
	if seen := h.note(); err == nil {
		err = seen
	}
	switch {
	case ctx.Err() != nil: // the program stops
	case err != nil:
		b.log.Error("the store could not be started anew; it is tried again, make sure that its disk is all right",
			"error", err, "in", h.pace.wait)
	default:
		h.over()
	}
}

// pace spaces attempts: the first at once, each further one after twice the
// wait, until all has been well for a while. It reads no clock.
type pace struct {
	attempts  int
	wait      time.Duration
	next      time.Time
	wellSince time.Time // zero if it is not
}

func (p *pace) due(now time.Time) bool { return !now.Before(p.next) }

func (p *pace) tried(now time.Time) {
	p.attempts++
	p.wait = min(max(2*p.wait, firstWait), longestWait)
	p.next, p.wellSince = now.Add(p.wait), time.Time{}
}

func (p *pace) well(now time.Time) {
	switch {
	case p.wellSince.IsZero():
		p.wellSince = now
	case now.Sub(p.wellSince) >= settled:
		*p = pace{wellSince: p.wellSince}
	}
}
