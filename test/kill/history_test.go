package kill_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// window is one extension window, named as a press names it: by the scheduled
// end it is about, in milliseconds. Its two halves are one: either press
// answers the same end.
type window struct {
	room string
	end  int64
}

// asked is what somebody asked of a window: to be granted minutes under an
// operation's id, or only what became of it.
type asked struct {
	window
	op      string // empty for a look
	by      string
	minutes int
}

// kind is what somebody was told about a window.
type kind int

const (
	unknown    kind = iota // nothing: the server was killed and did not come back
	granted                // the press is the one
	refused                // another was first
	open                   // a look: nobody has answered it
	extended               // a look: somebody has
	impossible             // what a window of a running meeting cannot say
)

// told is an answer, with the facts that came with it.
type told struct {
	kind    kind
	by      string
	minutes int
	end     int64 // granted and extended: the new end; refused: the one that holds now
	words   string
}

// answer is what became of a window; the zero value is that it is open.
type answer struct {
	op      string
	by      string
	minutes int
}

// minute is how long a minute of the rooms is, in the ends' milliseconds.
const minute = int64(time.Minute / time.Millisecond)

// windows is what a window of a meeting that nobody kills would do: whoever
// presses first is granted what they asked for, whoever else learns of that.
var windows = porcupine.Model{
	Partition: byWindow,
	Init:      func() any { return answer{} },
	Step: func(state, input, output any) (bool, any) {
		next, ok := state.(answer).after(input.(asked), output.(told))
		return ok, next
	},
	DescribeOperation: func(input, output any) string { return describe(input.(asked), output.(told)) },
	DescribeState:     func(state any) string { return fmt.Sprintf("%+v", state) },
}

// after is the window's next state if q could have been told t in this one.
func (a answer) after(q asked, t told) (answer, bool) {
	mine := answer{op: q.op, by: q.by, minutes: q.minutes}
	switch t.kind {
	case unknown: // what was never carried out could as well be carried out at last
		if a == (answer{}) {
			return mine, true
		}
		return a, true
	case granted: // also to who asks again
		return mine, (a == answer{} || a == mine) && t.minutes == q.minutes && t.end == q.end+int64(q.minutes)*minute
	case refused:
		return a, a != answer{} && a != mine && t.by == a.by && t.minutes == a.minutes && t.end >= q.end+int64(a.minutes)*minute
	case open:
		return a, a == answer{}
	case extended:
		return a, t.by == a.by && t.minutes == a.minutes && t.end == q.end+int64(a.minutes)*minute
	}
	return a, false
}

func describe(q asked, t told) string {
	said := [...]string{"no answer", "granted", "already extended", "open", "extended", "impossible"}[t.kind]
	if q.op == "" {
		return fmt.Sprintf("look: %s %s %d", said, t.by, t.minutes)
	}
	return fmt.Sprintf("%s asks for %d (%s): %s %s %d %s", q.by, q.minutes, q.op, said, t.by, t.minutes, t.words)
}

// byWindow splits a history: what becomes of one window is no matter of
// another.
func byWindow(all []porcupine.Operation) [][]porcupine.Operation {
	parts := map[window][]porcupine.Operation{}
	for _, o := range all {
		w := o.Input.(asked).window
		parts[w] = append(parts[w], o)
	}
	out := make([][]porcupine.Operation, 0, len(parts))
	for _, part := range parts {
		out = append(out, part)
	}
	slices.SortFunc(out, func(a, b []porcupine.Operation) int {
		return cmp.Compare(a[0].Input.(asked).end, b[0].Input.(asked).end)
	})
	return out
}

// history is what everybody did and was told, by one clock.
type history struct {
	began time.Time

	mu         sync.Mutex // guards what follows
	operations []porcupine.Operation
	epoch      uint64 // the highest that anybody has heard of
}

func newHistory() *history { return &history{began: time.Now()} }

// call is the instant at which something is asked, with the epoch that
// somebody has heard of before.
func (h *history) call() (at int64, epoch uint64) {
	at = int64(time.Since(h.began))
	h.mu.Lock()
	defer h.mu.Unlock()
	return at, h.epoch
}

// heard notes an epoch. It comes before the return of what it came with.
func (h *history) heard(epoch uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.epoch = max(h.epoch, epoch)
}

// record adds what was told just now; what is unknown may still happen at any
// time.
func (h *history) record(who int, call int64, q asked, t told) {
	back := int64(time.Since(h.began))
	if t.kind == unknown {
		back = math.MaxInt64
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, porcupine.Operation{ClientId: who, Input: q, Output: t, Call: call, Return: back})
}

func (h *history) all() []porcupine.Operation {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.operations)
}
