package seal

import (
	"hash"
	"math/rand/v2"
	"testing"
)

// counted is a checksum that counts what it sums up.
type counted struct {
	hash.Hash64
	n *int
}

func (c counted) Write(p []byte) (int, error) { *c.n += len(p); return c.Hash64.Write(p) }

// TestNoise: a block that is nothing but noise is held for damaged as one piece,
// and not summed up from each byte on.
func TestNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 4<<20)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	summed := 0
	p := parser{counted{newSum("rooms-1"), &summed}}
	gaps := p.walk(noise, func(int, record) { t.Error("there is a record in it") })
	if len(gaps) != 1 || gaps[0].length != len(noise) {
		t.Errorf("found %+v", gaps)
	}
	if summed > len(noise) {
		t.Errorf("%d bytes were summed up", summed)
	}
}

// FuzzRead: whatever is in a file, reading it ends, and no record is longer than
// what is there.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\x1e\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add(make([]byte, 100))
	f.Fuzz(func(t *testing.T, text []byte) {
		end := 0
		gaps := newParser("rooms", 1).walk(text, func(at int, r record) { end = at + r.length })
		for _, g := range gaps {
			end = max(end, g.at+g.length)
		}
		if end != len(text) {
			t.Errorf("read %d of %d bytes", end, len(text))
		}
		readIndex("rooms", text)
	})
}
