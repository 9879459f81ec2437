package edge_test

import (
	"runtime"
	"testing"
	"time"

	"overtime/internal/protocol"
	"overtime/internal/testkit"
	"overtime/internal/throttle"
)

// TestSlowReadersAreCheap: with the limits of the server, ten who read nothing
// are let go of, cost little until then, and hold up nobody.
func TestSlowReadersAreCheap(t *testing.T) {
	const slow = 10
	w := newWorld(t)
	w.Network = tight
	w.Config.Limits.Socket.Messages = throttle.Rate{PerSecond: 1e6, Burst: 1e6}
	w.Config.Limits.Socket.Frames = w.Config.Limits.Socket.Messages
	w.Start()
	w.Room("aaa")
	witness := w.witness(t)
	reader, _ := w.guest(t, "Reader")
	for range slow {
		b := w.dialTight(t)
		b.Send(protocol.Hello{Token: w.Link("aaa", "participant"), Name: "Slow"})
		b.Until("the welcome", func(f protocol.ServerFrame) bool { _, is := f.Message.(protocol.Welcome); return is })
	}
	witness.Ctx, reader.Ctx = t.Context(), t.Context()
	before := heap()
	most, lost, began := before, 0, time.Now()
	var took []time.Duration
	var gone time.Duration
	for on := true; lost < slow; on = !on {
		sources := []protocol.Source{}
		if on {
			sources = append(sources, protocol.Camera)
		}
		sent := time.Now()
		testkit.Ask[protocol.OK](witness, protocol.Sending{Sources: sources})
		lost += readerHears(reader, on)
		took = append(took, time.Since(sent))
		witness.Kept = nil
		if len(took)%100 == 0 {
			most = max(most, heap())
		}
		gone = time.Since(began)
	}
	each := (int64(most) - int64(before)) / slow
	if each > 2<<20 {
		t.Errorf("one who does not read costs %d bytes", each)
	}
	t.Logf("the last of %d was let go of after %v and cost %d KiB", slow, gone, each>>10)
	reportTimes(t, "somebody else was told", took)
}

// readerHears reads until the event that the witness' camera is on, or off, and
// counts those who are lost before it.
func readerHears(b *testkit.Person, on bool) (lost int) {
	b.Until("the event", func(f protocol.ServerFrame) bool {
		p, is := f.Message.(protocol.PersonChanged)
		if is && p.Person.Name == "Slow" && p.Person.Reconnecting {
			lost++
		}
		return is && p.Person.Name == "Witness" && p.Person.Sends(protocol.Camera) == on
	})
	b.Kept = nil
	return lost
}

// heap is how much of it is in use, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
