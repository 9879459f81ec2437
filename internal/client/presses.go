package client

import (
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
}

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

// ask asks for something that a lost connection leaves undone, and lasting for
// something that outlives it. then is told the answer, after the person was told
// of a refusal.
func (p *presses) ask(m protocol.ClientMessage, then func(protocol.ServerMessage)) {
	p.requests.ask(m, p.answered(then))
}

func (p *presses) lasting(m protocol.ClientMessage, then func(protocol.ServerMessage)) {
	p.requests.askLasting(m, p.answered(then))
}

func (p *presses) answered(then func(protocol.ServerMessage)) func(protocol.ServerFrame) {
	return func(f protocol.ServerFrame) {
		then(f.Message)
		if e, refused := f.Message.(protocol.Error); refused {
			p.news.refused(e)
		}
	}
}

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
