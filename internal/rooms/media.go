package rooms

import (
	"slices"

	"overtime/internal/bus"
	"overtime/internal/meeting"
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
		Excess: func(what string) {
			a.post(func() { a.tooMuchMedia(p, what) })
		},
	})
	p.peer.Sending(p.sending)
}

var errTooMuchMedia = protocol.Error{
	Code:    protocol.CodeTooMuchMedia,
	Message: "your browser went on sending more sound or pictures than a meeting takes; come in again, or use another browser",
}

// tooMuchMedia lets go of somebody whose browser went on sending what it may not. They
// may come in again, as anybody else.
func (a *actor) tooMuchMedia(p *person, what string) {
	if a.people.byID(p.id) != p {
		return // they left in the meantime
	}
	a.log.Warn("somebody's browser goes on sending more than it may, and is let go of",
		"participant", p.id, "what", what, "address", p.address)
	if p.conn != "" {
		a.line.Push(p.conn, closing(a.delivery(bus.KindPush, "", errTooMuchMedia), protocol.CloseTooMuchMedia))
	}
	a.goodbye(p, protocol.LeftLost)
}

var errViewer = protocol.Error{Code: protocol.CodeForbidden, Message: "viewers listen and watch; ask a moderator for a link with which you may be heard and seen"}

// mayBeOn is the set of sources that a browser names and its person's role may send,
// each once, in the wire's order. In hello what is too much is left out: the browser of
// a viewer learns its role from the answer.
func mayBeOn(role meeting.Role, named []protocol.Source) []protocol.Source {
	out := []protocol.Source{}
	if !role.Sends() {
		return out
	}
	return append(out, knownSources(named)...)
}

// knownSources is the set of sources in s, each once, in the wire's order.
func knownSources(s []protocol.Source) []protocol.Source {
	out := []protocol.Source{}
	for _, known := range protocol.Sources() {
		if slices.Contains(s, known) {
			out = append(out, known)
		}
	}
	return out
}

var errManyPictures = protocol.Error{Code: protocol.CodeBadRequest, Message: "a page cannot show more pictures than there can be in a room"}

// show tells the media what somebody's page shows.
func (a *actor) show(r request, p *person, m protocol.Show) {
	if len(m.Pictures) > protocol.MaxPictures {
		a.refuse(r, errManyPictures)
		return
	}
	p.peer.Show(m.Pictures)
	a.ok(r, protocol.OK{})
}

// speak tells everyone who speaks; the next such message replaces it.
func (a *actor) speak(ids []string) {
	a.speaking = ids
	a.publish(protocol.Speaking{IDs: ids})
}
