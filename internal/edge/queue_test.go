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
			q, n := newQueue(256, 1<<20, &pool{most: 1 << 30}), 0
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
	q := newQueue(2, 100, &pool{})
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

// TestQueuesTogether: where too much waits for all browsers, those go that hold most of
// it; others get what they need, and what was written, or never will be, counts no more.
func TestQueuesTogether(t *testing.T) {
	all := &pool{most: 10 * share}
	var slow []*queue
	frame := make([]byte, share/4)
	for range 40 {
		q := newQueue(256, 1<<20, all)
		for range 6 {
			q.put(outgoing{frame: frame})
		}
		slow = append(slow, q)
	}
	if got := all.bytes.Load(); got < all.most || got > 2*all.most+40*int64(len(frame)) {
		t.Errorf("%d bytes wait, of %d", got, all.most)
	}
	if slow[0].put(outgoing{frame: frame}) {
		t.Error("who holds more than a share gets more")
	}
	quick := newQueue(256, 1<<20, all)
	for range 30 {
		if !quick.put(outgoing{frame: frame}) {
			t.Fatal("who holds nothing gets nothing")
		}
		quick.take()
		quick.written(frame)
	}
	for _, q := range append(slow, quick) {
		q.take() // as a writer that is stuck with it
		q.release()
	}
	if got := all.bytes.Load(); got != 0 {
		t.Errorf("%d bytes are held for nobody", got)
	}
}
