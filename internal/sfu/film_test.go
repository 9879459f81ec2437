package sfu

import (
	"encoding/binary"
	"fmt"
	"strings"
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v3"
)

// film makes the packets.
type film struct {
	c       *client
	n       uint32
	seqs    map[string]uint16
	midID   uint8
	ridID   uint8
	levelID uint8
}

func newFilm(c *client) *film {
	f := &film{c: c, seqs: map[string]uint16{ridQuarter: 65500, ridHalf: 20000, ridFull: 3}}
	for _, tr := range c.pc.GetTransceivers() {
		if tr.Sender() == nil {
			continue
		}
		for _, e := range tr.Sender().GetParameters().HeaderExtensions {
			switch e.URI {
			case sdp.SDESMidURI:
				f.midID = uint8(e.ID)
			case sdp.SDESRTPStreamIDURI:
				f.ridID = uint8(e.ID)
			case audioLevelURI:
				f.levelID = uint8(e.ID)
			}
		}
	}
	return f
}

func (f *film) frame() {
	f.n++
	c := f.c
	level := uint8(c.level.Load())
	if level < 127 || f.n%20 == 0 {
		h := rtp.Header{Version: 2, SequenceNumber: f.seqs["audio"], Timestamp: f.n * 960}
		if f.n%12 == 0 { // as between two syllables
			level = min(level+20, 127)
		}
		if f.levelID != 0 {
			_ = h.SetExtension(f.levelID, []byte{0x80 | level})
		}
		f.seqs["audio"]++
		_ = c.mic.WriteRTP(&rtp.Packet{Header: h, Payload: []byte(c.id + "/audio")})
	}
	only := c.only.Load().(string)
	for i, rid := range []string{ridQuarter, ridHalf, ridFull} {
		if only != "" && !strings.Contains(only, rid) {
			continue
		}
		key := c.keys[rid].Swap(false)
		f.video(rid, key, uint32(i)*1_000_000_000+f.n*1800)
	}
}

// video sends one frame as two packets.
func (f *film) video(rid string, key bool, ts uint32) {
	picture := uint16(f.n*7+uint32(len(f.c.id))*1000) & 0x7fff
	for part := range 2 {
		h := rtp.Header{Version: 2, SequenceNumber: f.seqs[rid], Timestamp: ts, Marker: part == 1}
		f.seqs[rid]++
		_ = h.SetExtension(f.midID, []byte(f.c.camMid))
		_ = h.SetExtension(f.ridID, []byte(rid))
		payload := []byte{0x80, 0xc0, 0, 0, byte(f.n), 0x01}
		binary.BigEndian.PutUint16(payload[2:], 0x8000|picture)
		if part == 0 {
			payload[0] |= 0x10
			if key {
				payload[5] = 0
			}
		}
		payload = append(payload, fmt.Sprintf("%s/%s", f.c.id, rid)...)
		_ = f.c.layers[rid].WriteRTP(&rtp.Packet{Header: h, Payload: payload})
	}
}

// tapTrack gives the RTCP of one layer: pion's own way to read it races with closing.
type tapTrack struct {
	*webrtc.TrackLocalStaticRTP
	once  sync.Once
	bound chan struct{}
	ssrc  uint32
	rtcp  interceptor.RTCPReader
	out   webrtc.TrackLocalWriter // takes packets with any header
}

func (t *tapTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	t.once.Do(func() {
		t.ssrc, t.rtcp, t.out = uint32(ctx.SSRC()), ctx.RTCPReader(), ctx.WriteStream()
		close(t.bound)
	})
	return t.TrackLocalStaticRTP.Bind(ctx)
}

func (c *client) readKeyRequests(rid string) {
	track := c.layers[rid]
	select {
	case <-track.bound:
	case <-c.stop:
		return
	}
	buf := make([]byte, maxPacket)
	for {
		n, _, err := track.rtcp.Read(buf, nil)
		if err != nil {
			return
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		for _, p := range packets {
			if pli, ok := p.(*rtcp.PictureLossIndication); ok && pli.MediaSSRC == track.ssrc {
				c.asked.Add(1)
				c.keys[rid].Store(true)
			}
		}
	}
}
