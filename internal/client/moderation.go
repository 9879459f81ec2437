package client

import (
	"slices"

	"overtime/internal/protocol"
)

// moderation is what a moderator asked for and what was not answered yet. Its
// lists are replaced, never written to.
type moderation struct {
	presses *presses
	news    *toasts

	removing  []string // participants
	answering []string // people who wait
	locking   bool
	renewing  bool
}

// remove takes somebody out of the session, already confirmed.
func (m *moderation) remove(participant string) {
	if slices.Contains(m.removing, participant) || !m.presses.can() {
		return
	}
	m.removing = with(m.removing, participant)
	m.presses.lasting(protocol.Remove{Participant: participant}, func(protocol.ServerMessage) {
		m.removing = without(m.removing, participant)
	})
}

// answer lets somebody in who waits, or denies it, as asks says.
func (m *moderation) answer(waiting string, asks protocol.ClientMessage) {
	if slices.Contains(m.answering, waiting) || !m.presses.can() {
		return
	}
	m.answering = with(m.answering, waiting)
	m.presses.ask(asks, func(protocol.ServerMessage) {
		m.answering = without(m.answering, waiting)
	})
}

func (m *moderation) setLocked(locked bool) {
	if m.locking || !m.presses.can() {
		return
	}
	m.locking = true
	m.presses.lasting(protocol.Lock{Locked: locked}, func(protocol.ServerMessage) { m.locking = false })
}

// renewLink has the server make a new guests' link, already confirmed.
func (m *moderation) renewLink() {
	if m.renewing || !m.presses.can() {
		return
	}
	m.renewing = true
	m.presses.lasting(protocol.RenewLink{}, func(answer protocol.ServerMessage) {
		m.renewing = false
		if _, refused := answer.(protocol.Error); !refused {
			m.news.show(Toast{Kind: ToastRenewed})
		}
	})
}

// forget drops what was asked for, as the place is given up.
func (m *moderation) forget() {
	m.removing, m.answering, m.locking, m.renewing = nil, nil, false, false
}

func with(list []string, id string) []string { return append(slices.Clip(list), id) }

func without(list []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(have string) bool { return have == id })
}
