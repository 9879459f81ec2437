package rooms

import (
	"errors"
	"time"

	"overtime/internal/room"
)

// unsavedPause is how often it is logged that the session could not be advanced.
const unsavedPause = 5 * time.Second

// sessionClock has the rules bring the session to now: windows open, it ends. It
// belongs to the actor's goroutine.
type sessionClock struct {
	*env
	live   *live
	writer *writer

	waits bool      // an advance waits among the changes
	again time.Time // when one that failed is tried again: its instant has come, so a timer would not wait
	logAt time.Time // no line about it before
}

// busy reports whether what the session has to do next is being done.
func (c *sessionClock) busy(now time.Time) bool { return c.waits || now.Before(c.again) }

func (c *sessionClock) advance(now time.Time) {
	s := c.live.state
	if c.waits || s.Running() == nil || len(room.Advance(s.Saved, now)) == 0 {
		return
	}
	c.waits = true
	c.writer.commit(room.Cause{At: now}, func(r room.Record) ([]room.Kept, error) {
		return room.Advance(r, now), nil
	}, func(err error) {
		c.waits = false
		if err == nil {
			return
		}
		c.again = c.now().Add(recheck)
		c.unadvanced(err)
		if !errors.Is(err, errFenced) {
			c.live.happen(c.live.state.GoodbyeUnsaved(now)...)
		}
	})
}

// unadvanced logs a failure that comes four times a second, now and then.
func (c *sessionClock) unadvanced(err error) {
	if now := c.now(); !now.Before(c.logAt) {
		c.logAt = now.Add(unsavedPause)
		c.unsaved("the session could not be advanced yet", err)
	}
}
