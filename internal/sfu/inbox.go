package sfu

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/transport/v2/packetio"
)

// maxStreams bounds how many streams a browser may make us open, by naming SSRCs in its
// packets, those of RTP and of RTCP together. Pion keeps some KiB for each. Four
// sources in three layers and the most seats are under 60.
const maxStreams = 256

// rtcpInbox takes a connection's incoming RTCP where pion decrypts it. The usual way is a
// goroutine and a buffer for each stream, some twenty for each person, each of which gets
// a copy of the same compound packet once a second.
type rtcpInbox struct {
	conn    *connection
	reports interceptor.RTCPReader // pion's receiver reports, which must hear sender reports
	current []byte                 // what reports reads; only pion's RTCP goroutine touches it

	mu      sync.Mutex // leaf
	layers  map[uint32]*layer
	streams int
}

// expect lets the sender reports of a layer be heard.
func (b *rtcpInbox) expect(l *layer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.layers == nil {
		b.layers = map[uint32]*layer{}
	}
	b.layers[l.ssrc] = l
}

// forget ends that.
func (b *rtcpInbox) forget(l *layer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.layers[l.ssrc] == l {
		delete(b.layers, l.ssrc)
	}
}

// buffer is pion's hook for where the packets of a stream go.
func (b *rtcpInbox) buffer(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	b.mu.Lock()
	b.streams++
	hostile := b.streams == maxStreams
	b.mu.Unlock()
	if hostile {
		b.conn.close() // at once; the next beat says so
		b.conn.excess.end("streams that are not in the offer")
	}
	if kind == packetio.RTCPBufferPacket {
		return &rtcpSlot{inbox: b, ssrc: ssrc, closed: make(chan struct{})}
	}
	return b.conn.rtp.open(ssrc)
}

// take handles one compound packet on behalf of one of the streams that it mentions.
func (b *rtcpInbox) take(ssrc uint32, raw []byte, now time.Time) {
	packets, err := rtcp.Unmarshal(raw)
	if err != nil {
		return
	}
	b.mu.Lock()
	l := b.layers[ssrc]
	b.mu.Unlock()
	if l != nil {
		b.takeReports(l, packets, raw, now)
	}
	for _, s := range b.conn.audio {
		s.takeAll(ssrc, packets, now)
	}
	for _, s := range b.conn.video {
		s.takeAll(ssrc, packets, now)
	}
}

func (b *rtcpInbox) takeReports(l *layer, packets []rtcp.Packet, raw []byte, now time.Time) {
	for _, p := range packets {
		if sr, ok := p.(*rtcp.SenderReport); ok && sr.SSRC == l.ssrc {
			l.reported(sr, now)
			b.current = raw
			_, _, _ = b.reports.Read(make([]byte, len(raw)), interceptor.Attributes{})
			b.current = nil
		}
	}
}

// Read gives the current packet to pion's receiver reports.
func (b *rtcpInbox) Read(buf []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
	return copy(buf, b.current), a, nil
}

// rtcpSlot is the inbox for one SSRC.
type rtcpSlot struct {
	inbox  *rtcpInbox
	ssrc   uint32
	once   sync.Once
	closed chan struct{}
}

// Write is called by pion with each packet that mentions the SSRC, one at a time for each
// connection. A panic here would be pion's, and so the whole server's.
func (s *rtcpSlot) Write(raw []byte) (int, error) {
	defer func() { s.inbox.conn.survive(recover()) }()
	s.inbox.take(s.ssrc, raw, time.Now())
	return len(raw), nil
}

// Read waits until the stream is closed: the packets have been taken already.
func (s *rtcpSlot) Read([]byte) (int, error) {
	<-s.closed
	return 0, io.EOF
}

// Close ends the stream.
func (s *rtcpSlot) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// tapped is pion's receiver report interceptor, whose reading side the inbox drives.
type tapped struct {
	interceptor.Factory
	inbox *rtcpInbox
}

func (t *tapped) NewInterceptor(id string) (interceptor.Interceptor, error) {
	i, err := t.Factory.NewInterceptor(id)
	if err != nil {
		return nil, err
	}
	if t.inbox.reports = i.BindRTCPReader(t.inbox); t.inbox.reports == nil {
		return nil, errors.New("the receiver reports cannot be driven")
	}
	return i, nil
}
