package sfu

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/pion/webrtc/v3"
)

// counting has an SFU count the connections that pion is asked for.
func counting(s *SFU) *int {
	made, make := new(int), s.newPC
	s.newPC = func(inbox *rtcpInbox) (*webrtc.PeerConnection, error) {
		*made++
		return make(inbox)
	}
	return made
}

// TestRefusedOffersMakeNoConnection: what is wrong or too large costs no connection.
func TestRefusedOffersMakeNoConnection(t *testing.T) {
	s := newSFU(t)
	made := counting(s)
	p := s.NewRoom(nil).Join("a", nil)
	for name, o := range badOffers() {
		_, err := p.Answer(context.Background(), o)
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeBadOffer || *made != 0 {
			t.Errorf("%s: %v, %d connections were made", name, err, *made)
		}
	}
	if _, err := p.Answer(context.Background(), browserOffer(t, "chromium")); err != nil || *made != 1 {
		t.Errorf("a browser's: %v, %d connections were made", err, *made)
	}
}

// browserOffer is one that a real browser made.
func browserOffer(t testing.TB, browser string) Offer {
	t.Helper()
	text, err := os.ReadFile("testdata/offer-" + browser + ".sdp")
	must(t, err)
	return Offer{SDP: string(text), Sources: map[string]Source{"0": Microphone, "1": Camera, "2": Screen, "3": ScreenAudio}}
}

// TestLargestOffer: a Chromium that asks for as many seats as there may be is within
// all limits.
func TestLargestOffer(t *testing.T) {
	o := browserOffer(t, "chromium")
	sections := strings.SplitAfter(o.SDP, "\r\nm=")
	for i := range sections {
		if i > 0 {
			sections[i] = "m=" + strings.TrimSuffix(sections[i], "m=")
		}
	}
	sections[0] = strings.TrimSuffix(sections[0], "m=")
	sdp := strings.Join(sections[:5], "")
	seats := many(maxAudioSeats, func(i int) string { return strings.Replace(sections[5], "a=mid:4", "a=mid:a"+string(rune('a'+i)), 1) }) +
		many(maxVideoSeats, func(i int) string {
			return strings.Replace(sections[len(sections)-1], "a=mid:17", "a=mid:v"+string(rune('a'+i)), 1)
		})
	p, err := readOffer(Offer{SDP: sdp + seats, Sources: o.Sources})
	if err != nil || len(p.sections) != 4+maxAudioSeats+maxVideoSeats {
		t.Fatalf("%d bytes: %v", len(sdp+seats), err)
	}
}

// BenchmarkHugeOffers is how long it takes to refuse them.
func BenchmarkHugeOffers(b *testing.B) {
	for name, o := range hugeOffers() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := readOffer(o); err == nil {
					b.Fatal("it was taken")
				}
			}
		})
	}
}
