package rooms

import (
	"overtime/internal/protocol"
)

// seat opens the media of a person who comes in.
func (a *actor) seat(p *person) {
	if a.media == nil {
		a.media = a.host.cfg.Media.NewRoom(func(ids []string) {
			a.post(func() { a.speak(ids) })
		})
	}
	p.peer = a.media.Join(p.id, MediaObserver{
		Seated: func(s protocol.Seating) {
			a.post(func() {
				p.seating = s
				a.push(p, s)
			})
		},
		Lost: func() {
			a.post(func() { a.push(p, protocol.MediaLost{}) })
		},
	})
	p.peer.Sending(p.sending)
}

// speak tells everyone who speaks; the next such message replaces it.
func (a *actor) speak(ids []string) {
	a.speaking = ids
	a.publish(protocol.Speaking{IDs: ids})
}
