package client

import (
	"time"

	"overtime/internal/protocol"
)

const (
	// heartbeatEvery is how often the server is asked for its time while in the
	// room. With answerLimit it bounds how long a dead connection goes
	// unnoticed: 15 seconds.
	heartbeatEvery = 5 * time.Second
	// burstSize questions, burstGap apart, find a trip with little delay soon.
	burstSize = 5
	burstGap  = 100 * time.Millisecond
	// silenceLimit is how long the server may have been silent when the tab
	// wakes before the connection counts as lost.
	silenceLimit = 15 * time.Second
	// wakeLimit is for the first answer after waking: a machine that slept has
	// often lost its connections without notice, and somebody is looking.
	wakeLimit = 5 * time.Second
)

// heartbeat asks for the server's time again and again.
type heartbeat struct {
	loop     *loop
	requests *requests
	joined   func() bool
	// retell tells the server again what it refused to hear (too many messages).
	retell func()
	// know is told the server's time when the session was born, whenever it is
	// known better.
	know func(zero time.Time)

	clock clock
	next  alarm
	burst int // questions left to be asked in quick succession
}

// start asks for the time burstSize times in quick succession, then goes on at
// the usual pace.
func (h *heartbeat) start(limit time.Duration) {
	h.burst = burstSize
	h.ask(limit)
}

func (h *heartbeat) stop() { h.loop.unset(&h.next) }

// ask asks once, and plans the next time.
func (h *heartbeat) ask(limit time.Duration) {
	if !h.joined() {
		return
	}
	h.loop.set(&h.next, heartbeatEvery, h.beat)
	var asked *request
	asked = h.requests.askWithin(limit, protocol.AskClock{}, func(f protocol.ServerFrame) {
		ok, _ := f.Message.(protocol.OK)
		if ok.Clock == nil {
			return
		}
		h.heard(asked.sent, ok.Clock.Now)
		if h.burst--; h.burst > 0 {
			h.loop.set(&h.next, burstGap, h.beat)
		}
	})
}

func (h *heartbeat) beat() {
	h.retell()
	h.ask(answerLimit)
}

// heard takes in the server's time in the answer to a request sent at the local
// time sent.
func (h *heartbeat) heard(sent time.Duration, server time.Time) {
	now := h.loop.local()
	h.clock.add(sent, now, server)
	if zero, ok := h.clock.zero(now); ok {
		h.know(zero)
	}
}
