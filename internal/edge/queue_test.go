package edge

import (
	"testing"

	"overtime/internal/protocol"
)

// TestQueueIsBounded in frames and in bytes, whatever waits in it.
func TestQueueIsBounded(t *testing.T) {
	for name, c := range map[string]struct{ frame, want int }{
		"Frames": {10, 256}, "Bytes": {1<<20/100 + 1, 99}, "One": {1<<20 + 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			q, n := newQueue(256, 1<<20), 0
			for q.put(outgoing{frame: make([]byte, c.frame)}) {
				n++
			}
			if n != c.want {
				t.Errorf("holds %d, want %d", n, c.want)
			}
			if len(q.take()) != c.want || !q.put(outgoing{frame: []byte("x")}) {
				t.Error("there is no room after all was taken")
			}
		})
	}
}

// TestQueueEnds: what comes after a close goes nowhere, and takes no room.
func TestQueueEnds(t *testing.T) {
	q := newQueue(2, 100)
	q.put(outgoing{close: protocol.CloseSlow})
	for range 10 {
		if !q.put(outgoing{frame: []byte("x")}) {
			t.Fatal("the end of a queue is full")
		}
	}
	if got := q.take(); len(got) != 1 || !q.closing() {
		t.Errorf("took %v", got)
	}
}
