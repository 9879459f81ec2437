package components

import (
	"sync"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/client"
)

// latest carries views from the session's goroutine to the UI's. Only the
// newest counts: go-app's queue is bounded and a full one blocks for good, so
// at most one dispatch waits.
type latest struct {
	mu      sync.Mutex
	view    client.View
	waiting bool
	feeding int // the subscription whose views count
}

// feed is a subscriber that hands the newest view to show.
func (l *latest) feed(ctx app.Context, show func(client.View)) func(client.View) {
	l.mu.Lock()
	l.feeding++
	mine := l.feeding
	l.waiting = false
	l.mu.Unlock()
	return func(v client.View) {
		if l.put(mine, v) {
			ctx.Dispatch(func(app.Context) { l.take(mine, show) })
		}
	}
}

// put reports whether the view has to be fetched: nobody is on the way yet.
func (l *latest) put(mine int, v client.View) (fetch bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if mine != l.feeding {
		return false // of a session that was closed
	}
	l.view = v
	fetch = !l.waiting
	l.waiting = true
	return fetch
}

func (l *latest) take(mine int, show func(client.View)) {
	l.mu.Lock()
	v, mineYet := l.view, mine == l.feeding
	if mineYet {
		l.waiting = false
	}
	l.mu.Unlock()
	if mineYet {
		show(v)
	}
}
