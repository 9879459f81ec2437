package sfu

import (
	"sort"
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

// keepAfterSpeech is how long whoever spoke keeps an audio seat against others who speak.
const keepAfterSpeech = 3 * time.Second

// arrangeAudio seats the others' sound. While there are seats for all, everybody
// keeps one; beyond that the seats go to whoever speaks. people are in order of arrival.
func arrangeAudio(seats, video []occupant, people []person, now time.Time) []occupant {
	next := make([]occupant, len(seats))
	by := make(map[string]*person, len(people))
	for i := range people {
		by[people[i].id] = &people[i]
	}
	seated := map[occupant]bool{}
	for i, o := range seats {
		if p := by[o.peer]; p != nil && !seated[o] && (o.source == Microphone || p.screenAudio) {
			next[i], seated[o] = o, true
		}
	}
	shown := make([]occupant, len(video))
	for i, o := range video {
		if by[o.peer] != nil {
			shown[i] = o
		}
	}
	for _, o := range audioQueue(people, seated) {
		if i := freeAudioSeat(next, shown, o); i >= 0 {
			next[i] = o
		} else if i := yielding(next, by, o, now); i >= 0 {
			next[i] = o
		}
	}
	return next
}

// audioQueue lists the sounds that have no seat, most urgent first.
func audioQueue(people []person, seated map[occupant]bool) []occupant {
	var shared, heard []occupant
	voices := map[occupant]person{}
	for _, p := range people {
		if o := (occupant{p.id, ScreenAudio}); p.screenAudio && !seated[o] {
			shared = append(shared, o)
		}
		if o := (occupant{p.id, Microphone}); !seated[o] {
			heard = append(heard, o)
			voices[o] = p
		}
	}
	sort.SliceStable(heard, func(i, j int) bool {
		a, b := voices[heard[i]], voices[heard[j]]
		if a.voice.speaking != b.voice.speaking {
			return a.voice.speaking
		}
		if a.muted != b.muted {
			return b.muted
		}
		return a.voice.speaking && a.voice.loud > b.voice.loud
	})
	return append(shared, heard...)
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
// one first, then who has not spoken for the longest time.
func yielding(seats []occupant, by map[string]*person, o occupant, now time.Time) int {
	if o.source == Microphone && (by[o.peer].muted || !by[o.peer].voice.speaking) {
		return -1
	}
	best := -1
	for i, s := range seats {
		if s.source != Microphone {
			continue
		}
		p := by[s.peer]
		if !p.muted && !p.voice.spoke.IsZero() && now.Sub(p.voice.spoke) < keepAfterSpeech && o.source == Microphone {
			continue
		}
		if best < 0 || yieldsBefore(p, by[seats[best].peer]) {
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

// arrangeVideo seats the others' pictures. queue is what is wanted, most urgent first.
// audio is the sound's arrangement, already new.
func arrangeVideo(seats, audio, queue []occupant, people []person) []occupant {
	next := make([]occupant, len(seats))
	rank := make(map[occupant]int, len(queue))
	for i, o := range queue {
		rank[o] = i
	}
	dark := make(map[string]bool, len(people))
	for _, p := range people {
		dark[p.id] = p.dark
	}
	seated := map[occupant]bool{}
	for i, o := range seats {
		if _, wanted := rank[o]; wanted && !seated[o] {
			next[i], seated[o] = o, true
		}
	}
	for _, o := range queue {
		if seated[o] {
			continue
		}
		if i := freeVideoSeat(next, audio, o); i >= 0 {
			next[i] = o
		} else if i := giveWay(next, rank, dark, o); i >= 0 {
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

// giveWay gives the seat whose occupant makes room for o, -1 if none does. A camera that is
// off makes room for anything that is not; any camera makes room for a screen.
func giveWay(seats []occupant, rank map[occupant]int, dark map[string]bool, o occupant) int {
	off := func(x occupant) bool { return x.source == Camera && dark[x.peer] }
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

// pictureQueue lists the pictures that a peer wants, most urgent first, and how
// high each is shown: screens, then cameras, the larger first. Without wants it is
// everybody in order of arrival, at a height that their number leaves room for.
func pictureQueue(wants []Want, people []person) (queue []occupant, heights map[occupant]int) {
	heights = map[occupant]int{}
	by := make(map[string]person, len(people))
	for _, p := range people {
		by[p.id] = p
	}
	if len(wants) == 0 {
		wants = defaultWants(people)
	}
	for _, w := range wants {
		p, here := by[w.Peer]
		o := occupant{w.Peer, w.Source}
		if !here || w.Height <= 0 || w.Source != Camera && (w.Source != Screen || !p.screen) {
			continue
		}
		if _, twice := heights[o]; !twice {
			queue = append(queue, o)
		}
		heights[o] = max(heights[o], w.Height)
	}
	sort.SliceStable(queue, func(i, j int) bool {
		a, b := queue[i], queue[j]
		if a.source != b.source {
			return a.source == Screen
		}
		if off := by[a.peer].dark; a.source == Camera && off != by[b.peer].dark {
			return !off
		}
		return heights[a] > heights[b]
	})
	return queue, heights
}

func defaultWants(people []person) (wants []Want) {
	height := 180
	switch n := len(people); {
	case n <= 1:
		height = 720
	case n <= 4:
		height = 360
	}
	for _, p := range people {
		wants = append(wants, Want{p.id, Screen, 1080}, Want{p.id, Camera, height})
	}
	return wants
}
