package sfu

import (
	"strings"
	"testing"

	"github.com/pion/webrtc/v3"
)

// TestOffIsNotForwarded: what is off by its sender's word reaches nobody, though it is
// sent; turned on again it goes on with a key frame, as if there had been a pause.
func TestOffIsNotForwarded(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	b := newClient(t, "b", 1, 1, nil).enter(t, r)
	b.level.Store(30) // it speaks all the time, 50 packets a second
	video, audio := a.seats(t, "b", Camera), a.seats(t, "b", Microphone)
	a.hears(t, video, "b/f", 10)
	a.hears(t, audio, "b/audio", 10)
	for _, c := range []struct {
		off, on   Source
		mute      string // the mid of what is off
		goes      string // of what goes on meanwhile, and shows that time has passed
		from, bit string
	}{
		{Microphone, Camera, audio, video, "b/f", "b/audio"},
		{Camera, Microphone, video, audio, "b/audio", "b/f"},
	} {
		b.peer.SetSending(c.off, false)
		a.hears(t, c.goes, c.from, 5) // one that was under way may still come
		before := len(a.heard(c.mute))
		a.hears(t, c.goes, c.from, 50)
		if n := len(a.heard(c.mute)) - before; n != 0 {
			t.Errorf("%d packets of the %s came while it was off", n, c.off)
		}
		b.peer.SetSending(c.off, true)
		a.hears(t, c.mute, c.bit, 20)
		if came := a.heard(c.mute)[before:]; c.off == Camera && !came[0].vp8.key {
			t.Error("the picture goes on without a key frame")
		}
		contiguous(t, a.heard(c.mute))
	}
}

// TestFirstPictureBeforeTheWord: a camera whose first key frame comes before the word
// that it is on is seen all the same, because it is asked for another one.
func TestFirstPictureBeforeTheWord(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 1, 1, nil).enter(t, r)
	b := newClient(t, "b", 1, 1, nil)
	b.peer = r.Join("b", b.obs)
	b.peer.SetSending(Camera, false)
	b.negotiate(false)
	b.play() // its first frames are key frames
	eventually(t, "b publishes", func() bool { return len(layersOf(r, b)) == 3 })
	mid := a.seats(t, "b", Camera)
	a.hears(t, a.seats(t, "b", Microphone), "b/audio", 3) // sound is on, and shows that time has passed
	if n := len(a.heard(mid)); n != 0 {
		t.Errorf("%d packets came before the word", n)
	}
	asked := b.asked.Load()
	b.peer.SetSending(Camera, true)
	a.sees(t, mid, "b", 10)
	if first := a.heard(mid)[0]; !first.vp8.key || b.asked.Load() == asked {
		t.Errorf("the first packet is of a key frame: %v; asked %d times for one", first.vp8.key, b.asked.Load()-asked)
	}
}

// TestSeatsAreCut: an offer with more seats than there are to give is answered with as
// many as there are, in the order of the offer, also when ICE restarts.
func TestSeatsAreCut(t *testing.T) {
	t.Parallel()
	r := newSFU(t).NewRoom(nil)
	b := newClient(t, "b", 1, 1, nil).enter(t, r)
	a := newClient(t, "a", 7, 5, nil)
	a.peer = r.Join("a", a.obs)
	for _, restart := range []bool{false, true} {
		offer := a.offer(restart)
		offer.AudioSeats, offer.VideoSeats = 2, 3
		answer, err := a.peer.Answer(t.Context(), offer)
		must(t, err)
		if n := strings.Count(answer, "a=inactive"); n != 5+2 {
			t.Errorf("%d sections are inactive", n)
		}
		must(t, a.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
		if !restart {
			a.play()
		}
		a.sees(t, a.seats(t, "b", Camera), "b", 5)
		b.sees(t, b.seats(t, "a", Camera), "a", 5)
	}
	if s := a.obs.seating(); len(s.Audio) != 2 || len(s.Video) != 3 {
		t.Errorf("seats: %+v", s)
	}
}
