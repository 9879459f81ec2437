package client

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"overtime/internal/protocol"
)

// reach finds out why no connection was ever made: a browser does not say why a
// WebSocket failed, so the server is asked over HTTP. It is the loop's. What it
// needs of the session is in its functions.
type reach struct {
	ask func(ctx context.Context) (answer protocol.Reach, ok bool) // slow
	// hopeless is told a problem that does not pass by itself.
	hopeless func(protocol.Reach)
	work     func(slow func() (then func()))
	ctx      context.Context

	opened bool // a connection was made, so that one can be
	asking bool
	clear  int // answers in a row that nothing keeps this page from connecting
}

// clearEnough is how many such answers say that it is nothing the server can see.
const clearEnough = 2

// failed is called when an attempt to connect has failed.
func (r *reach) failed() {
	if r.opened || r.asking {
		return
	}
	r.asking = true
	r.work(func() func() {
		ctx, cancel := context.WithTimeout(r.ctx, dialLimit)
		defer cancel()
		answer, ok := r.ask(ctx)
		return func() { r.heard(answer, ok) }
	})
}

func (r *reach) heard(answer protocol.Reach, ok bool) {
	r.asking = false
	switch {
	case r.opened:
	case ok && answer.Problem == "":
		r.clear++
	case ok && slices.Contains([]protocol.ReachProblem{protocol.WrongAddress, protocol.ProxyProblem, protocol.UnknownName}, answer.Problem):
		r.hopeless(answer)
	default: // a newer server may say what is not known here
		r.clear = 0
	}
}

// blocked reports whether something between here and the server lets pages pass
// and no WebSockets, as far as can be told.
func (r *reach) blocked() bool { return !r.opened && r.clear >= clearEnough }

// statusOK is HTTP's 200.
const statusOK = 200

// askReach asks the server why this page cannot connect. A server that cannot be
// reached, or is of before the question, does not say.
func askReach(api Poster) func(ctx context.Context) (protocol.Reach, bool) {
	return func(ctx context.Context) (why protocol.Reach, ok bool) {
		status, answer, err := api.Post(ctx, protocol.ReachPath, []byte("{}"))
		ok = err == nil && status == statusOK && json.Unmarshal(answer, &why) == nil
		return why, ok
	}
}

// unreachable: this page cannot connect, however often it tries.
func (s *Session) unreachable(why protocol.Reach) {
	if s.phase.final() {
		return
	}
	t := Trouble{Code: TroubleProxy}
	switch why.Problem {
	case protocol.WrongAddress:
		t = Trouble{Code: TroubleAddress, Open: s.linkAt(why.Open)}
	case protocol.UnknownName:
		t = Trouble{Code: protocol.CodeUnknownName, Open: s.browser.Page.Origin()}
	}
	s.retire(PhaseClosed, t)
	s.hangUp()
}

// linkAt is the way to this meeting at another origin; empty if that is none.
func (s *Session) linkAt(origin string) string {
	if !strings.HasPrefix(origin, "https://") && !strings.HasPrefix(origin, "http://") {
		return ""
	}
	link := origin + "/r/" + s.room
	if s.ticket.token != "" {
		link += "#" + s.ticket.token
	}
	return link
}
