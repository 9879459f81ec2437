package client

import (
	"slices"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// presses asks the server on behalf of a press: in the room only, and where the
// server can be reached. Whoever pressed is told why it was refused.
type presses struct {
	where     *standing
	reachable func() bool
	requests  *requests
	news      *toasts
	// later runs f in a turn of the loop of its own, also while it closes.
	later func(f func())

	waiting []press // for their answers; replaced, never written to
}

// press is what somebody wants by one: the participant, the message or whatever of
// names, if it is one of several. Another press for the same is one with it until it
// has its answer.
type press struct {
	wants wish
	of    string
}

type wish string

const (
	toRemove     wish = "remove"
	toAnswer     wish = "answer" // to let somebody in, or not
	toLock       wish = "lock"
	toRenewLink  wish = "renew link"
	toRaiseHand  wish = "raise hand" // or to lower one's own
	toLowerHand  wish = "lower hand"
	toLowerHands wish = "lower hands"
	toExtend     wish = "extend"
	toEnd        wish = "end"
	toDelete     wish = "delete"
	toPage       wish = "page"
)

// can reports whether the server can be asked now, and tells if it cannot be
// reached.
func (p *presses) can() bool {
	if !p.where.inRoom() {
		return false
	}
	if !p.reachable() {
		p.news.refused(protocol.Error{Code: TroubleOffline})
		return false
	}
	return true
}

// waits reports whether a press for the same waits for its answer.
func (p *presses) waits(one press) bool { return slices.Contains(p.waiting, one) }

// once asks for m on behalf of a press, in a way that outlives the connection. then,
// if there is one, is told the answer before the person is told of a refusal.
func (p *presses) once(one press, m protocol.ClientMessage, then func(protocol.ServerMessage)) {
	if p.begin(one) {
		p.requests.askLasting(m, p.answered(one, then))
	}
}

// passing is once for what a lost connection leaves undone.
func (p *presses) passing(one press, m protocol.ClientMessage, then func(protocol.ServerMessage)) {
	if p.begin(one) {
		p.requests.ask(m, p.answered(one, then))
	}
}

func (p *presses) begin(one press) bool {
	if p.waits(one) || !p.can() {
		return false
	}
	p.waiting = append(slices.Clip(p.waiting), one)
	return true
}

func (p *presses) answered(one press, then func(protocol.ServerMessage)) func(protocol.ServerFrame) {
	return func(f protocol.ServerFrame) {
		p.waiting = slices.DeleteFunc(slices.Clone(p.waiting), func(have press) bool { return have == one })
		if then != nil {
			then(f.Message)
		}
		if e, refused := f.Message.(protocol.Error); refused {
			p.news.refused(e)
		}
	}
}

// either is inside for a maker who waits for the outcome, and else once.
func (p *presses) either(one press, m protocol.ClientMessage, then func(Outcome), answered func(protocol.ServerMessage)) {
	if then != nil {
		p.inside(m, then)
		return
	}
	p.once(one, m, answered)
}

// forget drops what was asked for, as the place is given up.
func (p *presses) forget() { p.waiting = nil }

// Outcome is what came of an intent whose maker waits for it: a page that
// embeds this one. It is told from the session's loop, which waits meanwhile.
// People see what comes of their presses in the View.
type Outcome struct {
	Trouble Trouble              // zero: it was done
	Grant   meeting.Grant        // of an extension
	Message protocol.ChatMessage // that was written
}

// inside is outcome of what is undone by leaving the room.
func (p *presses) inside(m protocol.ClientMessage, then func(Outcome)) {
	p.outcome(m, func() Outcome { return Outcome{Trouble: p.outside()} }, then)
}

// outcome asks, and calls then once with what came of it; a refusal is told to
// then alone. dropped is the outcome if the place is left before the answer comes.
func (p *presses) outcome(m protocol.ClientMessage, dropped func() Outcome, then func(Outcome)) {
	switch {
	case !p.where.inRoom():
		then(Outcome{Trouble: p.outside()})
		return
	case !p.reachable():
		then(Outcome{Trouble: Trouble{Code: TroubleOffline}})
		return
	}
	r := p.requests.askLasting(m, func(f protocol.ServerFrame) { then(outcomeOf(f.Message)) })
	// In a turn of its own: the phase is then the one that follows.
	r.dropped = func() { p.later(func() { then(dropped()) }) }
}

func outcomeOf(m protocol.ServerMessage) Outcome {
	switch m := m.(type) {
	case protocol.Error:
		return Outcome{Trouble: troubleOf(m)}
	case protocol.OK:
		o := Outcome{}
		if m.Grant != nil {
			o.Grant = *m.Grant
		}
		if m.Message != nil {
			o.Message = *m.Message
		}
		return o
	}
	return Outcome{Trouble: Trouble{Code: protocol.CodeInternal}}
}

// outside is why nothing can be asked of the room.
func (p *presses) outside() Trouble {
	if p.where.phase == PhaseEnded {
		return Trouble{Code: protocol.CodeOver}
	}
	return Trouble{Code: protocol.CodeNotJoined}
}
