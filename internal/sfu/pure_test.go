package sfu

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestKeyFramesAreAskedForSparingly(t *testing.T) {
	var k keyFrames
	if !k.want(epoch) {
		t.Error("the first request goes out at once")
	}
	if k.want(after(100*time.Millisecond)) || k.due(after(400*time.Millisecond)) {
		t.Error("a second one does not")
	}
	if !k.due(after(500 * time.Millisecond)) {
		t.Error("but it is not forgotten")
	}
	if k.due(after(2 * time.Second)) {
		t.Error("nobody asked again")
	}
	k.want(after(2 * time.Second))
	k.want(after(2100 * time.Millisecond))
	k.arrived()
	if k.due(after(3 * time.Second)) {
		t.Error("one key frame serves all who wait")
	}
}

func TestResendsAreBounded(t *testing.T) {
	var r resends
	if !r.allow(0, epoch) || r.allow(0, after(19*time.Millisecond)) || !r.allow(0, after(20*time.Millisecond)) {
		t.Error("once in 20 ms")
	}
	n := 0
	for i := range 2000 {
		if r.allow(uint16(i), after(30*time.Millisecond)) {
			n++
		}
	}
	if n > resendsPerSecond {
		t.Errorf("%d in a second", n)
	}
	if !r.allow(5, after(2*time.Second)) {
		t.Error("a new second")
	}
}

func TestCacheKeepsTheNewest(t *testing.T) {
	c := newCache(4)
	for seq := int64(-2); seq < 6; seq++ {
		c.put(&packet{seq: seq, ts: uint32(seq), payload: []byte{byte(seq)}})
	}
	c.put(&packet{seq: 1, payload: []byte("late")})
	for seq := int64(-2); seq < 8; seq++ {
		p, ok := c.get(seq, nil)
		if want := seq >= 2 && seq < 6; ok != want {
			t.Errorf("%d: %v", seq, ok)
		}
		if ok && (p.payload[0] != byte(seq) || p.ts != uint32(seq)) {
			t.Errorf("%d: %+v", seq, p)
		}
	}
}

func TestNTP(t *testing.T) {
	at := time.Date(2026, 11, 23, 1, 2, 3, 456789000, time.UTC)
	if d := fromNTP(toNTP(at)).Sub(at); d < -2 || d > 2 {
		t.Errorf("off by %v", d)
	}
	if got := toNTP(ntpEpoch.Add(1500 * time.Millisecond)); got != 1<<32|1<<31 {
		t.Errorf("%x", got)
	}
	sent := after(0)
	echo := uint32(toNTP(sent) >> 16)
	if trip := roundTrip(after(150*time.Millisecond), echo, 65536/10); trip < 49*time.Millisecond || trip > 51*time.Millisecond {
		t.Errorf("%v", trip)
	}
	if roundTrip(epoch, 0, 5) != 0 || roundTrip(epoch, echo, 1<<20) != 0 {
		t.Error("nonsense must give nothing")
	}
}

func TestTimelineAndClockMap(t *testing.T) {
	line := timeline{rate: videoRate, at: epoch, rtp: 0xffffff00}
	if got := line.rtpAt(after(time.Second)); got != 90000-0x100 {
		t.Errorf("%d", got)
	}
	if got := line.timeOf(line.rtpAt(after(-300 * time.Millisecond))).Sub(epoch); got != -300*time.Millisecond {
		t.Errorf("%v", got)
	}
	_ = line.rtpAt(epoch.Add(1 << 62)) // a clock that is far off
	var c clockMap
	theirs := time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
	if !c.ours(theirs, epoch).Equal(epoch) {
		t.Error("the first report fixes the clock")
	}
	if got := c.ours(theirs.Add(time.Second), after(time.Hour)); !got.Equal(after(time.Second)) {
		t.Errorf("it never moves again: %v", got)
	}
}

func TestClockOfAMicrophoneThatWasOff(t *testing.T) {
	var c steadyClock
	if c.see(1, 5000, epoch, audioRate) || c.see(2, 5960, after(20*time.Millisecond), audioRate) {
		t.Error("nothing is wrong yet")
	}
	if c.see(3, 5960+audioRate*3, after(3020*time.Millisecond), audioRate) {
		t.Error("a silence through which the clock went on")
	}
	if !c.see(4, 6920+audioRate*3, after(63020*time.Millisecond), audioRate) {
		t.Error("a silence in which it stood still")
	}
	if got := 6920 + audioRate*3 + c.shift; got != 5960+audioRate*63 {
		t.Errorf("%d", got)
	}
	if c.see(2, 1, after(70*time.Second), audioRate) {
		t.Error("a late packet says nothing")
	}
}

