package sfu

import (
	"cmp"
	"slices"
	"time"
)

// The rules of who sits where, for the seats of one peer. All of it is pure: the
// seating before goes in, the seating after comes out. Whoever sits and is still
// wanted keeps the seat, because a seat that changes hands costs a key frame.

// occupant is what sits in a seat. The zero value is an empty seat.
type occupant struct {
	peer   string
	source Source
}

// person is one of the others, as far as seating goes.
type person struct {
	id          string
	muted       bool // microphone off
	dark        bool // camera off
	screen      bool // shares a screen now
	screenAudio bool
	voice       voice
}

// crowd is everybody in a room, in order of arrival, and what all their seatings share.
type crowd struct {
	people []person
	by     map[string]*person
	all    pictures // what a peer is shown that did not say what it shows
}

func newCrowd(people []person) *crowd {
	c := &crowd{people: people, by: make(map[string]*person, len(people))}
	for i := range people {
		c.by[people[i].id] = &people[i]
	}
	c.all = c.pictures(c.defaultWants())
	return c
}

const (
	// keepAfterSpeech is how long whoever spoke keeps an audio seat against others who speak.
	keepAfterSpeech = 3 * time.Second
	// turnTime is how long whoever speaks keeps one against somebody who began later.
	turnTime = 5 * time.Second
)

// arrangeAudio seats the sound of all but self. While there are seats for all, everybody
// keeps one; beyond that the seats go to whoever speaks.
func (c *crowd) arrangeAudio(self string, seats, video []occupant, now time.Time) []occupant {
	next := make([]occupant, len(seats))
	free := len(seats)
	for i, o := range seats {
		p := c.by[o.peer]
		if p != nil && o.peer != self && !slices.Contains(next, o) && (o.source == Microphone || p.screenAudio) {
			next[i] = o
			free--
		}
	}
	shown := make([]occupant, len(video))
	for i, o := range video {
		if c.by[o.peer] != nil {
			shown[i] = o
		}
	}
	for _, o := range c.audioQueue(self, next, free > 0) {
		if i := freeAudioSeat(next, shown, o); i >= 0 {
			next[i] = o
		} else if i := c.yielding(next, o, now); i >= 0 {
			next[i] = o
		}
	}
	return next
}

// unheard reports whether somebody speaks, or shares sound, who has none of these seats.
func (c *crowd) unheard(self string, seats []occupant) bool {
	return len(c.audioQueue(self, seats, false)) > 0
}

// audioQueue lists the sounds that have no seat, most urgent first; without room only those
// for which somebody may have to give way.
func (c *crowd) audioQueue(self string, seats []occupant, room bool) []occupant {
	var shared []occupant
	var heard []*person
	for i := range c.people {
		p := &c.people[i]
		if p.id == self {
			continue
		}
		if o := (occupant{p.id, ScreenAudio}); p.screenAudio && !slices.Contains(seats, o) {
			shared = append(shared, o)
		}
		if (room || p.speaks()) && !slices.Contains(seats, occupant{p.id, Microphone}) {
			heard = append(heard, p)
		}
	}
	slices.SortStableFunc(heard, func(a, b *person) int {
		return cmp.Or(first(a.speaks(), b.speaks()), first(!a.muted, !b.muted), cmp.Compare(b.spokenLoudness(), a.spokenLoudness()))
	})
	for _, p := range heard {
		shared = append(shared, occupant{p.id, Microphone})
	}
	return shared
}

func (p *person) speaks() bool { return p.voice.speaking && !p.muted }

func (p *person) spokenLoudness() float64 {
	if p.speaks() {
		return p.voice.loud
	}
	return 0
}

// first orders what is true before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// freeAudioSeat gives the empty seat for o, -1 if there is none: the one beside
// its picture, else one beside an empty picture, else the first.
func freeAudioSeat(seats, video []occupant, o occupant) int {
	picture := occupant{o.peer, Camera}
	if o.source == ScreenAudio {
		picture.source = Screen
	}
	best, bestFit := -1, -1
	for i, s := range seats {
		if s != (occupant{}) {
			continue
		}
		fit := 0
		switch {
		case i < len(video) && video[i] == picture:
			fit = 2
		case i >= len(video) || video[i] == occupant{}:
			fit = 1
		}
		if fit > bestFit {
			best, bestFit = i, fit
		}
	}
	return best
}

// yielding gives the seat whose occupant gives way to o, -1 if none does: a muted
// one first, then who has not spoken for the longest time; if all speak, who has spoken
// for the longest time without a pause, to somebody who began later. So nobody who speaks
// on and on keeps an honest speaker out, and nobody changes places twice without a pause.
func (c *crowd) yielding(seats []occupant, o occupant, now time.Time) int {
	if o.source == Microphone && !c.by[o.peer].speaks() {
		return -1
	}
	best := -1
	for i, s := range seats {
		if s.source != Microphone {
			continue
		}
		p := c.by[s.peer]
		if !p.muted && !p.voice.spoke.IsZero() && now.Sub(p.voice.spoke) < keepAfterSpeech && o.source == Microphone {
			continue
		}
		if best < 0 || yieldsBefore(p, c.by[seats[best].peer]) {
			best = i
		}
	}
	if best < 0 && o.source == Microphone {
		return c.longestTurn(seats, c.by[o.peer].voice.began, now)
	}
	return best
}

