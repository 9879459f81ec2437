package edge

import (
	"math/rand/v2"
	"testing"

	"golang.org/x/time/rate"
)

// TestFramesAreCounted one by one, however they are cut on their way.
func TestFramesAreCounted(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var stream []byte
		frames := 1 + random.IntN(20)
		for range frames {
			stream = append(stream, frame(random.IntN(2) == 0, []int{0, 1, 125, 126, 300, 70_000}[random.IntN(6)])...)
		}
		m := newFrameMeter(nil, rate.NewLimiter(0, frames), nil)
		for rest := stream; len(rest) > 0; {
			n := 1 + random.IntN(min(len(rest), 40_000))
			if m.count(rest[:n]); m.spent {
				t.Fatalf("%d frames were counted as more", frames)
			}
			rest = rest[n:]
		}
		if got := frames - int(m.budget.Tokens()); got != frames || len(m.head) != 0 || m.left != 0 {
			t.Fatalf("%d frames were counted as %d; %d bytes of a head and %d of a payload are missing", frames, got, len(m.head), m.left)
		}
		if m.count(frame(true, 0)); !m.spent {
			t.Fatal("one more is within the budget")
		}
	}
}

// frame is one with so many bytes of payload, none of which looks like the end of one.
func frame(masked bool, payload int) []byte {
	head := []byte{0x82, 0}
	switch {
	case payload < 126:
		head[1] = byte(payload)
	case payload < 1<<16:
		head[1] = 126
		head = append(head, byte(payload>>8), byte(payload))
	default:
		head[1] = 127
		head = append(head, 0, 0, 0, 0, byte(payload>>24), byte(payload>>16), byte(payload>>8), byte(payload))
	}
	if masked {
		head[1] |= 0x80
		head = append(head, 1, 2, 3, 4)
	}
	return append(head, make([]byte, payload)...)
}
