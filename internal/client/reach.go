package client

import (
	"context"
	"encoding/json"
	"slices"

	"overtime/internal/protocol"
)

// reach finds out why no connection was ever made: a browser does not say why a
// WebSocket failed, so the server is asked over HTTP. It is the loop's.
type reach struct {
	api Poster
	// hopeless is told a problem that does not pass by itself.
	hopeless func(protocol.Reach)
	loop     *loop

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
	r.loop.work(func() func() {
		ctx, cancel := context.WithTimeout(r.loop.ctx, dialLimit)
		defer cancel()
		answer, ok := askReach(ctx, r.api)
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
func askReach(ctx context.Context, api Poster) (why protocol.Reach, ok bool) {
	status, answer, err := api.Post(ctx, protocol.ReachPath, []byte("{}"))
	ok = err == nil && status == statusOK && json.Unmarshal(answer, &why) == nil
	return why, ok
}
