package client

import (
	"time"

	"overtime/internal/protocol"
)

const (
	// refreshEvery is the least time between two snapshots that were asked for
	// because an event did not come.
	refreshEvery = 3 * time.Second
	// eventPatience is how long an event may come later than an answer that
	// was made after it.
	eventPatience = 3 * time.Second
)

// sequence has the room's events be applied once and in order.
type sequence struct {
	loop *loop
	// anew connects once more: hello, the first message of a connection, asks for
	// a whole snapshot. Unless that fails, nothing of it shows.
	anew func()

	// epoch and seq are of the last numbered event that was applied.
	epoch, seq uint64
	refreshed  time.Duration // local, of the last refresh
	behind     alarm
}

// start goes on from a snapshot, also from one whose epoch is lower: should a
// fenced owner have spoken, the next event of the true one shows it.
func (q *sequence) start(epoch, seq uint64) { q.epoch, q.seq = epoch, seq }

// stop waits for no event any more.
func (q *sequence) stop() { q.loop.unset(&q.behind) }

// next reports whether an event is to be applied now. A gap, or a room that
// moved, needs a whole snapshot.
func (q *sequence) next(f protocol.ServerFrame) bool {
	switch {
	case f.Epoch < q.epoch, f.Epoch == q.epoch && f.Seq <= q.seq:
		return false
	case f.Epoch == q.epoch && f.Seq == q.seq+1:
		q.seq = f.Seq
		return true
	}
	q.refresh()
	return false
}

// skip counts an event of a kind that this program does not know: a snapshot would not
// have it either. What is not the next event has no number of its own.
func (q *sequence) skip(f protocol.ServerFrame) {
	if f.Epoch == q.epoch && f.Seq == q.seq+1 {
		q.seq = f.Seq
	}
}

// stale reports whether a frame without a number is a fenced owner's.
func (q *sequence) stale(f protocol.ServerFrame) bool { return f.Epoch != 0 && f.Epoch < q.epoch }

// check makes an answer that a fenced owner gave a failure, and watches for
// events that an answer shows to be missing.
func (q *sequence) check(f protocol.ServerFrame) protocol.ServerFrame {
	switch {
	case f.Epoch == 0: // not of the room
	case f.Epoch < q.epoch:
		f.Message = protocol.Error{Code: protocol.CodeUnknown, Message: "the room has moved; see whether that was done, then try again"}
	case f.Epoch > q.epoch || f.Seq > q.seq:
		q.missing(f.Epoch, f.Seq)
	}
	return f
}

// missing asks for a snapshot if the event with that number stays away. The
// server sends answers and events in order, so one that an answer knows of and
// that has not come was lost on the way.
func (q *sequence) missing(epoch, seq uint64) {
	if q.behind.waits() {
		return
	}
	q.loop.set(&q.behind, eventPatience, func() {
		if q.epoch < epoch || q.epoch == epoch && q.seq < seq {
			q.refresh()
		}
	})
}

// refresh asks for a whole snapshot.
func (q *sequence) refresh() {
	wait := q.refreshed + refreshEvery - q.loop.local()
	if q.refreshed != 0 && wait > 0 {
		q.loop.set(&q.behind, wait, q.refresh)
		return
	}
	q.refreshed = q.loop.local()
	q.anew()
}
