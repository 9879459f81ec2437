package client

import (
	"time"

	"overtime/internal/protocol"
)

const (
	// pulseEvery is how often the server is asked for its time while in the
	// room. With answerLimit it bounds how long a dead connection goes
	// unnoticed: 15 seconds.
	pulseEvery = 5 * time.Second
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

// pulse asks for the server's time again and again.
type pulse struct {
	next  alarm
	burst int // questions left to be asked in quick succession
}

// startBurst asks for the time burstSize times in quick succession, then goes
// on at the usual pace.
func (s *Session) startBurst(limit time.Duration) {
	s.pulse.burst = burstSize
	s.askClock(limit)
}

// askClock asks once, and plans the next time.
func (s *Session) askClock(limit time.Duration) {
	if !s.link.joined {
		return
	}
	s.set(&s.pulse.next, pulseEvery, s.beat)
	var asked *request
	asked = s.requestWithin(limit, protocol.AskClock{}, func(f protocol.ServerFrame) {
		ok, _ := f.Message.(protocol.OK)
		if ok.Clock == nil {
			return
		}
		s.heardTime(asked.sent, ok.Clock.Now)
		if s.pulse.burst--; s.pulse.burst > 0 {
			s.set(&s.pulse.next, burstGap, s.beat)
		}
	})
}

// beat also tells again what the server refused to hear (too many messages).
func (s *Session) beat() {
	s.tellSending()
	s.show()
	s.askClock(answerLimit)
}

// heardTime takes in the server's time in the answer to a request sent at the
// local time sent.
func (s *Session) heardTime(sent time.Duration, server time.Time) {
	now := s.local()
	s.clock.add(sent, now, server)
	if zero, ok := s.clock.zero(now); ok {
		s.zero.Store(&zero)
	}
}

// woke is called when the tab was hidden, asleep or offline and is back.
func (s *Session) woke() {
	s.clock.wake()
	switch {
	case s.phase.final():
	case s.link.conn == nil && s.link.retry.waits():
		s.connect()
	case s.link.conn == nil: // an attempt is under way
	case s.phase == PhaseWaiting: // a new connection would lose its place in the line
		if s.lobby.again.waits() {
			s.helloWithin(wakeLimit)
		}
	case s.local()-s.link.heard >= silenceLimit:
		s.lost(nil)
	case s.link.joined:
		s.startBurst(wakeLimit)
		s.tendMedia()
	case s.phase == PhaseLobby && s.lobby.again.waits():
		s.peek()
	}
}
