package webhook

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/event"
)

// giveUp is how long an event is tried, from when it was put into the queue. It
// is tried once however old it is, unless the one before it was given up.
const giveUp = 3 * 24 * time.Hour

// backOff are the waits after each attempt; the last one is for all that follow.
var backOff = [...]time.Duration{ // never written
	time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
}

// jitter is by what part a wait may be shorter or longer, so that the rooms of an
// endpoint that was away do not all come back at once.
const jitter = 0.2

// waitAfter is how long to wait after so many attempts; at least asked. chance is
// from 0 to 1.
func waitAfter(attempts int, asked time.Duration, chance float64) time.Duration {
	wait := backOff[min(attempts, len(backOff))-1]
	wait += time.Duration(float64(wait) * jitter * (2*chance - 1))
	return max(wait, asked)
}

// line is the events of one room that one endpoint has not taken. It holds one of
// them at a time, and none while it waits.
type line struct {
	*courier
	room  string
	after uint64 // everything up to here has been dealt with
	seen  uint64 // the last that the courier saw; guarded by its mu

	attempts int    // so often that at trying was tried
	trying   uint64 // and failed
	// gaveUp says that the event before was given up.
	gaveUp bool
}

// run deals with one event after the other, until there is none or the
// dispatcher stops.
func (l *line) run() {
	for {
		seen, more := l.courier.more(l)
		if !more {
			return
		}
		wait, err := l.step()
		switch {
		case errors.Is(err, errNone):
			l.after = seen // what was seen has gone since, by age or by hand
		case err != nil && l.breathe(l.stopping, err) != nil,
			wait > 0 && l.queue.cfg.Wait(l.stopping, wait) != nil:
			return
		}
	}
}

// step reads the first event that has not been dealt with and tries it once. wait
// is for how long not to try again; an error is the queue's.
func (l *line) step() (wait time.Duration, err error) {
	m, err := l.queue.next(l.stopping, subjectOf(l.to.ID, l.room), l.after+1)
	if err != nil {
		return 0, err
	}
	if m.Sequence != l.trying {
		l.attempts, l.trying = 0, m.Sequence
	}
	var e event.Event
	if err := json.Unmarshal(m.Data, &e); err != nil {
		l.log.Error("webhook: an event of the queue does not decode", "room", l.room, "error", err)
		return 0, l.drop(event.Event{Room: l.room}, m, ReasonUnfit)
	}
	old := l.queue.cfg.Now().Sub(m.Time) >= giveUp
	if old && l.gaveUp {
		return 0, l.drop(e, m, ReasonGaveUp)
	}
	a, err := l.try(e)
	switch {
	case err != nil:
		return 0, err
	case a.taken:
		l.gaveUp = false
		return 0, l.remove(m, e.Kind)
	case a.gone:
		l.gaveUp = false
		return 0, l.drop(e, m, ReasonGone)
	case old:
		l.gaveUp = true
		return 0, l.drop(e, m, ReasonGaveUp)
	}
	l.attempts++
	l.tell("webhook: an endpoint fails; trying again", "room", l.room, "event", e.ID, "attempts", l.attempts, "error", a.trouble)
	return waitAfter(l.attempts, a.wait, rand.Float64()), nil
}

// try makes one request when it is the line's turn; an error if the dispatcher
// stops before or cuts it off.
func (l *line) try(e event.Event) (answer, error) {
	select {
	case l.calls <- struct{}{}:
	case <-l.stopping.Done():
		return answer{}, l.stopping.Err()
	}
	defer func() { <-l.calls }()
	a := post(l.working, l.client, l.to, e, l.queue.cfg.Now())
	if a.trouble != nil && l.working.Err() != nil {
		return answer{}, l.working.Err()
	}
	return a, nil
}

// drop reports first: whoever crashes in between reports it again.
func (l *line) drop(e event.Event, m *jetstream.RawStreamMsg, reason string) error {
	l.queue.drop(e, l.to, reason)
	return l.remove(m, e.Kind)
}

// remove takes out what has been dealt with. The next one waits for that, or it
// would come before this one after a crash.
func (l *line) remove(m *jetstream.RawStreamMsg, kind event.Kind) error {
	for {
		err := l.queue.remove(l.working, m.Sequence, kind)
		if err == nil {
			l.after = m.Sequence
			return nil
		}
		if stopped := l.breathe(l.stopping, err); stopped != nil {
			return stopped
		}
	}
}
