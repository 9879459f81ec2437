package sfu

import "time"

// keyFrameInterval is the least time between two requests for one layer. A key frame
// is ten times as large as another, and one serves everybody who waits.
const keyFrameInterval = 500 * time.Millisecond

// keyFrames decides when a publisher is asked for a key frame. It is pure.
type keyFrames struct {
	wanted bool // somebody asked since the last request went out
	asked  time.Time
}

// want notes that somebody needs a key frame and reports whether to ask now.
func (k *keyFrames) want(now time.Time) bool {
	k.wanted = true
	return k.due(now)
}

// due reports whether a request that had to wait goes out now. It counts as sent.
func (k *keyFrames) due(now time.Time) bool {
	if !k.wanted || !k.asked.IsZero() && now.Sub(k.asked) < keyFrameInterval {
		return false
	}
	k.wanted, k.asked = false, now
	return true
}

// arrived notes a key frame: nobody who asked before it still waits.
func (k *keyFrames) arrived() { k.wanted = false }