// longestTurn gives the seat of whoever has spoken for the longest time without a pause,
// -1 if nobody has for turnTime and since before a newcomer began.
func (c *crowd) longestTurn(seats []occupant, began time.Time, now time.Time) int {
	best := -1
	for i, s := range seats {
		if s.source != Microphone {
			continue
		}
		turn := c.by[s.peer].voice.began
		if turn.IsZero() || now.Sub(turn) < turnTime || !turn.Before(began) {
			continue
		}
		if best < 0 || turn.Before(c.by[seats[best].peer].voice.began) {
			best = i
		}
	}
	return best
}

func yieldsBefore(a, b *person) bool {
	if a.muted != b.muted {
		return a.muted
	}
	return a.voice.spoke.Before(b.voice.spoke)
}

// pictures is what somebody wants to see, most urgent first: screens, then cameras, the
// larger first, and those that are off last.
type pictures struct {
	queue   []occupant
	rank    map[occupant]int // place in the queue
	heights map[occupant]int // at which each is shown
}

// arrangeVideo seats the pictures that self wants. audio is the sound's arrangement,
// already new.
func (c *crowd) arrangeVideo(self string, seats, audio []occupant, wanted *pictures) []occupant {
	next := make([]occupant, len(seats))
	for i, o := range seats {
		if _, still := wanted.rank[o]; still && o.peer != self && !slices.Contains(next, o) {
			next[i] = o
		}
	}
	for _, o := range wanted.queue {
		if o.peer == self || slices.Contains(next, o) {
			continue
		}
		if i := freeVideoSeat(next, audio, o); i >= 0 {
			next[i] = o
		} else if i := c.givingWay(next, wanted.rank, o); i >= 0 {
			next[i] = o
		}
	}
	return next
}

// freeVideoSeat gives the empty seat for o, -1 if there is none: the one beside its
// sound, else one without a pair, else the last.
func freeVideoSeat(seats, audio []occupant, o occupant) int {
	sound := occupant{o.peer, Microphone}
	if o.source == Screen {
		sound.source = ScreenAudio
	}
	best, bestFit := -1, -1
	for i, s := range seats {
		if s != (occupant{}) {
			continue
		}
		fit := 0
		switch {
		case i < len(audio) && audio[i] == sound:
			fit = 3
		case i >= len(audio):
			fit = 2
		case audio[i] == occupant{}:
			fit = 1
		}
		if fit > bestFit || fit == bestFit && fit < 2 {
			best, bestFit = i, fit
		}
	}
	return best
}

// givingWay gives the seat whose occupant makes room for o, -1 if none does. A camera that is
// off makes room for anything that is not; any camera makes room for a screen.
func (c *crowd) givingWay(seats []occupant, rank map[occupant]int, o occupant) int {
	off := func(x occupant) bool { return x.source == Camera && c.by[x.peer].dark }
	if off(o) {
		return -1
	}
	best := -1
	for i, s := range seats {
		if !off(s) && (o.source != Screen || s.source == Screen) {
			continue
		}
		if best >= 0 && off(seats[best]) && !off(s) {
			continue
		}
		if best < 0 || off(s) && !off(seats[best]) || rank[s] > rank[seats[best]] {
			best = i
		}
	}
	return best
}

// pictures puts wants in order. Who is not here, and a screen that is not shared, is left
// out.
func (c *crowd) pictures(wants []Want) pictures {
	w := pictures{rank: make(map[occupant]int, len(wants)), heights: make(map[occupant]int, len(wants))}
	for _, want := range wants {
		p, o := c.by[want.Peer], occupant{want.Peer, want.Source}
		if p == nil || want.Height <= 0 || want.Source != Camera && (want.Source != Screen || !p.screen) {
			continue
		}
		if w.heights[o] == 0 {
			w.queue = append(w.queue, o)
		}
		w.heights[o] = max(w.heights[o], want.Height)
	}
	slices.SortStableFunc(w.queue, func(a, b occupant) int {
		return cmp.Or(first(a.source == Screen, b.source == Screen),
			first(a.source == Screen || !c.by[a.peer].dark, b.source == Screen || !c.by[b.peer].dark),
			cmp.Compare(w.heights[b], w.heights[a]))
	})
	for i, o := range w.queue {
		w.rank[o] = i
	}
	return w
}

// defaultWants is everybody in order of arrival, at a height that their number leaves
// room for.
func (c *crowd) defaultWants() []Want {
	height := 180
	switch others := len(c.people) - 1; {
	case others <= 1:
		height = 720
	case others <= 4:
		height = 360
	}
	wants := make([]Want, 0, 2*len(c.people))
	for _, p := range c.people {
		wants = append(wants, Want{p.id, Screen, 1080}, Want{p.id, Camera, height})
	}
	return wants
}
