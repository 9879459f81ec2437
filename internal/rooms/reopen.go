package rooms

import (
	"errors"
	"time"

	"overtime/internal/bus"
	"overtime/internal/clock"
)

// A session goes on without anybody asking for its room: windows open, it ends,
// and portals are told. So a room whose actor failed, or that could not be
// opened at the start, is opened again, after a pause that grows.
const (
	reopenPause   = time.Second
	longestReopen = time.Minute
)

// failure is when an actor of a room failed last, and what was waited then.
type failure struct {
	at    time.Time
	pause time.Duration
}

// actorFailed has the room of an actor that is gone opened again. One that fails
// again and again is left in peace for longer each time.
func (h *Host) actorFailed(room string) {
	h.mu.Lock()
	last := h.failed[room]
	now := failure{at: time.Now(), pause: reopenPause}
	if !last.at.IsZero() && now.at.Sub(last.at) < 2*longestReopen {
		now.pause = min(2*last.pause, longestReopen)
	}
	h.failed[room] = now
	h.mu.Unlock()
	h.openLater(room, now.pause)
}

// openLater opens a room after a pause, unless somebody who asks does so before,
// and tries until it was open or turns out not to be there.
func (h *Host) openLater(room string, pause time.Duration) {
	h.group.Go(func() {
		for ; clock.Pause(h.ctx, pause) == nil; pause = min(2*pause, longestReopen) {
			err := h.open(room)
			if err == nil || errors.Is(err, errFailed) || errors.Is(err, bus.ErrNoRoom) || errors.Is(err, errClosed) {
				return
			}
			h.cfg.Logger.Error("a room could not be opened again yet", "room", room, "error", err)
		}
	})
}
