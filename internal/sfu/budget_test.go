package sfu

import (
	"testing"
	"time"
)

// TestBudgets are what a source may send: honest senders at their busiest never touch
// them.
func TestBudgets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		source Source
		// send is called for every 20 ms of a minute and gives how many bytes come then.
		send func(n int) int
		drop bool
	}{
		"Voice":            {Microphone, func(int) int { return 32_000/8/50 + 40 }, false},
		"Music":            {ScreenAudio, func(int) int { return 128_000/8/50 + 40 }, false},
		"VoiceAfterAStall": {Microphone, stalled(32_000/8/50 + 40), false},
		"MusicAfterAStall": {ScreenAudio, stalled(128_000/8/50 + 40), false},
		"Camera":           {Camera, func(int) int { return 2_600_000 / 8 / 50 }, false},
		// A key frame of each layer every second, and a probe of twice the rate for 100 ms.
		"CameraWithKeyFrames": {Camera, func(n int) int {
			bytes := 2_600_000 / 8 / 50
			if n%50 == 0 {
				bytes += 150_000
			}
			if n%250 < 5 {
				bytes *= 2
			}
			return bytes
		}, false},
		"CameraAfterAStall": {Camera, stalled(2_600_000 / 8 / 50), false},
		// A page of small print is turned every three seconds.
		"Screen": {Screen, func(n int) int {
			if n%150 == 0 {
				return 600_000
			}
			return 3_000_000 / 8 / 50
		}, false},
		"LoudMicrophone": {Microphone, func(int) int { return 50_000_000 / 8 / 50 }, true},
		"RawAudio":       {Microphone, func(int) int { return 256_000 / 8 / 50 }, true},
		"HugeCamera":     {Camera, func(int) int { return 8_000_000 / 8 / 50 }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, sent, passed := newBudget(c.source), 0, 0
			for n := range 60 * 50 {
				for left := c.send(n); left > 0; left -= 1200 {
					packet := min(left, 1200)
					sent += packet
					if b.AllowN(after(time.Duration(n)*20*time.Millisecond), packet) {
						passed += packet
					}
				}
			}
			if (passed < sent) != c.drop {
				t.Errorf("%d of %d bytes passed", passed, sent)
			}
			if limit := float64(b.Limit()) * (60 + burstTime.Seconds()); float64(passed) > limit {
				t.Errorf("%d bytes passed, where %.0f may", passed, limit)
			}
		})
	}
}

// stalled sends for a second what a line kept back for two, every ten.
func stalled(bytes int) func(int) int {
	return func(n int) int {
		switch at := n % 500; {
		case at < 100:
			return 0
		case at == 100:
			return 100 * bytes
		}
		return bytes
	}
}

// TestExcess is forgiven as it came, and ends a connection when it goes on.
func TestExcess(t *testing.T) {
	t.Parallel()
	var e excess
	for range 3 * tolerated { // a second in two
		e.note("camera", 5)
		if _, _, enough := e.tick(); enough {
			t.Fatal("ended for what was made up for")
		}
		e.tick()
	}
	for n := range tolerated {
		e.note("microphone", 2)
		what, packets, enough := e.tick()
		if enough != (n == tolerated-1) || what != "microphone" || packets != 3*tolerated*5+2*(n+1) {
			t.Errorf("after %d seconds: %s, %d, %v", n+1, what, packets, enough)
		}
	}
	var once excess
	once.end("streams")
	if what, _, enough := once.tick(); !enough || what != "streams" {
		t.Error("did not end at once")
	}
}
