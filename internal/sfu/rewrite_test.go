package sfu

import (
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func frame(seq int64, ts uint32, picture uint16, at time.Duration) *packet {
	payload := []byte{0x90, 0xc0, 0, 0, byte(picture), 0}
	binary.BigEndian.PutUint16(payload[2:], 0x8000|picture)
	return &packet{seq: seq, ts: ts, payload: payload, vp8: parseVP8(payload), at: after(at)}
}

func TestFirstLayerGoesThroughUnchanged(t *testing.T) {
	w := rewriter{rate: videoRate}
	p := frame(70000, 1234, 5, 0)
	w.begin(&layer{}, p, nil)
	out, ok := w.rewrite(p)
	if !ok || out.seq != 70000-65536 || out.ts != 1234 || out.pictureID != 5 || w.current().renumbers() {
		t.Fatalf("%+v %v", out, ok)
	}
}

func TestSwitchLeavesNoGap(t *testing.T) {
	w := rewriter{rate: videoRate}
	first := frame(65535, 1000, 0x7ffe, 0)
	w.begin(&layer{}, first, nil)
	last, _ := w.rewrite(first)
	second := frame(400, 999_999_999, 100, 100*time.Millisecond)
	w.begin(&layer{}, second, nil)
	out, ok := w.rewrite(second)
	switch {
	case !ok || out.seq != last.seq+1:
		t.Errorf("sequence %d after %d", out.seq, last.seq)
	case out.ts != last.ts+9000:
		t.Errorf("100 ms became %d ticks", out.ts-last.ts)
	case out.pictureID != 0x7fff || out.tl0 != last.tl0+1:
		t.Errorf("picture %d after %d, tl0 %d after %d", out.pictureID, last.pictureID, out.tl0, last.tl0)
	}
	if _, ok := w.rewrite(frame(399, 1, 1, 0)); ok {
		t.Error("a packet from before the switch was given a number that another one has")
	}
}

func TestSwitchFollowsTheSendersClocksIfTheyMakeSense(t *testing.T) {
	for name, c := range map[string]struct{ aligned, want uint32 }{
		"believed":       {108_000, 108_000},
		"too far":        {1_000_000, 109_000},
		"into the past":  {100_000 - 10_000, 100_090},
		"the same frame": {100_000, 100_090},
	} {
		w := rewriter{rate: videoRate}
		first := frame(10, 100_000, 1, 0)
		w.begin(&layer{}, first, nil)
		w.rewrite(first)
		second := frame(10, 5, 1, 100*time.Millisecond)
		w.begin(&layer{}, second, &c.aligned)
		if out, _ := w.rewrite(second); out.ts != c.want {
			t.Errorf("%s: %d, want %d", name, out.ts, c.want)
		}
	}
}

// Whatever happens, no two packets get one number, and every number that was given
// leads back to the packet that has it.
func TestNumbersAreUniqueAndTraceable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type origin struct {
			l   *layer
			seq int64
		}
		w := rewriter{rate: videoRate}
		layers := []*layer{{}, {}, {}}
		next := []int64{1<<16 + 65_530, 1<<16 + 3, 1<<16 + 40_000}
		given, byOrigin := map[uint16]origin{}, map[origin]outgoing{}
		var recent []uint16
		current, began := -1, 0
		for i := range rapid.IntRange(1, 200).Draw(t, "steps") {
			at := time.Duration(i) * 10 * time.Millisecond
			if current < 0 || rapid.IntRange(0, 9).Draw(t, "switch") == 0 {
				current = rapid.IntRange(0, 2).Draw(t, "to")
				p := frame(next[current], uint32(i), uint16(i), at)
				w.begin(layers[current], p, nil)
				began = i
			}
			seq := next[current]
			if i != began {
				switch rapid.IntRange(0, 5).Draw(t, "order") {
				case 0: // lost on the way to us, for now
					seq++
				case 1: // late
					seq -= int64(rapid.IntRange(1, 3).Draw(t, "late"))
				}
			}
			p := frame(seq, uint32(seq*3000), uint16(seq), at)
			out, ok := w.rewrite(p)
			if seq >= next[current] {
				next[current] = seq + 1
			}
			if !ok {
				if i == began {
					t.Fatalf("the first packet of a segment was refused")
				}
				continue
			}
			o := origin{layers[current], seq}
			if other, taken := given[out.seq]; taken && other != o {
				t.Fatalf("number %d was given to %v and %v", out.seq, other, o)
			}
			if before, again := byOrigin[o]; again && before != out && before.seq == out.seq {
				t.Fatalf("one packet got two headers under one number: %+v %+v", before, out)
			}
			given[out.seq], byOrigin[o] = o, out
			recent = append(recent, out.seq)
		}
		for _, seq := range recent {
			s, in, ok := w.locate(seq)
			if !ok {
				continue // older than the history
			}
			if want := given[seq]; s.layer != want.l || in != want.seq {
				t.Fatalf("%d leads to %d, not %d", seq, in, want.seq)
			}
		}
	})
}

