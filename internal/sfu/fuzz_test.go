package sfu

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// FuzzOffer: an offer is answered or refused, by us or by pion. What we refuse makes
// no connection, what pion refuses leaves none, and no answer is long.
func FuzzOffer(f *testing.F) {
	for _, o := range badOffers() {
		if len(o.SDP) < 4000 {
			f.Add(o.SDP)
		}
	}
	for _, browser := range []string{"chromium", "firefox"} {
		f.Add(browserOffer(f, browser).SDP)
	}
	f.Fuzz(func(t *testing.T, sdp string) {
		o := Offer{SDP: sdp, Sources: map[string]Source{"0": Microphone, "1": Camera, "2": Screen, "3": ScreenAudio}}
		plan, refused := readOffer(o)
		s, err := New(Config{Host: "127.0.0.1"})
		must(t, err)
		defer func() { must(t, s.Close()) }()
		made := counting(s)
		p := s.NewRoom(nil).Join("a", nil)
		answer, err := p.Answer(context.Background(), o)
		var e *Error
		switch {
		case err != nil && (!errors.As(err, &e) || e.Code != CodeBadOffer || e.Message == "" || p.conn != nil):
			t.Fatalf("refused with %v", err)
		case refused != nil && (err == nil || *made != 0):
			t.Fatalf("%v, and then %v with %d connections", refused, err, *made)
		case refused != nil:
			return
		case len(plan.sections) == 0 || len(plan.sections) > maxSections || plan.fingerprint == "":
			t.Fatalf("%+v", plan)
		case strings.Contains(plan.sdp, "a=candidate:"):
			t.Fatal("a candidate came through")
		case len(answer) > 64<<10:
			t.Fatalf("an answer of %d bytes", len(answer))
		}
	})
}

// FuzzRTP: whatever a browser sends as RTP, also authenticated, a layer takes it or
// leaves it, and what goes on is no longer than what came. The input is packets, each
// after a byte that says how long it is.
func FuzzRTP(f *testing.F) {
	one := func(p []byte) []byte { return append([]byte{byte(len(p))}, p...) }
	f.Add(one(vp8Packet(1, 100, true, "key")))
	f.Add(append(one(vp8Packet(65535, 1<<31, true, "key")), one(vp8Packet(0, 0, false, "delta"))...))
	f.Fuzz(func(t *testing.T, packets []byte) {
		for _, source := range []Source{Camera, Microphone} {
			l, s, sent := rig(source)
			l.levelID = 1
			s.aim(l)
			for rest, i := packets, 0; len(rest) > 0; i++ {
				n := min(int(rest[0]), len(rest)-1)
				before := len(*sent)
				l.handle(rest[1:1+n], after(0))
				for _, p := range (*sent)[before:] {
					if len(p.payload) > n {
						t.Fatalf("%d bytes became %d", n, len(p.payload))
					}
				}
				rest = rest[1+n:]
			}
			for _, p := range *sent {
				s.resend(p.seq, after(0))
			}
		}
	})
}

// FuzzRTCP: whatever a browser sends as RTCP, an inbox takes it, for a seat, for a
// layer and for nobody.
func FuzzRTCP(f *testing.F) {
	s, err := New(Config{Host: "127.0.0.1"})
	must(f, err)
	f.Cleanup(func() { must(f, s.Close()) })
	p := s.NewRoom(nil).Join("a", nil)
	_, err = p.Answer(context.Background(), browserOffer(f, "chromium"))
	must(f, err)
	c := p.conn
	l := newLayer(p.pubs[Camera], c, "", 1)
	c.rtcp.expect(l)
	seat := c.video[0]
	seat.ssrc.Store(7)
	_, err = seat.Bind(binding{sink{}, 7, false})
	must(f, err)
	c.live.Store(true)
	seat.aim(l)
	l.handle(vp8Packet(1, 100, true, "key"), epoch)
	f.Add([]byte{0x81, 206, 0, 2, 0, 0, 0, 9, 0, 0, 0, 7})                                                               // PLI
	f.Add([]byte{0x81, 205, 0, 3, 0, 0, 0, 9, 0, 0, 0, 7, 0, 1, 0xff, 0xff})                                             // NACK
	f.Add([]byte{0x81, 201, 0, 7, 0, 0, 0, 9, 0, 0, 0, 7, 255, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}) // RR
	f.Add([]byte{0x80, 200, 0, 6, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1})               // SR
	f.Fuzz(func(t *testing.T, packet []byte) {
		for _, ssrc := range []uint32{1, 7, 9} {
			c.rtcp.take(ssrc, packet, epoch)
		}
		c.judge(epoch)
		seat.report(epoch)
	})
}
