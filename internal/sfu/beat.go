package sfu

import (
	"slices"
	"time"

	"github.com/pion/webrtc/v3"
)

const (
	// beatTime is how often a room looks at what no event tells: voices, layers that fell
	// silent, key frames that did not come.
	beatTime = 100 * time.Millisecond
	// speakingTime is the least time between two lists of who speaks.
	speakingTime = 200 * time.Millisecond
	// reportTime is between two sender reports, and two looks at the lines.
	reportTime = time.Second
)

// clockwork holds when a room did last what it does less often than it beats.
type clockwork struct {
	speaking, reports time.Time
}

// run beats until the room is closed.
func (r *Room) run() {
	ticker := time.NewTicker(beatTime)
	defer ticker.Stop()
	for {
		select {
		case <-r.done:
			return
		case <-r.wake:
			r.locked(func() { r.settle(time.Now()) })
		case <-ticker.C:
			r.sound(func() { r.tick(time.Now()) })
		}
	}
}

func (r *Room) tick(now time.Time) {
	var due []*layer
	var report []*connection
	r.locked(func() {
		if len(r.peers) == 0 {
			return
		}
		r.tellSpeaking(now)
		r.look(now)
		if now.Sub(r.beat.reports) >= reportTime {
			r.beat.reports = now
			report = r.judgeLines(now)
		}
		due = r.remind()
	})
	for _, l := range due {
		l.tick(now)
	}
	for _, c := range report {
		c.reportSeats(now)
	}
}

// look aims every seat anew, and seats whoever speaks and is not heard.
func (r *Room) look(now time.Time) {
	all := newCrowd(r.describe(now))
	for _, p := range r.peers {
		switch {
		case p.conn == nil:
		case len(r.peers)-1 > len(p.conn.audio) && all.unheard(p.id, occupants(p.conn.audio)):
			r.seat(p, all, now)
		default:
			for _, s := range p.conn.seats() {
				r.aim(s, p.down)
			}
		}
	}
}

// judgeLines looks at every peer's line and conduct, and gives the connections.
func (r *Room) judgeLines(now time.Time) (all []*connection) {
	for _, p := range r.peers {
		if p.conn == nil {
			continue
		}
		if what, packets, enough := p.conn.excess.tick(); enough {
			r.expel(p, what, packets)
			continue
		}
		p.down = p.conn.judge(now)
		all = append(all, p.conn)
	}
	return all
}

// remind asks again for key frames that seats still wait for, and gives the layers
// whose request had to wait.
func (r *Room) remind() (due []*layer) {
	for _, p := range r.peers {
		if p.conn != nil && p.conn.live.Load() {
			for _, s := range p.conn.video {
				if l := s.waiting(); l != nil && l.pub.sending {
					r.asks = append(r.asks, l)
				}
			}
		}
		for _, source := range []Source{Camera, Screen} {
			due = append(due, p.pubs[source].layers...)
		}
	}
	return due
}

func (r *Room) tellSpeaking(now time.Time) {
	if now.Sub(r.beat.speaking) < speakingTime {
		return
	}
	voices := make(map[string]voice, len(r.peers))
	for _, p := range r.peers {
		voices[p.id] = p.pubs[Microphone].listen(now)
	}
	ids := loudestFirst(voices)
	if slices.Equal(ids, r.speaking) {
		return
	}
	r.beat.speaking, r.speaking = now, ids
	r.mail.put(event{speaking: slices.Clone(ids)})
}

// settle seats everybody anew and aims every seat at the right layer. Called with the
// lock held; what did not change costs no more than looking.
func (r *Room) settle(now time.Time) {
	all := newCrowd(r.describe(now))
	for _, p := range r.peers {
		if p.conn != nil {
			r.seat(p, all, now)
		}
	}
}

func (r *Room) describe(now time.Time) []person {
	all := make([]person, len(r.peers))
	for i, p := range r.peers {
		all[i] = p.describe(now)
	}
	return all
}

// describe gives what the seating rules know of a peer.
func (p *Peer) describe(now time.Time) person {
	off := func(s Source) bool { return p.pubs[s].told && !p.pubs[s].sending }
	return person{
		id: p.id, muted: off(Microphone), dark: off(Camera),
		screen: p.pubs[Screen].sending, screenAudio: p.pubs[ScreenAudio].sending,
		voice: p.pubs[Microphone].listen(now),
	}
}

// seat applies the seating rules to one peer.
func (r *Room) seat(p *Peer, all *crowd, now time.Time) {
	wanted := &all.all
	if len(p.wants) > 0 {
		own := all.pictures(p.wants)
		wanted = &own
	}
	audio := all.arrangeAudio(p.id, occupants(p.conn.audio), occupants(p.conn.video), now)
	video := all.arrangeVideo(p.id, occupants(p.conn.video), audio, wanted)
	r.fill(p.conn.audio, audio, nil, 0)
	r.fill(p.conn.video, video, wanted.heights, p.down)
	r.tellSeating(p)
}

func occupants(seats []*seat) []occupant {
	list := make([]occupant, len(seats))
	for i, s := range seats {
		if s.who != nil {
			list[i] = s.who.occupant()
		}
	}
	return list
}

// fill puts occupants into seats, and aims each seat at the layer that serves it.
func (r *Room) fill(seats []*seat, list []occupant, heights map[occupant]int, down int) {
	for i, s := range seats {
		o := list[i]
		if s.who == nil || s.who.occupant() != o || s.who.peer.closed {
			s.who = r.publication(o)
		}
		s.height = heights[o]
		r.aim(s, down)
	}
}

// aim makes a seat show the layer that serves its height and the line best.
func (r *Room) aim(s *seat, down int) {
	if s.who == nil {
		s.aim(nil)
		return
	}
	before := s.waiting()
	s.aim(s.who.choose(max(0, rankFor(s.height)-down)))
	if now := s.waiting(); now != nil && now != before {
		r.asks = append(r.asks, now)
	}
}

func (r *Room) publication(o occupant) *publication {
	if o == (occupant{}) {
		return nil
	}
	for _, p := range r.peers {
		if p.id == o.peer {
			return p.pubs[o.source]
		}
	}
	return nil
}

// tellSeating tells the peer who sits where, if that changed.
func (r *Room) tellSeating(p *Peer) {
	seating := Seating{Audio: seatsOf(p.conn.audio), Video: seatsOf(p.conn.video)}
	if p.told != nil && slices.Equal(p.told.Audio, seating.Audio) && slices.Equal(p.told.Video, seating.Video) {
		return
	}
	p.told = &seating
	r.mail.put(event{peer: p, seating: &Seating{
		Audio: slices.Clone(seating.Audio), Video: slices.Clone(seating.Video),
	}})
}

func seatsOf(seats []*seat) []Seat {
	list := make([]Seat, len(seats))
	for i, s := range seats {
		list[i].Mid = s.mid
		if s.who != nil {
			list[i].Peer, list[i].Source = s.who.peer.id, s.who.source
		}
	}
	return list
}

// stateOf translates pion's word. live says whether packets would arrive; they
// are still sent over a line that has been silent for a while.
func stateOf(s webrtc.PeerConnectionState) (state State, live bool) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		return Connected, true
	case webrtc.PeerConnectionStateDisconnected:
		return Disconnected, true
	case webrtc.PeerConnectionStateFailed:
		return Failed, false
	}
	return "", false
}
