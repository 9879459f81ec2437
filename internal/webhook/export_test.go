package webhook

import "time"

// Guard is what connections are checked with.
var Guard = guard

// SetLines is how many rooms of an endpoint are seen to at a time.
func (q *Queue) SetLines(n int) { q.lines = n }

// SetLook is how often the queue is looked into though the bell did not ring.
func (q *Queue) SetLook(d time.Duration) { q.look = d }

// Sign is the header webhook-signature.
func Sign(e Endpoint, id string, at time.Time, body []byte) string { return e.sign(id, at, body) }
