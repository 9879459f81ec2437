package sfu

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// assembly is people who speak into five seats of somebody who listens.
type assembly struct {
	now    time.Time
	voices map[string]*voice
	level  map[string]func(n int) uint8 // what the microphone brings in the nth packet
	seats  []occupant
	n      int
}

func newAssembly() *assembly {
	return &assembly{now: epoch, voices: map[string]*voice{}, level: map[string]func(int) uint8{}, seats: make([]occupant, 5)}
}

// enter lets somebody in, who is silent as long as level is nil.
func (a *assembly) enter(id string, level func(n int) uint8) {
	a.voices[id], a.level[id] = &voice{}, level
}

// pass lets time pass. heard is for how much of it somebody had a seat.
func (a *assembly) pass(d time.Duration, who string) (heard time.Duration) {
	for end := a.now.Add(d); a.now.Before(end); a.now = a.now.Add(20 * time.Millisecond) {
		a.n++
		for id, level := range a.level {
			if level != nil {
				a.voices[id].hear(level(a.n), a.now)
			}
		}
		if a.n%5 == 0 {
			a.seat()
		}
		if slices.Contains(a.seats, occupant{who, Microphone}) {
			heard += 20 * time.Millisecond
		}
	}
	return heard
}

func (a *assembly) seat() {
	ids := make([]string, 0, len(a.voices))
	for id := range a.voices {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var all []person
	for _, id := range ids {
		all = append(all, person{id: id, voice: a.voices[id].listen(a.now)})
	}
	c := newCrowd(append([]person{{id: "self"}}, all...))
	if c.unheard("self", a.seats) {
		a.seats = c.arrangeAudio("self", a.seats, nil, a.now)
	}
}

// The loudest there is, always; and with a dip four times a second, as speech has.
func tone(int) uint8 { return 0 }

func drone(n int) uint8 {
	if n%12 == 0 {
		return 20
	}
	return 0
}

// speech has syllables, words, and a breath of half a second every three.
func speech(n int) uint8 {
	at := n % 150
	switch {
	case at > 125:
		return 110
	case at%10 < 2:
		return 55
	}
	return uint8(22 + at%7)
}

// TestNobodySilencesTheNext: five who are as loud as can be, without an end, keep nobody
// out who begins to speak.
func TestNobodySilencesTheNext(t *testing.T) {
	t.Parallel()
	for name, level := range map[string]func(int) uint8{"Tones": tone, "Drones": drone} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAssembly()
			for i := range 5 {
				a.enter(fmt.Sprint("loud-", i), level)
			}
			a.enter("asha", nil)
			a.pass(20*time.Second, "")
			if name == "Tones" && a.voices["loud-0"].listen(a.now).speaking {
				t.Error("a level that never falls counts as a voice")
			}
			a.level["asha"] = speech
			if heard := a.pass(time.Second, "asha"); heard < 400*time.Millisecond {
				t.Errorf("in the first second she is heard for %v", heard)
			}
			if heard := a.pass(30*time.Second, "asha"); heard < 30*time.Second {
				t.Errorf("in the next half minute she is heard for %v", heard)
			}
			// Another one who begins takes the seat of a loud one, not hers.
			a.enter("jun", speech)
			if heard := a.pass(10*time.Second, "jun"); heard < 9*time.Second {
				t.Errorf("jun is heard for %v of ten seconds", heard)
			}
			if !slices.Contains(a.seats, occupant{"asha", Microphone}) {
				t.Error("asha lost her seat to jun")
			}
		})
	}
}

// TestBreathIsNoBeginning: who lost a seat to somebody does not take it back with the
// next breath, so that seats do not change hands all the time.
func TestBreathIsNoBeginning(t *testing.T) {
	t.Parallel()
	a := newAssembly()
	for i := range 7 {
		a.enter(fmt.Sprint("p", i), func(n int) uint8 { return speech(n + 37*i) })
		a.pass(700*time.Millisecond, "")
	}
	changes := 0
	before := slices.Clone(a.seats)
	for range 600 {
		a.pass(100*time.Millisecond, "")
		for i := range a.seats {
			if a.seats[i] != before[i] {
				changes++
			}
		}
		before = slices.Clone(a.seats)
	}
	if changes > 2 {
		t.Errorf("seats changed hands %d times in a minute, while seven spoke on", changes)
	}
}

// TestVoiceHasFalls: music that is loud throughout is a voice as long as it falls at
// times, and a tone is one again after it fell.
func TestVoiceHasFalls(t *testing.T) {
	t.Parallel()
	var v voice
	now := epoch
	say := func(level uint8, d time.Duration) bool {
		for end := now.Add(d); now.Before(end); now = now.Add(20 * time.Millisecond) {
			v.hear(level, now)
		}
		return v.listen(now).speaking
	}
	if !say(10, flatTime-100*time.Millisecond) {
		t.Error("a vowel is a voice")
	}
	if say(10, time.Second) {
		t.Error("a tone is not")
	}
	if say(10, time.Minute) {
		t.Error("and does not become one")
	}
	say(30, 40*time.Millisecond)
	if !say(10, time.Second) {
		t.Error("after a fall it may be one")
	}
}
