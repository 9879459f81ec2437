package throttle

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Buckets counts what neighbours do, each against a budget of its own. It is
// safe for concurrent use, and bounded however many neighbours there are.
type Buckets struct {
	rate Rate
	keys int

	mu     sync.Mutex // guards what follows
	of     map[Neighbour]*list.Element
	recent *list.List // of *bucket, the latest first
}

type bucket struct {
	neighbour Neighbour
	*rate.Limiter
}

// NewBuckets gives every neighbour the same budget.
func NewBuckets(r Rate) *Buckets { return newBuckets(r, keys) }

func newBuckets(r Rate, keys int) *Buckets {
	return &Buckets{rate: r, keys: keys, of: map[Neighbour]*list.Element{}, recent: list.New()}
}

// Take takes one from a neighbour's budget. If there is none, it takes nothing
// and says after how long there is.
func (b *Buckets) Take(n Neighbour, now time.Time) (wait time.Duration) {
	return Take(b.limiter(n), now)
}

// Take takes one from a budget, as Buckets does.
func Take(l *rate.Limiter, now time.Time) (wait time.Duration) {
	r := l.ReserveN(now, 1)
	if !r.OK() {
		return time.Hour // a budget that is always empty
	}
	wait = r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

func (b *Buckets) limiter(n Neighbour) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.of[n]; e != nil {
		b.recent.MoveToFront(e)
		return e.Value.(*bucket).Limiter
	}
	if len(b.of) >= b.keys {
		oldest := b.recent.Back()
		b.recent.Remove(oldest)
		delete(b.of, oldest.Value.(*bucket).neighbour)
	}
	l := rate.NewLimiter(rate.Limit(b.rate.PerSecond*float64(n.Share(1))), n.Share(b.rate.Burst))
	b.of[n] = b.recent.PushFront(&bucket{n, l})
	return l
}
