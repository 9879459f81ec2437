package sfu

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const offerHead = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB:CD\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"

func mediaSection(kind, mid, direction string, extra ...string) string {
	s := "m=" + kind + " 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:" + mid + "\r\na=" + direction + "\r\na=rtpmap:96 VP8/90000\r\n"
	for _, line := range extra {
		s += line + "\r\n"
	}
	return s
}

func TestOfferIsRead(t *testing.T) {
	p, err := readOffer(Offer{
		SDP: offerHead + mediaSection("audio", "0", "sendonly", "a=candidate:1 1 udp 1 10.0.0.1 22 typ host") +
			mediaSection("video", "1", "sendonly", "a=rid:q send", "a=rid:f send") + mediaSection("audio", "2", "recvonly") +
			mediaSection("video", "3", "recvonly", "a=end-of-candidates"),
		Sources: map[string]Source{"0": Microphone, "1": Camera},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []section{{"0", true, false, Microphone}, {"1", false, false, Camera}, {"2", true, true, ""}, {"3", false, true, ""}}
	for i, s := range p.sections {
		if s != want[i] {
			t.Errorf("%+v, want %+v", s, want[i])
		}
	}
	if strings.Contains(p.sdp, "candidate") || p.fingerprint == "" {
		t.Errorf("%s", p.sdp)
	}
}

func badOffers() map[string]Offer {
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	mic := map[string]Source{"0": Microphone}
	audio := mediaSection("audio", "0", "sendonly")
	return map[string]Offer{
		"empty":           {},
		"not SDP":         {SDP: "hello"},
		"1 MiB":           {SDP: offerHead + strings.Repeat("a=x\r\n", 200_000)},
		"4,000 sections":  {SDP: offerHead + many(4000, func(i int) string { return "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" })},
		"10k candidates":  {SDP: offerHead + audio + many(10_000, func(i int) string { return "a=candidate:1 1 udp 1 1.1.1.1 1 typ host\r\n" })},
		"no sections":     {SDP: offerHead},
		"no fingerprint":  {SDP: strings.Replace(offerHead, "a=fingerprint:sha-256 AB:CD\r\n", "", 1) + audio, Sources: mic},
		"no mid":          {SDP: offerHead + "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n", Sources: mic},
		"long mid":        {SDP: offerHead + mediaSection("audio", strings.Repeat("x", 33), "recvonly")},
		"data":            {SDP: offerHead + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"},
		"both ways":       {SDP: offerHead + mediaSection("audio", "0", "sendrecv"), Sources: mic},
		"no source":       {SDP: offerHead + audio},
		"wrong kind":      {SDP: offerHead + audio, Sources: map[string]Source{"0": Camera}},
		"strange source":  {SDP: offerHead + audio, Sources: map[string]Source{"0": "smell"}},
		"two microphones": {SDP: offerHead + audio + mediaSection("audio", "1", "sendonly"), Sources: map[string]Source{"0": Microphone, "1": Microphone}},
		"one mid twice":   {SDP: offerHead + mediaSection("audio", "0", "recvonly") + mediaSection("audio", "0", "recvonly")},
		"strange rid":     {SDP: offerHead + mediaSection("video", "0", "sendonly", "a=rid:x send"), Sources: map[string]Source{"0": Camera}},
		"ICE-lite":        {SDP: offerHead + "a=ice-lite\r\n" + audio, Sources: mic},
		"17 audio seats":  {SDP: offerHead + many(17, func(i int) string { return mediaSection("audio", fmt.Sprint(i), "recvonly") })},
		"26 video seats":  {SDP: offerHead + many(26, func(i int) string { return mediaSection("video", fmt.Sprint(i), "recvonly") })},
	}
}

func TestBadOffersAreRefused(t *testing.T) {
	for name, o := range badOffers() {
		_, err := readOffer(o)
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeBadOffer || e.cause != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadOffer(f *testing.F) {
	for _, o := range badOffers() {
		if len(o.SDP) < 4000 {
			f.Add(o.SDP)
		}
	}
	samples, _ := filepath.Glob("testdata/offer-*.sdp")
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, sdp string) {
		p, err := readOffer(Offer{SDP: sdp, Sources: map[string]Source{"0": Microphone, "1": Camera}})
		var e *Error
		switch {
		case err != nil && !errors.As(err, &e):
			t.Fatalf("%v", err)
		case err == nil && (len(p.sections) == 0 || len(p.sections) > maxSections || p.fingerprint == ""):
			t.Fatalf("%+v", p)
		case err == nil && countLines(p.sdp, "a=candidate:") > 0:
			t.Fatal("a candidate came through")
		}
	})
}

func TestAnswerIsShaped(t *testing.T) {
	answer := offerHead + mediaSection("audio", "0", "recvonly", "a=fmtp:96 minptime=10", "a=candidate:1 1 udp 1 1.1.1.1 1 typ host", "a=candidate:1 2 udp 1 1.1.1.1 1 typ host") +
		mediaSection("audio", "1", "sendonly", "a=fmtp:96 minptime=10")
	got, err := shapeAnswer(answer, []string{"u0 1 udp 5 9.9.9.9 7 typ host"}, []section{{mid: "0", audio: true, source: Microphone}, {mid: "1", audio: true, seat: true}})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "1.1.1.1") || strings.Count(got, "a=candidate:u0 1 udp 5 9.9.9.9 7 typ host\r\n") != 1 || strings.Count(got, "end-of-candidates") != 1 {
		t.Errorf("candidates: %s", got)
	}
	if strings.Count(got, "usedtx=1") != 1 || strings.Index(got, "usedtx=1") > strings.Index(got, "a=mid:1") {
		t.Errorf("dtx: %s", got)
	}
}
