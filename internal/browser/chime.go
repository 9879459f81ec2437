//go:build js && wasm

package browser

import (
	"syscall/js"
	"time"
)

// note is one note of a chime; times in seconds from the start of the chime.
type note struct{ hertz, begins, lasts float64 }

// chime is a short sound, heard over speech without being an alarm.
type chime struct {
	notes    []note
	loudness float64 // of full scale
}

// The first window is one soft note, G5; the final one goes on a fifth upwards,
// to D6.
var (
	firstChime = chime{[]note{{783.99, 0, 0.9}}, 0.07}
	finalChime = chime{[]note{{783.99, 0, 0.9}, {1174.66, 0.22, 1.2}}, 0.12}
)

const (
	chimeAttack = 0.02 // seconds; less would click
	chimeTail   = 2 * time.Second
	// chimePatience is how long the context may take to wake. One that is
	// blocked stays asleep: a chime minutes late would only puzzle.
	chimePatience = 500 * time.Millisecond
	chimeLook     = 20 * time.Millisecond
)

// play plays the notes and waits until they are over.
func (c chime) play(a *audio) {
	context, release, err := a.hold()
	if err != nil {
		return
	}
	defer release()
	for waited := time.Duration(0); !a.running(); waited += chimeLook {
		if waited >= chimePatience {
			return
		}
		time.Sleep(chimeLook)
	}
	now := context.Get("currentTime").Float() + chimeAttack
	for _, n := range c.notes {
		if _, err := attempt(func() js.Value { return n.play(context, now, c.loudness) }); err != nil {
			return
		}
	}
	time.Sleep(chimeTail)
}

// play schedules one note: a sine that swells at once and fades away.
func (n note) play(context js.Value, start, loudest float64) js.Value {
	begins, ends := start+n.begins, start+n.begins+n.lasts
	oscillator, gain := context.Call("createOscillator"), context.Call("createGain")
	oscillator.Get("frequency").Set("value", n.hertz)
	loudness := gain.Get("gain")
	loudness.Call("setValueAtTime", 0, begins)
	loudness.Call("linearRampToValueAtTime", loudest, begins+chimeAttack)
	loudness.Call("exponentialRampToValueAtTime", 0.0001, ends) // it cannot reach 0
	oscillator.Call("connect", gain)
	gain.Call("connect", context.Get("destination"))
	oscillator.Call("start", begins)
	return oscillator.Call("stop", ends)
}
