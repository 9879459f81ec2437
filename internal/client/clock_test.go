package client_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"overtime/internal/client"
)

// trip adds a round trip to c: asked at the local time sent, over paths that
// take out and back, while the server's time at local zero is zero.
func trip(c *client.Clock, zero time.Time, sent, out, back time.Duration) {
	c.Add(sent, sent+out+back, zero.Add(sent+out))
}

func wrong(t *testing.T, c *client.Clock, zero time.Time, now time.Duration) time.Duration {
	t.Helper()
	got, ok := c.Now(now)
	if !ok {
		t.Fatal("no estimate")
	}
	return got.Sub(zero.Add(now)).Abs()
}

func TestClockBeforeTheFirstAnswer(t *testing.T) {
	if _, ok := new(client.Clock).Now(time.Hour); ok {
		t.Error("an estimate of nothing")
	}
}

func TestClockTakesTheLeastDelay(t *testing.T) {
	var c client.Clock
	trip(&c, serverBorn, 0, 400*time.Millisecond, 20*time.Millisecond) // wrong by 190 ms
	trip(&c, serverBorn, time.Second, 12*time.Millisecond, 8*time.Millisecond)
	trip(&c, serverBorn, 2*time.Second, 30*time.Millisecond, 600*time.Millisecond)
	if got := wrong(t, &c, serverBorn, 3*time.Second); got > 3*time.Millisecond {
		t.Errorf("wrong by %v", got)
	}
}

func TestClockIgnoresTripsThatEndBeforeTheyBegin(t *testing.T) {
	var c client.Clock
	c.Add(time.Second, 0, serverBorn)
	if _, ok := c.Now(0); ok {
		t.Error("took it in")
	}
}

func TestClockFollowsAStep(t *testing.T) {
	var c client.Clock
	for i := range 10 {
		trip(&c, serverBorn, time.Duration(i)*time.Second, time.Millisecond, time.Millisecond)
	}
	// The local clock stood still for half an hour: the next answer is slow,
	// but no older one can be true beside it.
	later := serverBorn.Add(30 * time.Minute)
	trip(&c, later, 11*time.Second, 150*time.Millisecond, 50*time.Millisecond)
	if got := wrong(t, &c, later, 12*time.Second); got > 51*time.Millisecond {
		t.Errorf("wrong by %v", got)
	}
}

func TestClockDoubtsWhatItKnewBeforeSleep(t *testing.T) {
	var c client.Clock
	trip(&c, serverBorn, 0, time.Millisecond, time.Millisecond)
	c.Wake()
	// A sleep so short that the slow first answer does not rule it out.
	later := serverBorn.Add(90 * time.Millisecond)
	trip(&c, later, time.Second, 100*time.Millisecond, 100*time.Millisecond)
	if got := wrong(t, &c, later, 2*time.Second); got > time.Millisecond {
		t.Errorf("wrong by %v", got)
	}
}

func TestClockForgets(t *testing.T) {
	var c client.Clock
	// The clocks drift apart by 50 parts per million for two hours, and the
	// best trip was the first.
	zero := func(at time.Duration) time.Time { return serverBorn.Add(at * 50 / 1e6) }
	trip(&c, zero(0), 0, 0, 0)
	var now time.Duration
	for now = 5 * time.Second; now < 2*time.Hour; now += 5 * time.Second {
		trip(&c, zero(now), now, 8*time.Millisecond, 8*time.Millisecond)
	}
	if got := wrong(t, &c, zero(now), now); got > 5*time.Millisecond {
		t.Errorf("wrong by %v", got)
	}
}

// TestClockProperty: whatever the delays, the estimate is wrong by half of the
// least recent delay at most, and a step of the clocks is followed at once if
// it is larger than the delays explain.
func TestClockProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		delay := rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(0, 2000).Draw(t, "ms")) * time.Millisecond
		})
		var c client.Clock
		zero, least, now := serverBorn, time.Hour, time.Duration(0)
		for range rapid.IntRange(1, 12).Draw(t, "trips") {
			if rapid.IntRange(0, 5).Draw(t, "step") == 0 {
				zero, least = zero.Add(time.Hour), time.Hour
			}
			out, back := delay.Draw(t, "out"), delay.Draw(t, "back")
			trip(&c, zero, now, out, back)
			now += out + back + 100*time.Millisecond
			least = min(least, (out+back)/2)
			got, _ := c.Now(now)
			if off := got.Sub(zero.Add(now)).Abs(); off > least+10*time.Millisecond {
				t.Fatalf("wrong by %v with a best half delay of %v", off, least)
			}
		}
	})
}

func TestSessionTellsTheServersTime(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.up, w.server.down = 300*time.Millisecond, 20*time.Millisecond
		w.open()
		w.pass(2 * time.Second)
		off := func() time.Duration { return w.session.Now().Sub(w.server.now()).Abs() }
		if got := off(); got > 141*time.Millisecond {
			t.Errorf("by the lobby's first answer wrong by %v", got)
		}
		w.session.Do(client.Join{})
		w.pass(time.Second)
		w.server.with(func() { w.server.up, w.server.down = 10*time.Millisecond, 6*time.Millisecond })
		w.pass(time.Second)
		if got := off(); got > 3*time.Millisecond {
			t.Errorf("after the burst wrong by %v", got)
		}
	})
}

func TestSessionTimeAfterSleep(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Minute)
		// Both ways of it look the same to the session: the local clock stood
		// still, or the server's was set.
		w.server.with(func() { w.server.skew = 20 * time.Minute })
		w.tab.fire("wake")
		w.settle()
		if off := w.session.Now().Sub(w.server.now()).Abs(); off > 2*time.Millisecond {
			t.Errorf("right after waking wrong by %v", off)
		}
	})
}

func TestTimeBeforeTheServerWasHeard(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.dead = true
		w.open()
		w.pass(3 * time.Second)
		if off := time.Since(w.session.Now()).Abs(); off > time.Millisecond {
			t.Errorf("the device's clock is the base, but it is %v off", off)
		}
	})
}
