package sfu

import (
	"sort"
	"time"
)

// Loudness here is 127 less the level of RFC 6464, so 0 is silence and 127 the loudest.
// Voices lie near 90 to 110, the noise of a room with suppression under 70.
const (
	speakAt   = 82.0 // who was silent speaks from here
	speakOn   = 75.0 // who speaks goes on down to here
	speakHang = 800 * time.Millisecond

	// Smoothing for each packet of 20 ms: up within a quarter of a second of speech, not by a
	// click; down within a word.
	attack  = 0.12
	release = 0.06

	// A browser with DTX sends next to nothing in silence, and the last level it sent was
	// not silent. After gapTime without a packet the loudness falls by itself.
	gapTime    = 100 * time.Millisecond
	gapRelease = 150.0 // for each second

	// A voice falls between syllables and words. What has not fallen by so much below its
	// own loudness for so long is a tone, a fan, or somebody who writes down levels.
	fallBy   = 6.0
	flatTime = 4 * time.Second
)

// voice follows how loud one microphone is. It is pure: time comes in as an argument.
type voice struct {
	loud     float64
	at       time.Time // last packet
	speaking bool
	spoke    time.Time // when it was last loud enough
	// began is when it began to speak after the last pause that is one for the seats: of
	// keepAfterSpeech. To breathe begins nothing.
	began time.Time
	fell  time.Time // when it fell last
}

// hear takes the level of one packet, in -dBov as RFC 6464 has it.
func (v *voice) hear(level uint8, now time.Time) {
	loud := 127 - float64(min(level, 127))
	v.fade(now)
	k := release
	if loud > v.loud {
		k = attack
	}
	if v.at.IsZero() || loud < speakOn || v.loud-loud >= fallBy {
		v.fell = now
	}
	v.loud += k * (loud - v.loud)
	v.at = now
	if now.Sub(v.fell) >= flatTime {
		v.speaking = false
		return
	}
	if v.loud >= speakAt || v.speaking && v.loud >= speakOn {
		if !v.speaking && now.Sub(v.spoke) >= keepAfterSpeech {
			v.began = now
		}
		v.speaking, v.spoke = true, now
	}
}

// listen brings the voice up to now and gives it.
func (v *voice) listen(now time.Time) voice {
	v.fade(now)
	if v.speaking && now.Sub(v.spoke) >= speakHang {
		v.speaking = false
	}
	return *v
}

// hush makes the voice silent at once: its microphone was turned off.
func (v *voice) hush() { v.loud, v.speaking = 0, false }

func (v *voice) fade(now time.Time) {
	if gap := now.Sub(v.at); !v.at.IsZero() && gap > gapTime {
		v.loud = max(0, v.loud-gapRelease*(gap-gapTime).Seconds())
		v.at = now.Add(-gapTime)
		v.fell = now
	}
}

// loudestFirst lists who speaks. The order is by steps of 6 dB, then by id, so that
// two people who speak at once do not change places all the time.
func loudestFirst(voices map[string]voice) []string {
	ids := []string{}
	for id, v := range voices {
		if v.speaking {
			ids = append(ids, id)
		}
	}
	step := func(id string) int { return int(voices[id].loud / 6) }
	sort.Slice(ids, func(i, j int) bool {
		if a, b := step(ids[i]), step(ids[j]); a != b {
			return a > b
		}
		return ids[i] < ids[j]
	})
	return ids
}
