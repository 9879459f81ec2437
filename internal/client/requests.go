package client

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"overtime/internal/protocol"
)

const (
	// answerLimit is how long the server may take over an answer before the
	// connection counts as lost.
	answerLimit = 10 * time.Second
	// lastingLimit is how long a lasting request waits. The room may take 15
	// seconds to decide while its store is away, and the server then says
	// itself that it does not know; a dead line shows by other requests.
	lastingLimit = 25 * time.Second
	// noLimit is for requests that their own expiry ends.
	noLimit = 0
)

// requests are those the server has not answered, oldest first. Every request
// is answered exactly once: by the server, or with a Trouble code from here.
type requests struct {
	loop *loop
	link *link

	prefix  string // of ids; random, so that a reload's are others
	count   uint64
	pending []*request
}

type request struct {
	id      string
	message protocol.ClientMessage
	sent    time.Duration // local
	answer  func(protocol.ServerFrame)
	onWay   bool // it was given to a connection
	// lasting requests outlive the connection: they go again, with their id,
	// over the next one, so that a press is neither lost nor carried out twice.
	lasting bool
	dropped func() // told instead of answer when nobody is to answer any more; may be nil
	limit   alarm  // for the answer to one sending
	expiry  alarm  // of a lasting request
}

// ask asks the server something over the present connection.
func (q *requests) ask(m protocol.ClientMessage, answer func(protocol.ServerFrame)) {
	q.askWithin(answerLimit, m, answer)
}

func (q *requests) askWithin(limit time.Duration, m protocol.ClientMessage, answer func(protocol.ServerFrame)) *request {
	r := q.add(m, answer)
	q.send(r, limit)
	return r
}

// askLasting asks something that outlives the connection.
func (q *requests) askLasting(m protocol.ClientMessage, answer func(protocol.ServerFrame)) *request {
	r := q.add(m, answer)
	r.lasting = true
	q.start(r)
	return r
}

// again asks a lasting request that came to nothing once more, with its id: what
// was carried out already is not carried out twice.
func (q *requests) again(r *request) {
	q.pending = append(q.pending, r)
	q.start(r)
}

// start begins the patience of a lasting request, and sends it. Without a place in
// the room it waits for one, behind those that came before it.
func (q *requests) start(r *request) {
	q.loop.set(&r.expiry, lastingLimit, func() { q.settle(r, unanswered) })
	if q.link.joined {
		q.send(r, noLimit)
	}
}

func (q *requests) add(m protocol.ClientMessage, answer func(protocol.ServerFrame)) *request {
	q.count++
	r := &request{id: q.prefix + "-" + strconv.FormatUint(q.count, 10), message: m, answer: answer}
	q.pending = append(q.pending, r)
	return r
}

func (q *requests) send(r *request, limit time.Duration) {
	r.sent, r.onWay = q.loop.local(), q.link.connected()
	if limit != noLimit {
		q.loop.set(&r.limit, limit, func() {
			if q.link.connected() {
				q.link.lost(nil)
			}
		})
	}
	q.link.send(protocol.ClientFrame{ID: r.id, Message: r.message})
}

// resend sends the lasting requests over a new connection.
func (q *requests) resend() {
	for _, r := range slices.Clone(q.pending) {
		if r.lasting {
			q.send(r, noLimit)
		}
	}
}

// answered settles the request that f answers.
func (q *requests) answered(f protocol.ServerFrame) {
	for _, r := range q.pending {
		if r.id == f.ID {
			q.link.proved(r.sent)
			q.settle(r, f)
			return
		}
	}
}

func (q *requests) settle(r *request, f protocol.ServerFrame) {
	q.forget(r)
	r.answer(f)
}

func (q *requests) forget(r *request) {
	q.loop.unset(&r.limit)
	q.loop.unset(&r.expiry)
	q.pending = slices.DeleteFunc(q.pending, func(have *request) bool { return have == r })
}

// fail answers what the lost connection left open. What was on its way may have
// been done.
func (q *requests) fail() {
	for _, r := range slices.Clone(q.pending) {
		switch {
		case r.lasting:
		case r.onWay:
			q.settle(r, unanswered)
		default:
			q.settle(r, offline)
		}
	}
}

// forgetAll drops them: nobody waits for the answers any more.
func (q *requests) forgetAll() {
	for _, r := range slices.Clone(q.pending) {
		q.forget(r)
		if r.dropped != nil {
			r.dropped()
		}
	}
}

// unanswered is the answer to what the server may have carried out.
var unanswered = protocol.ServerFrame{Message: protocol.Error{Code: TroubleUnanswered, Message: "no answer came in time"}}

// offline is the answer to what the server was not asked.
var offline = protocol.ServerFrame{Message: protocol.Error{Code: TroubleOffline, Message: "the server cannot be reached"}}

// randomPrefix makes the ids of a tab's requests differ from other tabs'. They
// need not be secret, and crypto/rand would weigh on the browser program.
func randomPrefix() string {
	return strconv.FormatUint(rand.Uint64(), 16)
}