func TestVoice(t *testing.T) {
	var v voice
	now := epoch
	say := func(level uint8, d time.Duration) {
		for end := now.Add(d); now.Before(end); now = now.Add(20 * time.Millisecond) {
			v.hear(level, now)
		}
	}
	say(60, time.Second) // the noise of a room
	if v.listen(now).speaking {
		t.Error("noise is no speech")
	}
	say(20, 60*time.Millisecond)
	if v.listen(now).speaking {
		t.Error("nor is a click")
	}
	say(25, 400*time.Millisecond)
	if !v.listen(now).speaking {
		t.Error("speech is")
	}
	say(127, 500*time.Millisecond)
	if !v.listen(now).speaking {
		t.Error("a pause between words ends nothing")
	}
	say(127, 2*time.Second)
	if v.listen(now).speaking {
		t.Error("silence does")
	}
	say(25, 400*time.Millisecond)
	if v.listen(now.Add(3 * time.Second)).speaking {
		t.Error("and so does DTX, which sends nothing")
	}
	now = now.Add(4 * time.Second)
	say(25, 400*time.Millisecond)
	v.hush()
	if v.listen(now).speaking {
		t.Error("a muted microphone is silent at once")
	}
}

func TestLoudestFirst(t *testing.T) {
	got := loudestFirst(map[string]voice{
		"quiet": {speaking: true, loud: 80}, "loud": {speaking: true, loud: 110},
		"b": {speaking: true, loud: 97}, "a": {speaking: true, loud: 96.5}, "silent": {loud: 120},
	})
	if want := []string{"loud", "a", "b", "quiet"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestDownlink(t *testing.T) {
	var d downlink
	s := 0
	second := func(loss float64, trip time.Duration) int {
		s++
		d.report(loss, trip)
		return d.tick(after(time.Duration(s) * time.Second))
	}
	run := func(n int, loss float64, trip time.Duration) (level int) {
		for range n {
			level = second(loss, trip)
		}
		return level
	}
	const near = 30 * time.Millisecond
	if run(5, 0.02, near) != 0 {
		t.Error("a little loss is no reason")
	}
	if second(0.12, near) != 0 {
		t.Error("nor is one bad second")
	}
	if second(0.12, near) != 1 {
		t.Error("two are")
	}
	if second(0.5, near) != 1 {
		t.Error("it takes time to see what that did")
	}
	if run(3, 0.5, near) != 2 || run(9, 0.5, near) != 2 {
		t.Error("then the next, and there is no third")
	}
	// until gives how many seconds of this it takes to get to a level.
	until := func(level int, loss float64) (n int) {
		for n = 1; second(loss, near) != level; n++ {
			if n > 200 {
				t.Fatalf("never came to %d", level)
			}
		}
		return n
	}
	if n := until(1, 0); n != 10 {
		t.Errorf("up after %d calm seconds", n)
	}
	if n := until(2, 0.3); n > 4 {
		t.Errorf("it was too much, and that took %d seconds", n)
	}
	if n := until(1, 0); n < 19 {
		t.Errorf("the next attempt came after %d seconds", n)
	}
	if run(4, 0, near+300*time.Millisecond) != 2 {
		t.Error("a queue that grows is a bad line too")
	}
	if d.tick(after(time.Hour)) != 2 {
		t.Error("silence says nothing")
	}
}

func TestDownlinkAcceptsALongerRoute(t *testing.T) {
	var d downlink
	level := 0
	for s := range 400 {
		trip := 20 * time.Millisecond
		if s > 30 {
			trip = 400 * time.Millisecond
		}
		d.report(0, trip)
		level = d.tick(after(time.Duration(s) * time.Second))
	}
	if level != 0 {
		t.Errorf("still %d down after minutes on a route that is merely long", level)
	}
}

func TestFlow(t *testing.T) {
	var f flow
	if f.usable(epoch) {
		t.Error("nothing came yet")
	}
	f.frame(epoch)
	if !f.usable(epoch) {
		t.Error("the first frame is enough")
	}
	if f.usable(after(700 * time.Millisecond)) {
		t.Error("others go on without it")
	}
	f.frame(after(time.Second))
	if f.usable(after(time.Second)) {
		t.Error("it stopped once: it must show that it flows")
	}
	for ms := 1100; ms <= 2100; ms += 100 {
		f.frame(after(time.Duration(ms) * time.Millisecond))
	}
	if !f.usable(after(2100 * time.Millisecond)) {
		t.Error("it does")
	}
}

func TestChoose(t *testing.T) {
	pub := newPublication(nil, Camera)
	if pub.choose(2) != nil {
		t.Error("nothing to choose from")
	}
	q, h, f := rigLayer(pub, ridQuarter, 1), rigLayer(pub, ridHalf, 2), rigLayer(pub, ridFull, 3)
	q.flow.frame(epoch)
	if pub.choose(2) != q {
		t.Error("the only one that flows")
	}
	h.flow.frame(epoch)
	f.flow.frame(epoch)
	for rank, want := range []*layer{q, h, f} {
		if pub.choose(rank) != want {
			t.Errorf("rank %d", rank)
		}
	}
	h.flow.frame(after(time.Second))
	if pub.choose(2) != h || pub.choose(0) != h {
		t.Error("the others stopped")
	}
	pub.remove(h)
	pub.remove(q)
	if pub.choose(0) != f {
		t.Error("one layer is always chosen")
	}
}

func TestRankFor(t *testing.T) {
	got := []int{rankFor(0), rankFor(180), rankFor(181), rankFor(360), rankFor(361), rankFor(2000)}
	if want := []int{0, 0, 1, 1, 2, 2}; !reflect.DeepEqual(got, want) {
		t.Error(got)
	}
}
