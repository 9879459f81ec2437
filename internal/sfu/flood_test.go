package sfu

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// The tests of this file run beside no others: they measure memory, and cause load.

// liveHeap is what this process holds.
func liveHeap() int64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

// goOn has c send until it is told to go. The room is told that seconds pass, each once
// something was dropped in it. On a busy machine others pass by themselves, without
// anything dropped, and it takes more of them; or enough have passed already.
func (m *meeting) goOn(t *testing.T, c *client, send func()) {
	t.Helper()
	conn, _ := m.room.connectionOf(c.peer)
	dropped := func() int {
		if conn == nil {
			return 0 // c has been told, or is about to be
		}
		conn.excess.mu.Lock()
		defer conn.excess.mu.Unlock()
		return conn.excess.packets
	}
	told := func() bool { return len(c.obs.exceeded()) > 0 }
	at := time.Now()
	eventually(t, "whoever goes on is told to go", func() bool {
		before := dropped()
		eventually(t, "something is dropped", func() bool { send(); return told() || dropped() > before })
		if now := time.Now(); now.After(at) { // the room has looked by itself as well
			at = now
		}
		at = at.Add(reportTime)
		m.room.tick(at)
		return told()
	})
}

// TestUnnamedStreams: packets with SSRCs that no section names are held for a moment at
// most, and whoever goes on with them is told to go. Nobody else notices.
func TestUnnamedStreams(t *testing.T) {
	m := newMeeting(t)
	mallory := newClient(t, "m", 1, 1, nil).enter(t, m.room)
	before, sent := liveHeap(), uint16(0)
	send := func(each int) {
		for range each {
			sent++
			for ssrc := range uint32(110) {
				h := rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: sent, SSRC: 1000 + ssrc}
				_, _ = mallory.layers[ridFull].out.WriteRTP(&h, make([]byte, 1100))
			}
		}
	}
	send(900)
	// What is under way at first is read, or dropped.
	eventually(t, "next to nothing is held for one guest", func() bool { return liveHeap()-before < 16<<20 })
	m.goOn(t, mallory, func() { send(1) })
	eventually(t, "whoever goes on is told to go", func() bool { return len(mallory.obs.exceeded()) == 1 })
	if c, _ := m.room.connectionOf(mallory.peer); c != nil {
		t.Error("the connection is still there")
	}
	if log := m.logs.String(); !strings.Contains(log, "goes on sending more than it may") || !strings.Contains(log, "peer=m") {
		t.Errorf("the log says %s", log)
	}
	m.mustBeSound(t)
}

// TestOneLayerInManyStreams: a layer stays in the stream in which it began, whatever
// other streams say of themselves, at once or in two packets; they cost next to nothing,
// and whoever goes on with them is told to go.
func TestOneLayerInManyStreams(t *testing.T) {
	m := newMeeting(t)
	mallory := newClient(t, "m", 1, 1, nil).enter(t, m.room)
	eventually(t, "m publishes", func() bool { return len(layersOf(m.room, mallory)) == 3 })
	before := liveHeap()
	f := newFilm(mallory)
	first := layersOf(m.room, mallory)
	seq := uint16(0)
	send := func(name func(h *rtp.Header, seq uint16)) {
		seq++
		for ssrc := uint32(1000); ssrc < 1100; ssrc++ {
			h := rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: seq, SSRC: ssrc}
			name(&h, seq)
			_, _ = mallory.layers[ridFull].out.WriteRTP(&h, make([]byte, 1100))
		}
	}
	inTwo := func(h *rtp.Header, seq uint16) {
		if seq%2 == 0 {
			_ = h.SetExtension(f.midID, []byte(mallory.camMid))
		} else {
			_ = h.SetExtension(f.ridID, []byte(ridFull))
		}
	}
	for range 400 {
		send(inTwo)
	}
	// What is under way at first is read, or dropped.
	eventually(t, "next to nothing is held for one layer", func() bool { return liveHeap()-before < 16<<20 })
	now := layersOf(m.room, mallory)
	// On a busy machine the seconds that it takes to be told to go may have passed.
	if conn, _ := m.room.connectionOf(mallory.peer); conn != nil && !slices.Equal(now, first) {
		t.Errorf("the layers are %v, were %v", now, first)
	}
	m.goOn(t, mallory, func() {
		send(func(h *rtp.Header, _ uint16) {
			_ = h.SetExtension(f.midID, []byte(mallory.camMid))
			_ = h.SetExtension(f.ridID, []byte(ridFull))
		})
	})
	eventually(t, "whoever goes on is told to go", func() bool { return len(mallory.obs.exceeded()) == 1 })
	m.mustBeSound(t)
}

// TestRepairStreams: a stream that says it repairs a layer is refused.
func TestRepairStreams(t *testing.T) {
	m := newMeeting(t)
	mallory := newClient(t, "m", 1, 1, nil).enter(t, m.room)
	eventually(t, "m publishes", func() bool { return len(layersOf(m.room, mallory)) == 3 })
	conn, _ := m.room.connectionOf(mallory.peer)
	f := newFilm(mallory)
	for ssrc := uint32(1000); ssrc < 1020; ssrc++ {
		for seq := range uint16(3) {
			h := rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: seq, SSRC: ssrc}
			_ = h.SetExtension(f.midID, []byte(mallory.camMid))
			_ = h.SetExtension(conn.plan.repairedID, []byte(ridFull))
			_, _ = mallory.layers[ridFull].out.WriteRTP(&h, make([]byte, 100))
		}
	}
	eventually(t, "they are refused", func() bool {
		conn.excess.mu.Lock()
		defer conn.excess.mu.Unlock()
		return conn.excess.packets == 60
	})
	m.mustBeSound(t)
}

// TestTooMuchOfASource: a microphone of many Mbit/s is forwarded as far as sound may be,
// and its sender is told to go.
func TestTooMuchOfASource(t *testing.T) {
	m := newMeeting(t)
	mallory := newClient(t, "m", 1, 1, nil).enter(t, m.room)
	mid := m.a.seats(t, "m", Microphone)
	m.a.hears(t, mid, "m/audio", 1)
	mallory.paused.Store(true)
	seq := uint16(0)
	before, sent := 0, 0
	size := func() (n int) {
		for _, g := range m.a.heard(mid) {
			n += len(g.payload)
		}
		return n
	}
	before = size()
	began := time.Now()
	m.goOn(t, mallory, func() {
		for range 100 {
			seq++
			h := rtp.Header{Version: 2, PayloadType: 111, SequenceNumber: 30000 + seq, Timestamp: uint32(seq) * 960}
			_ = mallory.mic.WriteRTP(&rtp.Packet{Header: h, Payload: make([]byte, 1000)})
			sent += 1000
		}
	})
	eventually(t, "whoever goes on is told to go", func() bool { return slices.Equal(mallory.obs.exceeded(), []string{"microphone"}) })
	may := soundRate*(burstTime+time.Since(began)).Seconds() + 50_000
	if got := size() - before; got == 0 || float64(got) > may {
		t.Errorf("%d of %d bytes of sound were forwarded, where %.0f may be", got, sent, may)
	}
	m.mustBeSound(t)
}
