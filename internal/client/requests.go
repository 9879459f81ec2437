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

// request asks the server something over the present connection.
func (s *Session) request(m protocol.ClientMessage, answer func(protocol.ServerFrame)) {
	s.requestWithin(answerLimit, m, answer)
}

func (s *Session) requestWithin(limit time.Duration, m protocol.ClientMessage, answer func(protocol.ServerFrame)) *request {
	r := s.newRequest(m, answer)
	s.sendRequest(r, limit)
	return r
}

// requestLasting asks something that outlives the connection.
func (s *Session) requestLasting(m protocol.ClientMessage, answer func(protocol.ServerFrame)) *request {
	r := s.newRequest(m, answer)
	r.lasting = true
	s.set(&r.expiry, lastingLimit, func() { s.settle(r, unanswered()) })
	s.sendRequest(r, noLimit)
	return r
}

func (s *Session) newRequest(m protocol.ClientMessage, answer func(protocol.ServerFrame)) *request {
	s.requests.count++
	r := &request{
		id:      s.requests.prefix + "-" + strconv.FormatUint(s.requests.count, 10),
		message: m,
		answer:  answer,
	}
	s.requests.pending = append(s.requests.pending, r)
	return r
}

func (s *Session) sendRequest(r *request, limit time.Duration) {
	r.sent, r.onWay = s.local(), s.link.conn != nil
	if limit != noLimit {
		s.set(&r.limit, limit, func() {
			if s.link.conn != nil {
				s.lost(nil)
			}
		})
	}
	s.send(protocol.ClientFrame{ID: r.id, Message: r.message})
}

// resend sends the lasting requests over a new connection.
func (s *Session) resend() {
	for _, r := range slices.Clone(s.requests.pending) {
		if r.lasting {
			s.sendRequest(r, noLimit)
		}
	}
}

// answered settles the request that f answers.
func (s *Session) answered(f protocol.ServerFrame) {
	for _, r := range s.requests.pending {
		if r.id == f.ID {
			s.link.proven = r.sent
			s.settle(r, f)
			return
		}
	}
}

func (s *Session) settle(r *request, f protocol.ServerFrame) {
	s.forget(r)
	r.answer(f)
}

func (s *Session) forget(r *request) {
	s.unset(&r.limit)
	s.unset(&r.expiry)
	s.requests.pending = slices.DeleteFunc(s.requests.pending, func(have *request) bool { return have == r })
}

// failRequests answers what the lost connection left open. What was on its way
// may have been done.
func (s *Session) failRequests() {
	for _, r := range slices.Clone(s.requests.pending) {
		switch {
		case r.lasting:
		case r.onWay:
			s.settle(r, unanswered())
		default:
			s.settle(r, offline())
		}
	}
}

// forgetRequests drops them all: nobody waits for the answers any more.
func (s *Session) forgetRequests() {
	for _, r := range slices.Clone(s.requests.pending) {
		s.forget(r)
		if r.dropped != nil {
			r.dropped()
		}
	}
}

// unanswered is the answer to what the server may have carried out.
func unanswered() protocol.ServerFrame {
	return protocol.ServerFrame{Message: protocol.Error{Code: TroubleUnanswered, Message: "no answer came in time"}}
}

// offline is the answer to what the server was not asked.
func offline() protocol.ServerFrame {
	return protocol.ServerFrame{Message: protocol.Error{Code: TroubleOffline, Message: "the server cannot be reached"}}
}

// randomPrefix makes the ids of a tab's requests differ from other tabs'. They
// need not be secret, and crypto/rand would weigh on the browser program.
func randomPrefix() string {
	return strconv.FormatUint(rand.Uint64(), 16)
}
