package sfu

import (
	"io"
	"sync"
	"sync/atomic"

	"github.com/pion/rtp"
	"github.com/pion/transport/v2/packetio"
)

const (
	// unreadBytes is what one stream may hold before a layer reads it. Pion reads
	// the first packets of each to find its section, so they do not wait long.
	unreadBytes = 8 << 10
	// unreadStreams is how many streams of a connection may hold packets that no
	// layer reads. A browser begins nine at once: two sounds, two pictures in three
	// layers, and the probes that Chromium sends with SSRC 0.
	unreadStreams = 12
	// soundBytes and pictureBytes are what a stream may hold that is read: a second
	// of the most that its source may send, for when the reader gets no CPU.
	soundBytes   = 32 << 10
	pictureBytes = 256 << 10
)

// rtpInbox holds what a connection receives until it is read. Pion decrypts packets
// whatever their SSRC, and reads only those of streams that it can match to a
// section: what nobody reads is bounded here, each and in sum, and dropped beyond.
type rtpInbox struct {
	excess *excess
	plan   *plan

	mu      sync.Mutex // leaf
	streams map[uint32]*stream
	unread  int // streams that may hold packets and that no layer reads
	// first is the stream in which each layer of a simulcast began. Browsers keep
	// it for the life of a connection. Pion would give the layer another one while
	// we read it, without a lock.
	first map[layerName]*stream
}

// layerName is how packets name a layer of a simulcast (RFC 8852).
type layerName struct{ mid, rid string }

// stream is the packets of one SSRC on their way from pion's SRTP to their reader.
type stream struct {
	inbox   *rtpInbox
	packets atomic.Pointer[packetio.Buffer] // it never shrinks, so it goes with its layer
	state   atomic.Int32
	counted bool // among the unread; guarded by inbox.mu

	// name is what the packets have said so far, some of them the mid and some the
	// rid; only pion's SRTP goroutine touches it.
	name layerName
}

// The states of a stream.
const (
	streamNew     int32 = iota // no layer reads it yet
	streamRead                 // a layer does
	streamRefused              // nobody will: one too many, or its layer has ended
)

// open makes the stream of an SSRC.
func (b *rtpInbox) open(ssrc uint32) io.ReadWriteCloser {
	s := &stream{inbox: b}
	packets := packetio.NewBuffer()
	packets.SetLimitSize(unreadBytes)
	s.packets.Store(packets)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.streams == nil {
		b.streams = map[uint32]*stream{}
	}
	b.streams[ssrc] = s
	if b.unread >= unreadStreams {
		s.state.Store(streamRefused)
		return s
	}
	b.unread++
	s.counted = true
	return s
}

// reads lets a stream have the room of one that a layer reads.
func (b *rtpInbox) reads(l *layer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.streams[l.ssrc]
	if s == nil {
		return
	}
	b.uncount(s)
	limit := pictureBytes
	if l.pub.source.audio() {
		limit = soundBytes
	}
	s.packets.Load().SetLimitSize(limit)
	s.state.Store(streamRead)
}

// ended drops whatever else comes for the stream of a layer that has ended.
func (b *rtpInbox) ended(l *layer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.streams[l.ssrc]
	if s == nil {
		return
	}
	b.uncount(s)
	s.state.Store(streamRefused)
	none := packetio.NewBuffer()
	_ = none.Close()
	_ = s.packets.Swap(none).Close() // its reader gets what is left, and then the end
}

// uncount takes a stream out of the unread. Called with mu held.
func (b *rtpInbox) uncount(s *stream) {
	if s.counted {
		s.counted = false
		b.unread--
	}
}

// begins reports whether a stream that no layer reads yet may go on to pion, having
// said the name of its layer or not: no other may have begun under that name.
func (b *rtpInbox) begins(s *stream, raw []byte) bool {
	var h rtp.Header
	if _, err := h.Unmarshal(raw); err != nil {
		return true // pion drops it
	}
	if mid := h.GetExtension(b.plan.midID); len(mid) > 0 {
		s.name.mid = string(mid)
	}
	if rid := h.GetExtension(b.plan.ridID); len(rid) > 0 {
		s.name.rid = string(rid)
	}
	// What is sent again comes in its own stream: we offer no other, and pion would give
	// it to a layer that we read, as above.
	repairs := len(h.GetExtension(b.plan.repairedID)) > 0
	if !repairs && !b.plan.names(s.name) {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.first == nil {
		b.first = map[layerName]*stream{}
	}
	if !repairs && b.first[s.name] == nil {
		b.first[s.name] = s
	}
	if !repairs && b.first[s.name] == s {
		return true
	}
	b.uncount(s)
	s.state.Store(streamRefused)
	return false
}

// Write takes one packet; what there is no room for is dropped, as on the line.
func (s *stream) Write(raw []byte) (int, error) {
	state := s.state.Load()
	if state == streamNew && !s.inbox.begins(s, raw) {
		state = streamRefused
	}
	if state == streamRefused {
		s.inbox.excess.note("streams that are not in the offer", 1)
		return len(raw), nil
	}
	if _, err := s.packets.Load().Write(raw); err != nil && state == streamNew {
		s.inbox.excess.note("streams that are not in the offer", 1)
	}
	return len(raw), nil
}

// Read waits for the next packet.
func (s *stream) Read(buf []byte) (int, error) { return s.packets.Load().Read(buf) }

// Close ends the stream; its connection is being closed.
func (s *stream) Close() error { return s.packets.Load().Close() }
