package sfu

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// publication is what a peer sends under one source. It exists as long as the peer,
// whether anything is sent or not, so a seat can be given to it before its first
// packet and keeps it over reconnections.
//
// All fields but voice, budget and off are guarded by the room's lock.
type publication struct {
	peer   *Peer
	source Source
	budget *rate.Limiter // in bytes
	layers []*layer

	sending bool // media flows, as far as we know
	told    bool // the browser said so itself; packets no longer change it
	// off is told and not sending, for the goroutines that read: what is off is not
	// forwarded, whatever comes.
	off atomic.Bool

	voiceMu sync.Mutex // leaf
	voice   voice
}

func newPublication(p *Peer, s Source) *publication {
	return &publication{peer: p, source: s, budget: newBudget(s)}
}

func (p *publication) occupant() occupant { return occupant{p.peer.id, p.source} }

// add takes a new layer. It replaces one with the same rid.
func (p *publication) add(l *layer) {
	for i, o := range p.layers {
		if o.rid == l.rid {
			p.layers = append(p.layers[:i:i], p.layers[i+1:]...)
			break
		}
	}
	p.layers = append(p.layers, l)
	if !p.told {
		p.sending = true
	}
}

// remove takes out a layer that ended.
func (p *publication) remove(l *layer) {
	for i, o := range p.layers {
		if o == l {
			p.layers = append(p.layers[:i:i], p.layers[i+1:]...)
			return
		}
	}
}

// interrupt has every seat of the source begin anew, with a key frame and numbers that
// follow: what comes while it is off is missing from the middle of its stream.
func (p *publication) interrupt() {
	for _, l := range p.layers {
		for _, s := range *l.seats.Load() {
			s.restart()
		}
	}
}

// choose gives the layer for a seat that may have up to a rank: the largest that
// flows and is not above it, else the smallest that flows. If none does it is the one
// that did last; nil if there is none at all.
func (p *publication) choose(rank int) *layer {
	if len(p.layers) == 1 {
		return p.layers[0]
	}
	var newest time.Time
	var best, last *layer
	for _, l := range p.layers {
		if f := l.flowing(); last == nil || f.last.After(newest) {
			last, newest = l, f.last
		}
	}
	for _, l := range p.layers {
		if f := l.flowing(); f.usable(newest) && (best == nil || closer(l.rank(), best.rank(), rank)) {
			best = l
		}
	}
	if best == nil {
		return last
	}
	return best
}

// closer reports whether rank a serves a wish better than rank b.
func closer(a, b, wish int) bool {
	if (a <= wish) != (b <= wish) {
		return a <= wish
	}
	if a <= wish {
		return a > b
	}
	return a < b
}

// rankFor gives the smallest layer that fills a height in device pixels.
func rankFor(height int) int {
	switch {
	case height <= 180:
		return 0
	case height <= 360:
		return 1
	}
	return 2
}

// hear takes the audio level of a packet.
func (p *publication) hear(level uint8, now time.Time) {
	p.voiceMu.Lock()
	p.voice.hear(level, now)
	p.voiceMu.Unlock()
}

// listen gives the voice as it is now; a muted microphone has none.
func (p *publication) listen(now time.Time) voice {
	p.voiceMu.Lock()
	defer p.voiceMu.Unlock()
	if p.told && !p.sending {
		p.voice.hush()
	}
	return p.voice.listen(now)
}