func TestLocateKnowsOnlyWhatWasSent(t *testing.T) {
	w := rewriter{rate: videoRate}
	if _, _, ok := w.locate(1); ok {
		t.Error("found a packet before any was sent")
	}
	p := frame(100, 1, 1, 0)
	w.begin(&layer{}, p, nil)
	w.rewrite(p)
	if _, _, ok := w.locate(101); ok {
		t.Error("found a packet that was not sent")
	}
	if _, _, ok := w.locate(99); ok {
		t.Error("found a packet from before the first")
	}
	q := frame(5, 1, 1, time.Second)
	w.begin(&layer{}, q, nil)
	w.rewrite(q)
	w.prune(after(2 * time.Second))
	if _, _, ok := w.locate(100); !ok {
		t.Error("history is kept for some seconds")
	}
	w.prune(after(10 * time.Second))
	if _, _, ok := w.locate(100); ok {
		t.Error("history holds a cache for ever")
	}
}

func TestUnwrap(t *testing.T) {
	var u unwrapper
	base := u.unwrap(65534)
	for i, c := range []struct {
		seq  uint16
		want int64
	}{{65535, 1}, {1, 3}, {0, 2}, {65533, -1}, {2, 4}, {32000, 32002}, {64000, 64002}, {100, 65536 + 102}} {
		if got := u.unwrap(c.seq) - base; got != c.want {
			t.Errorf("%d: %d became %d, want %d", i, c.seq, got, c.want)
		}
	}
}

func TestParseVP8(t *testing.T) {
	for name, c := range map[string]struct {
		payload []byte
		want    vp8
	}{
		"empty":            {nil, vp8{}},
		"key, no fields":   {[]byte{0x10, 0}, vp8{start: true, key: true}},
		"delta":            {[]byte{0x10, 1}, vp8{start: true}},
		"second partition": {[]byte{0x11, 0}, vp8{}},
		"middle":           {[]byte{0x00, 0}, vp8{}},
		"7 bits":           {[]byte{0x90, 0x80, 0x05, 0}, vp8{start: true, key: true, pictureAt: 2, pictureID: 5}},
		"15 bits and tl0":  {[]byte{0x90, 0xe0, 0x81, 0x02, 7, 0x20, 1}, vp8{start: true, pictureAt: 2, pictureID: 0x102, wide: true, tl0At: 4, tl0: 7}},
		"cut in picture":   {[]byte{0x90, 0x80, 0x81}, vp8{}},
		"cut in tl0":       {[]byte{0x90, 0xc0, 0x05}, vp8{pictureAt: 2, pictureID: 5}},
		"cut after fields": {[]byte{0x90, 0x80, 0x05}, vp8{pictureAt: 2, pictureID: 5}},
		"only flags":       {[]byte{0x90}, vp8{}},
	} {
		if got := parseVP8(c.payload); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func FuzzParseVP8(f *testing.F) {
	for _, seed := range [][]byte{nil, {0x90}, {0x90, 0xff, 0xff, 0xff, 1, 2, 0}, {0x90, 0x80, 0x05, 0}, {0xff, 0x70, 1, 2}} {
		f.Add(seed, uint16(0x7fff), uint8(255))
	}
	f.Fuzz(func(t *testing.T, payload []byte, picture uint16, tl0 uint8) {
		d := parseVP8(payload)
		if d.key && !d.start {
			t.Error("a key frame that does not begin")
		}
		d.patch(payload, picture&0x7f, tl0)
		again := parseVP8(payload)
		if d.pictureAt != 0 && again.pictureID != picture&0x7f || d.tl0At != 0 && again.tl0 != tl0 {
			t.Errorf("patched to %+v", again)
		}
		if again.start != d.start || again.key != d.key || again.pictureAt != d.pictureAt || again.tl0At != d.tl0At {
			t.Errorf("a patch changed %+v to %+v", d, again)
		}
	})
}

// Whole packets, as a hostile publisher sends them, through a layer into a seat.
func FuzzPackets(f *testing.F) {
	f.Add([]byte{0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x90, 0x80, 5, 0}, true)
	f.Add([]byte{0xa0, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xff}, true)        // padding beyond the packet
	f.Add([]byte{0xa0, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1}, true)           // padding only
	f.Add([]byte{0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, true)              // no payload
	f.Add([]byte{0x90, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xbe, 0xde}, false) // cut extension
	f.Add([]byte{0x8f, 96, 0, 1}, false)                                     // cut header
	f.Fuzz(func(t *testing.T, raw []byte, video bool) {
		source := Microphone
		if video {
			source = Camera
		}
		l, s, sent := rig(source)
		s.aim(l)
		l.levelID = 1
		l.handle(append([]byte(nil), raw...), epoch)
		l.handle(append([]byte(nil), raw...), after(time.Second))
		for _, p := range *sent {
			s.resend(p.seq, after(2*time.Second))
		}
	})
}
