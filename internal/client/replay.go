package client

import "time"

const (
	// replayTries in replayWithin is how often what somebody else paused is
	// played again by itself: a headset or a media key pauses once, a call of
	// the telephone for as long as it lasts.
	replayTries  = 3
	replayWithin = 10 * time.Second
)

// Replay decides what becomes of one sound or picture that was paused by the
// system: a meeting has nothing to pause. The zero Replay is ready.
type Replay struct{ pauses []time.Time }

// Again reports whether to play again what was paused at an instant. If not,
// something holds it, and a press of the person has to help.
func (r *Replay) Again(at time.Time) bool {
	recent := r.pauses[:0]
	for _, p := range r.pauses {
		if at.Sub(p) < replayWithin {
			recent = append(recent, p)
		}
	}
	r.pauses = recent
	if len(recent) >= replayTries {
		return false
	}
	r.pauses = append(recent, at)
	return true
}
