package client

import (
	"slices"
	"time"

	"overtime/internal/protocol"
)

// showEvery bounds how often the server is told what is shown.
const showEvery = 250 * time.Millisecond

// announcer tells the server what this person sends and which pictures they
// see, whenever that changed.
type announcer struct {
	loop     *loop
	requests *requests
	inside   func() bool // in the room, and the server knows
	// settled reports whether there is a peer connection for pictures to come by.
	settled  func() bool
	sources  func() []protocol.Source
	pictures func() []protocol.Picture
	refused  func() // the server forbids some of sources

	sent    []protocol.Source // what the server knows to be sent; nil: unknown
	shown   []protocol.Picture
	showing alarm // the least time between two Shows
}

// sending tells which sources are sent.
func (a *announcer) sending() {
	now := a.sources()
	if !a.inside() || a.sent != nil && slices.Equal(now, a.sent) {
		return
	}
	a.sent = now
	a.requests.ask(protocol.Sending{Sources: now}, func(f protocol.ServerFrame) {
		if no, refused := f.Message.(protocol.Error); refused {
			a.sent = nil // announced again with the next heartbeat
			if no.Code == protocol.CodeForbidden {
				a.refused()
			}
		}
	})
}

// show tells which pictures are on the screen and how large, soon after that
// changed.
func (a *announcer) show() {
	if !a.inside() || !a.settled() || a.showing.waits() {
		return
	}
	now := a.pictures()
	if a.shown != nil && slices.Equal(now, a.shown) {
		return
	}
	a.shown = now
	a.loop.set(&a.showing, showEvery, a.show)
	a.requests.ask(protocol.Show{Pictures: now}, func(f protocol.ServerFrame) {
		if _, refused := f.Message.(protocol.Error); refused {
			a.shown = nil // announced again with the next heartbeat
		}
	})
}

// all tells both.
func (a *announcer) all() {
	a.sending()
	a.show()
}

// afresh has everything shown told again: the server's side, or ours, is a new one.
func (a *announcer) afresh() { a.shown = nil }

// forget is for leaving the room.
func (a *announcer) forget() {
	a.shown = nil
	a.loop.unset(&a.showing)
}
