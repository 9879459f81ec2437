package rooms

import (
	"context"
	"slices"

	"overtime/internal/protocol"
	"overtime/internal/room"
)

// media is the sound and pictures of the people who are here. It follows the state:
// whoever has a place has media. It belongs to the actor's goroutine.
type media struct {
	*env
	live  *live
	room  MediaRoom // nil while nobody is here
	peers map[string]*peer
	here  room.Roster // whom it has followed
}

// peer is one person's media.
type peer struct {
	MediaPeer
	sending []protocol.Source
	seating protocol.Seating // the last one, for a connection that comes back
}

// follow is called after each fact, with the state that it made.
func (m *media) follow(s room.State, f room.Fact) {
	if !s.Here.Same(m.here) {
		m.followPeople(s.Here)
	}
	if shown, is := f.(room.Showing); is && m.peers[shown.ID] != nil {
		m.peers[shown.ID].Show(shown.Pictures)
	}
	if len(s.Here) == 0 {
		m.close()
	}
}

func (m *media) followPeople(people room.Roster) {
	m.here = people
	here := make(map[string]bool, len(people))
	for _, p := range people {
		here[p.ID] = true
	}
	for id, p := range m.peers {
		if !here[id] {
			delete(m.peers, id)
			p.Close()
		}
	}
	for _, person := range people {
		p := m.peers[person.ID]
		if p != nil && slices.Equal(p.sending, person.Sending) {
			continue
		}
		if p == nil {
			p = m.open(person.ID)
		}
		p.sending = person.Sending
		p.Sending(p.sending)
	}
}

// open gives a person media, and makes the room's if they are the first.
func (m *media) open(id string) *peer {
	if m.room == nil {
		m.room = m.host.cfg.Media.NewRoom(func(ids []string) {
			m.post(func() { m.live.happen(room.Spoke{IDs: ids}) })
		})
	}
	p := &peer{}
	here := func() bool { return m.peers[id] == p } // they may have left in the meantime
	p.MediaPeer = m.room.Join(id, MediaObserver{
		Seated: func(s protocol.Seating) {
			m.post(func() {
				if here() {
					p.seating = s
					m.live.pushTo(id, s)
				}
			})
		},
		Lost: func() {
			m.post(func() {
				if here() {
					m.live.pushTo(id, protocol.MediaLost{})
				}
			})
		},
		Excess: func(what string) {
			m.post(func() {
				if here() {
					person, _ := m.live.state.Here.ByID(id)
					m.log.Warn("somebody's browser goes on sending more than it may, and is let go of",
						"participant", id, "what", what, "address", person.Address)
					m.live.happen(room.Excess(id, m.now()))
				}
			})
		},
	})
	m.peers[id] = p
	return p
}

// seating is where somebody who comes back sits; ok is false if they never sat.
func (m *media) seating(id string) (s protocol.Seating, ok bool) {
	if p := m.peers[id]; p != nil {
		s = p.seating
	}
	return s, len(s.Audio)+len(s.Video) > 0
}

func (m *media) close() {
	if m.room != nil {
		m.room.Close()
		m.room = nil
	}
}

// answer has somebody's media answer an offer, which takes a while, beside the actor.
func (m *media) answer(id string, offer protocol.Offer, done func(sdp string, err error)) {
	p := m.peers[id]
	m.beside(func() {
		ctx, cancel := context.WithTimeout(m.ctx, commitTimeout)
		defer cancel()
		sdp, err := m.ask(ctx, p, offer)
		m.post(func() { done(sdp, err) })
	})
}

// ask runs beside the actor's goroutine.
func (m *media) ask(ctx context.Context, p *peer, offer protocol.Offer) (sdp string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = m.mistake(v)
		}
	}()
	return p.Answer(ctx, offer)
}
