package webhook

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"overtime/internal/clock"
)

const (
	// maxLines is how many rooms of an endpoint are seen to at a time, each in
	// some 10 KiB. More than that have something waiting only if the endpoint
	// itself fails.
	maxLines = 2000
	// maxCalls is how many requests an endpoint gets at a time.
	maxCalls = 8
	// lookEvery is how often the queue is looked into though the bell did not
	// ring: another node may have put something in.
	lookEvery = time.Second
	// pause lets a queue that cannot be read catch its breath.
	pause = time.Second
	// warnEvery is how often trouble with an endpoint is a warning.
	warnEvery = time.Minute
)

// courier sees to one endpoint: it reads its queue to find the rooms that have
// something, and gives each of those a line. Beyond maxLines it waits, which
// holds up this endpoint only.
type courier struct {
	*Dispatcher
	to    Endpoint
	log   *slog.Logger
	rooms chan struct{} // one slot for each line
	calls chan struct{} // one slot for each request

	mu     sync.Mutex // guards what follows
	lines  map[string]*line
	warned time.Time
}

func newCourier(d *Dispatcher, to Endpoint) *courier {
	return &courier{
		Dispatcher: d, to: to, log: d.queue.cfg.Logger.With("endpoint", to.Where()),
		rooms: make(chan struct{}, d.queue.lines), calls: make(chan struct{}, maxCalls),
		lines: map[string]*line{},
	}
}

// run reads on and on. The order of the stream is that in which things were put
// in, so that nothing comes up behind it.
func (c *courier) run() {
	for after := uint64(0); ; {
		m, err := c.queue.next(c.stopping, subjectOf(c.to.ID, "*"), after+1)
		switch {
		case err == nil:
			after = m.Sequence
			_, room := split(m.Subject)
			err = c.notice(room, after)
		case errors.Is(err, errNone):
			err = c.listen()
		default:
			err = c.breathe(c.stopping, err)
		}
		if err != nil {
			return
		}
	}
}

// listen waits until there may be more.
func (c *courier) listen() error {
	t := time.NewTimer(c.queue.look)
	defer t.Stop()
	select {
	case <-c.queue.bells[c.to.ID]:
	case <-t.C:
	case <-c.stopping.Done():
	}
	return c.stopping.Err()
}

// breathe waits after trouble with the queue, until ctx ends.
func (c *courier) breathe(ctx context.Context, trouble error) error {
	if ctx.Err() == nil {
		c.tell("webhook: the queue does not answer; trying again", "error", trouble)
	}
	return clock.Pause(ctx, pause)
}

// notice lets the room's line know that there is something at seq. If the room
// has none, it gets one.
func (c *courier) notice(room string, seq uint64) error {
	if c.extend(room, seq) {
		return nil
	}
	select {
	case c.rooms <- struct{}{}:
	case <-c.stopping.Done():
		return c.stopping.Err()
	}
	// Only run, which is here, makes lines: there is none in the meantime.
	l := &line{courier: c, room: room, after: seq - 1, seen: seq}
	c.mu.Lock()
	c.lines[room] = l
	c.mu.Unlock()
	c.running.Go(func() {
		defer func() { <-c.rooms }()
		l.run()
	})
	return nil
}

func (c *courier) extend(room string, seq uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lines[room]
	if l != nil {
		l.seen = seq
	}
	return l != nil
}

// more is the last that was seen of a line's room. If the line has dealt with
// all of it, it is forgotten.
func (c *courier) more(l *line) (seen uint64, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l.after < l.seen {
		return l.seen, true
	}
	delete(c.lines, l.room)
	return l.seen, false
}

// tell logs trouble: a failing endpoint has many rooms that all fail.
func (c *courier) tell(message string, args ...any) {
	now := c.queue.cfg.Now()
	c.mu.Lock()
	level := slog.LevelDebug
	if now.Sub(c.warned) >= warnEvery {
		c.warned, level = now, slog.LevelWarn
	}
	c.mu.Unlock()
	c.log.Log(context.Background(), level, message, args...)
}
