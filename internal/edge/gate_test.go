package edge

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/throttle"
)

// gated is a gate with small limits, and who had to go.
type gated struct {
	*gate
	t     *testing.T
	conns map[string]*conn
	out   []string
}

func newGated(t *testing.T, l throttle.Limits) *gated {
	return &gated{gate: newGate(l), t: t, conns: map[string]*conn{}}
}

// enter is a new connection from 203.0.113.(next door).
func (g *gated) enter(name string, door int) bool {
	c := &conn{id: name, from: throttle.Of(netip.MustParseAddr(fmt.Sprintf("203.0.113.%d", door)))}
	g.conns[name] = c
	out, ok := g.gate.enter(c)
	g.gone(out)
	return ok
}

func (g *gated) show(name string, resume bool) bool {
	out, ok := g.gate.show(g.conns[name], resume)
	g.gone(out)
	return ok
}

func (g *gated) gone(c *conn) {
	if c != nil {
		g.out = append(g.out, c.id)
	}
}

func (g *gated) must(what string, got, want bool, out ...string) {
	g.t.Helper()
	if got != want || !slices.Equal(g.out, out) {
		g.t.Errorf("%s: %v, want %v; out %v, want %v", what, got, want, g.out, out)
	}
	g.out = nil
}

// TestStrangers: the stranger who has had the longest time makes room, first
// for one of the same address, and never anybody who has shown something.
func TestStrangers(t *testing.T) {
	g := newGated(t, throttle.Limits{Unknown: throttle.Connections{All: 4, Each: 2}, Known: 64})
	g.must("first", g.enter("a1", 1), true)
	g.must("second", g.enter("a2", 1), true)
	g.must("one too many here", g.enter("a3", 1), true, "a1")
	g.must("it shows something too late", g.show("a1", false), false)
	g.must("one shows something", g.show("a2", false), true)
	g.must("there is room again", g.enter("a4", 1), true)
	g.must("next door", g.enter("b1", 2), true)
	g.must("next door", g.enter("b2", 2), true)
	g.must("one too many of all", g.enter("c1", 3), true, "a3")
	g.must("again", g.show("a2", false), true)
	for _, name := range []string{"a1", "a2", "a3", "a4", "b1", "b2", "c1"} {
		g.leave(g.conns[name])
	}
	if len(g.by) != 0 || len(g.strangers) != 0 || len(g.all) != 0 {
		t.Errorf("left behind: %v, %v, %v", g.by, g.strangers, g.all)
	}
}

// TestKnown: those with a valid token have places of their own, which strangers
// cannot take; who waits makes room, who is in a room does not; whoever comes
// back has twice the room.
func TestKnown(t *testing.T) {
	g := newGated(t, throttle.Limits{Unknown: throttle.Connections{All: 10, Each: 2}, Known: 2})
	come := func(name string, resume bool) bool { return g.enter(name, 1) && g.show(name, resume) }
	g.must("first", come("a", false), true)
	g.must("second", come("b", false), true)
	g.welcome(g.conns["b"])
	g.must("third, and the one who waits goes", come("c", false), true, "a")
	g.welcome(g.conns["c"])
	g.must("full of members", come("d", false), false)
	g.must("back again", come("e", true), true)
	g.welcome(g.conns["e"])
	g.must("back again", come("f", true), true)
	g.welcome(g.conns["f"])
	g.must("even of those there is an end", come("g", true), false)
	g.must("next door", g.enter("h", 2) && g.show("h", false), true)
	for _, name := range []string{"b", "c", "e"} {
		g.leave(g.conns[name])
	}
	g.must("some have left", come("i", false), true, "d") // the one who was refused was still a stranger
}

// TestKnownNetworks: the networks around an IPv6 address count as well, so that one
// link opens no endless number of connections from them.
func TestKnownNetworks(t *testing.T) {
	g := newGated(t, throttle.Limits{Unknown: throttle.Connections{All: 100, Each: 10}, Known: 2})
	in := 0
	come := func(address string) bool {
		in++
		c := &conn{id: fmt.Sprint(in), from: throttle.Of(netip.MustParseAddr(address))}
		g.conns[c.id] = c
		out, _ := g.gate.enter(c)
		g.gone(out)
		if !g.show(c.id, false) {
			return false
		}
		g.welcome(c)
		return true
	}
	for i, want := range []bool{true, true, true, true, false, false} { // a /56 takes four
		g.must(fmt.Sprint("one /56, ", i), come(fmt.Sprintf("2001:db8:0:%x::1", i)), want)
	}
	for i, want := range []bool{true, true, true, true, false} { // and a /48 eight
		g.must(fmt.Sprint("one /48, ", i), come(fmt.Sprintf("2001:db8:0:%x00::1", i+1)), want)
	}
	g.must("elsewhere", come("2001:db8:1::1"), true)
	for _, c := range g.conns {
		g.leave(c)
	}
	if len(g.around) != 0 || len(g.by) != 0 {
		t.Errorf("left behind: %v, %v", g.around, g.by)
	}
}

func TestShutGate(t *testing.T) {
	g := newGated(t, throttle.Default)
	g.must("before", g.enter("a", 1), true)
	if all := g.close(); len(all) != 1 {
		t.Errorf("inside are %v", all)
	}
	g.must("after", g.enter("b", 1), false)
}

// TestHelloIsNeverForgotten: from the hello to the welcome and after, there is
// no moment at which another would be taken.
func TestHelloIsNeverForgotten(t *testing.T) {
	for range 2000 {
		c := &conn{pending: newPending(&pool{})}
		c.pending.add("1", &pendingRequest{hello: true, timer: time.NewTimer(time.Hour)})
		go c.accepts(bus.Delivery{Kind: bus.KindWelcome, Answers: "1", Epoch: 2, Seq: 7})
		for welcomed := false; !welcomed; {
			if !c.saidHello() {
				t.Fatal("another hello would be taken")
			}
			c.mu.Lock()
			welcomed = c.welcomed
			c.mu.Unlock()
		}
		if c.epoch != 2 || c.seq != 7 {
			t.Fatalf("the stamp is %d, %d", c.epoch, c.seq)
		}
	}
}

// TestStamp: the bus says where a room is; a close alone says nothing.
func TestStamp(t *testing.T) {
	c := &conn{}
	for _, s := range []struct {
		d          bus.Delivery
		epoch, seq uint64
	}{
		{bus.Delivery{Epoch: 1, Seq: 4}, 1, 4},
		{bus.Delivery{Epoch: 2, Seq: 0}, 2, 0},
		{bus.Delivery{}, 2, 0},
	} {
		if c.noteEpoch(s.d); c.epoch != s.epoch || c.seq != s.seq {
			t.Errorf("after %+v: %d, %d", s.d, c.epoch, c.seq)
		}
	}
}
