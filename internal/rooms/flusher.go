package rooms

import (
	"time"

	"overtime/internal/room"
)

// flushPause leaves the store to others after it failed: nobody waits for this.
const flushPause = 5 * time.Second

// flusher has what the record does not know yet of people's coming and going
// written. It goes into the record's next change, whatever that is for, in order and
// before it; so whoever changes something about a person finds them there. After a
// long time without a store it takes several changes. It belongs to the actor's
// goroutine.
type flusher struct {
	*env
	live   *live
	writer *writer
	outbox *outbox

	flushing  bool      // a change for its sake waits
	again     time.Time // not before
	flushedAt time.Time // when some of it was saved last
	most      int       // so much of it at most goes into one change
}

// batch is what goes into the next change.
func (f *flusher) batch() *room.Batch { return f.live.state.Pending.Batch(f.most) }

// flush makes a change for what is pending, unless one waits or there are too many
// events to be passed on first.
func (f *flusher) flush() {
	if f.flushing || len(f.live.state.Pending) == 0 || !f.outbox.takesPresence() || f.now().Before(f.again) {
		return
	}
	f.flushing = true
	f.writer.commit(room.Cause{}, unchanged, func(err error) {
		f.flushing = false
		if err != nil {
			f.again = f.now().Add(flushPause)
			return
		}
		f.flush()
	})
}

// flushed: so much of what was pending is in the record.
func (f *flusher) flushed(n int) {
	if n == 0 {
		return
	}
	f.most = min(2*f.most, room.MaxBatch)
	f.flushedAt, f.again = f.now(), time.Time{}
}

// full: the record has no room for what was pending. It is tried in smaller pieces,
// and then without whoever is first, so that those behind them may go.
func (f *flusher) full() {
	f.again = f.now().Add(flushPause)
	if f.most > 1 {
		f.most /= 2
		return
	}
	f.live.happen(room.BatchPutOff{})
}

// endPatience is how long an end waits for the next piece of what is pending.
const endPatience = 10 * time.Second

// endWaits reports whether more is pending than the end's own change can take, which
// would be lost with it.
func (f *flusher) endWaits(now time.Time) bool {
	pending := len(f.live.state.Pending)
	much := pending > f.most || pending+f.outbox.len() > room.MostEvents
	return much && (f.writer.failing || now.Sub(f.flushedAt) < endPatience)
}
