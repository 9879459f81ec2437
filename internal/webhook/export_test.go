package webhook

import "time"

// Guard is what connections are checked with.
var Guard = guard

// MaxAsks is how many questions the stream is asked at a time.
const MaxAsks = maxAsks

// SetLines is how many rooms of an endpoint are seen to at a time.
func (q *Queue) SetLines(n int) { q.lines = n }

// Sign is the header webhook-signature.
func Sign(e Endpoint, id string, at time.Time, body []byte) string { return e.sign(id, at, body) }
