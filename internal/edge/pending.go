package edge

import (
	"time"

	"overtime/internal/bus"
)

// pending are the requests of one browser that wait for the room. Its methods are
// called with the connection's lock held.
type pending struct {
	requests map[string]*pendingRequest // by the bus's request
	bytes    int                        // how large they are, together
	all      *pool                      // of every browser
}

// pendingRequest waits for the room.
type pendingRequest struct {
	id    string // the client's
	ask   bus.Ask
	hello bool
	tries int
	timer *time.Timer // answers in the room's stead
}

func newPending(all *pool) *pending {
	return &pending{requests: map[string]*pendingRequest{}, all: all}
}

// full reports whether a request of so many bytes is too much: for this browser,
// which may have most, or for all.
func (p *pending) full(bytes, most int) bool {
	return p.bytes+bytes > most || p.all.full(p.bytes, bytes)
}

// add puts a request on the list.
func (p *pending) add(request string, r *pendingRequest) {
	p.requests[request] = r
	p.hold(len(r.ask.Frame))
}

// take takes a request off the list; nil if it was not there.
func (p *pending) take(request string) *pendingRequest {
	r := p.requests[request]
	if r != nil {
		r.timer.Stop()
		delete(p.requests, request)
		p.hold(-len(r.ask.Frame))
	}
	return r
}

// clear takes all off the list: nobody waits any more.
func (p *pending) clear() {
	for request := range p.requests {
		p.take(request)
	}
}

// hello reports whether a hello waits.
func (p *pending) hello() bool {
	for _, r := range p.requests {
		if r.hello {
			return true
		}
	}
	return false
}

// hold counts bytes in, or out if there are fewer.
func (p *pending) hold(bytes int) {
	p.bytes += bytes
	p.all.bytes.Add(int64(bytes))
}
