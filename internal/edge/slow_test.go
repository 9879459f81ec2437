package edge_test

import (
	"runtime"
	"testing"
	"time"

	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// TestSlowReadersAreCheap: with the limits of the server, ten who read nothing
// are let go of, cost little until then, and hold up nobody.
func TestSlowReadersAreCheap(t *testing.T) {
	const slow = 10
	w := newWorld(t)
	w.network = tight
	w.limits.Socket.Messages = throttle.Rate{PerSecond: 1e6, Burst: 1e6}
	w.limits.Socket.Frames = w.limits.Socket.Messages
	w.start()
	w.mustRoom("aaa")
	witness := w.witness(t)
	reader, _ := w.guest(t, "Reader")
	for range slow {
		b := w.dialTight(t)
		b.send(protocol.Hello{Token: w.link("aaa", "participant"), Name: "Slow"})
		b.until("the welcome", func(f protocol.ServerFrame) bool { _, is := f.Message.(protocol.Welcome); return is })
	}
	witness.ctx, reader.ctx = t.Context(), t.Context()
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
		ask[protocol.OK](witness, protocol.Sending{Sources: sources})
		lost += readerHears(reader, on)
		took = append(took, time.Since(sent))
		witness.kept = nil
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
func readerHears(b *browser, on bool) (lost int) {
	b.until("the event", func(f protocol.ServerFrame) bool {
		p, is := f.Message.(protocol.PersonChanged)
		if is && p.Person.Name == "Slow" && p.Person.Reconnecting {
			lost++
		}
		return is && p.Person.Name == "Witness" && p.Person.Sends(protocol.Camera) == on
	})
	b.kept = nil
	return lost
}

// heap is how much of it is in use, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
