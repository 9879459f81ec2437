package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	// waiting bounds what has been taken and is not written yet.
	waiting = 1000
	// What one soon takes: so much a second, and in the long run no more than
	// some 90,000 a day, which in the 90 days that entries are kept are some 4
	// GiB.
	perSecond, burst         = 50, 500
	perSecondLong, burstLong = 1, 50_000
	// accountEvery is how often it is said how many were dropped.
	accountEvery = time.Minute
	// writeTimeout bounds the writing of one entry.
	writeTimeout = 10 * time.Second
)

// soon takes entries that nobody waits for: those of a flood of refusals must
// neither hold anybody up nor fill the disk.
type soon struct {
	write func(context.Context, Entry) error
	now   func() time.Time
	log   *slog.Logger

	short, long *rate.Limiter
	entries     chan Entry
	dropped     atomic.Int64 // since it was last said

	stop    func()
	stopped chan struct{} // closes when no more are taken
	working context.Context
	cut     context.CancelFunc
	done    chan struct{} // closes when all is written
}

func startSoon(write func(context.Context, Entry) error, now func() time.Time, log *slog.Logger) *soon {
	s := &soon{
		write: write, now: now, log: log,
		short: rate.NewLimiter(perSecond, burst), long: rate.NewLimiter(perSecondLong, burstLong),
		entries: make(chan Entry, waiting), stopped: make(chan struct{}), done: make(chan struct{}),
	}
	s.working, s.cut = context.WithCancel(context.Background())
	s.stop = sync.OnceFunc(func() { close(s.stopped) })
	go s.run()
	return s
}

func (s *soon) put(e Entry) {
	now := s.now()
	if !s.short.AllowN(now, 1) || !s.long.AllowN(now, 1) {
		s.dropped.Add(1)
		return
	}
	select {
	case s.entries <- e.fit(now):
	default:
		s.dropped.Add(1)
	}
}

// run writes one entry after the other.
func (s *soon) run() {
	defer close(s.done)
	account := time.NewTicker(accountEvery)
	defer account.Stop()
	for {
		select {
		case e := <-s.entries:
			s.keep(e)
		case <-account.C:
			s.account()
		case <-s.stopped:
			s.drain()
			return
		}
	}
}

// drain writes what is left.
func (s *soon) drain() {
	for {
		select {
		case e := <-s.entries:
			s.keep(e)
		default:
			s.account()
			return
		}
	}
}

func (s *soon) keep(e Entry) {
	ctx, cancel := context.WithTimeout(s.working, writeTimeout)
	defer cancel()
	if err := s.write(ctx, e); err != nil {
		s.dropped.Add(1)
		s.log.Debug("audit: an entry could not be written", "kind", e.Kind, "room", e.Room, "error", err)
	}
}

// account says how many entries were dropped since it last did.
func (s *soon) account() {
	n := s.dropped.Swap(0)
	if n == 0 {
		return
	}
	s.log.Warn("audit: there was more to note than is taken; the rest was dropped", "entries", n)
	ctx, cancel := context.WithTimeout(s.working, writeTimeout)
	defer cancel()
	e := Entry{At: s.now(), Kind: Dropped, Data: json.RawMessage(fmt.Sprintf(`{"entries":%d}`, n))}
	if s.write(ctx, e) != nil {
		s.dropped.Add(n) // for the next time
	}
}

// close lets nothing more in and waits for the rest to be written, until ctx
// ends.
func (s *soon) close(ctx context.Context) error {
	s.stop()
	select {
	case <-s.done:
	case <-ctx.Done():
	}
	s.cut()
	<-s.done
	if n := s.dropped.Load(); n > 0 {
		return fmt.Errorf("audit: %d entries could not be written", n)
	}
	return nil
}
