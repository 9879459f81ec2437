package sfu

import (
	"errors"
	"fmt"
	"maps"
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

func many(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}

// hugeOffers are too much of something.
func hugeOffers() map[string]Offer {
	audio, video := mediaSection("audio", "0", "recvonly"), mediaSection("video", "0", "sendonly")
	camera := map[string]Source{"0": Camera}
	return map[string]Offer{
		"1 MiB":          {SDP: offerHead + strings.Repeat("a=x\r\n", 200_000)},
		"4,000 sections": {SDP: offerHead + many(4000, func(i int) string { return "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" })},
		"129 sections":   {SDP: offerHead + many(129, func(i int) string { return mediaSection("video", fmt.Sprint(i), "recvonly") })},
		"10k candidates": {SDP: offerHead + audio + many(10_000, func(i int) string { return "a=candidate:1 1 udp 1 1.1.1.1 1 typ\r\n" })},
		"5k candidates":  {SDP: offerHead + audio + many(5000, func(i int) string { return "a=candidate:1 1 udp 1 1.1.1.1 1 typ host\r\n" })},
		"65 candidates":  {SDP: offerHead + audio + many(65, func(i int) string { return "a=candidate:1 1 udp 1 1.1.1.1 1 typ host\r\n" })},
		"8,000 SSRCs":    {SDP: offerHead + video + many(8000, func(i int) string { return fmt.Sprintf("a=ssrc:%d cname:x\r\n", i+1) }), Sources: camera},
		"8,000 layers":   {SDP: offerHead + video + many(8000, func(int) string { return "a=rid:q send\r\n" }), Sources: camera},
		"33 layers":      {SDP: offerHead + video + many(33, func(int) string { return "a=rid:q send\r\n" }), Sources: camera},
		"8,000 formats":  {SDP: offerHead + strings.Replace(video, " 96\r\n", strings.Repeat(" 96", 8000)+"\r\n", 1), Sources: camera},
		"129 formats":    {SDP: offerHead + strings.Replace(video, " 96\r\n", many(129, func(i int) string { return fmt.Sprintf(" %d", i) })+"\r\n", 1), Sources: camera},
		"a format twice": {SDP: offerHead + strings.Replace(video, " 96\r\n", " 96 96\r\n", 1), Sources: camera},
		"a long line":    {SDP: offerHead + audio + "a=" + strings.Repeat("x", maxLine) + "\r\n"},
		"513 lines":      {SDP: offerHead + audio + strings.Repeat("a=x\r\n", 513)},
		"40,000 lines": {SDP: offerHead + many(100, func(i int) string {
			return mediaSection("audio", fmt.Sprint(i), "recvonly") + strings.Repeat("a=\n", 400)
		})},
		"empty lines":    {SDP: offerHead + strings.Repeat("\n", 200_000)},
		"many times":     {SDP: "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n" + strings.Repeat("t=0 0\r\n", 30_000)},
		"17 audio seats": {SDP: offerHead + many(17, func(i int) string { return mediaSection("audio", fmt.Sprint(i), "recvonly") })},
		"26 video seats": {SDP: offerHead + many(26, func(i int) string { return mediaSection("video", fmt.Sprint(i), "recvonly") })},
	}
}

func badOffers() map[string]Offer {
	mic := map[string]Source{"0": Microphone}
	audio := mediaSection("audio", "0", "sendonly")
	bad := map[string]Offer{
		"empty":           {},
		"not SDP":         {SDP: "hello"},
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
	}
	maps.Copy(bad, hugeOffers())
	return bad
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
