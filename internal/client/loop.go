package client

import (
	"context"
	"time"
)

// loop is the goroutine that owns a session's state: whatever happens (an
// intent, a frame, an alarm, the result of something slow) is a func in the
// inbox, and the loop runs them one by one. Slow things run in goroutines of
// their own; their results carry the generation they were started in, and
// whoever started them lets go of what a stale one brings.
type loop struct {
	inbox  inbox
	ctx    context.Context // of all slow things; ends with the session
	cancel context.CancelFunc
	born   time.Time // zero of the local, monotonic time; see local

	// Everything below belongs to the loop.

	closing bool
	workers int // goroutines whose result is still to come
	alarms  map[*alarm]struct{}
}

func newLoop() *loop {
	ctx, cancel := context.WithCancel(context.Background())
	return &loop{inbox: inbox{bell: newBell()}, ctx: ctx, cancel: cancel, born: time.Now(), alarms: map[*alarm]struct{}{}}
}

// local is the time since the session was born, by the monotonic clock: it runs on
// evenly when somebody sets the device's clock.
func (l *loop) local() time.Duration { return time.Since(l.born) }

// post has the loop run f, unless the session is closing by then. It may be called
// from any goroutine.
func (l *loop) post(f func()) {
	l.inbox.put(func() {
		if !l.closing {
			f()
		}
	})
}

// work runs slow in a goroutine of its own; the loop then runs what it returned, even
// while closing, so that what slow got can be let go.
func (l *loop) work(slow func() (then func())) {
	l.workers++
	go func() {
		then := slow()
		l.inbox.put(func() {
			l.workers--
			if then != nil {
				then()
			}
		})
	}()
}

// run runs what comes, and after it settled, until the loop was closed and the
// last slow thing has brought what it was at.
func (l *loop) run(settled func()) {
	for !l.closing || l.workers > 0 {
		<-l.inbox.bell
		for _, f := range l.inbox.take() {
			f()
		}
		settled()
	}
}

// close ends the alarms and what is slow.
func (l *loop) close() {
	l.closing = true
	l.cancel()
	for a := range l.alarms {
		l.unset(a)
	}
}

// alarm is a timer of the loop. It belongs to the loop alone: once set anew or
// unset, a firing that already waits in the inbox does nothing.
type alarm struct {
	gen   uint64
	timer *time.Timer // nil: not set
}

// waits reports whether the alarm is set and has not gone off.
func (a *alarm) waits() bool { return a.timer != nil }

// set has the loop run f after d, instead of what a was set to before.
func (l *loop) set(a *alarm, d time.Duration, f func()) {
	l.unset(a)
	if l.closing {
		return
	}
	gen := a.gen
	l.alarms[a] = struct{}{}
	a.timer = time.AfterFunc(d, func() {
		l.post(func() {
			if a.gen == gen {
				l.unset(a)
				f()
			}
		})
	})
}

func (l *loop) unset(a *alarm) {
	a.gen++
	if a.timer == nil {
		return
	}
	a.timer.Stop()
	a.timer = nil
	delete(l.alarms, a)
}
