package rooms_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
	"overtime/internal/sfu"
)

// TestTooMuchMedia: whose browser goes on sending more than it may is told why, closed,
// and out; they may come in again.
func TestTooMuchMedia(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		obs := h.media.observer(w.You.ID)
		obs.Excess("microphone")
		h.pass(time.Millisecond)
		told, _ := events[protocol.Error](bob)
		if len(told) != 1 || told[0].Code != protocol.CodeTooMuchMedia || bob.close() != protocol.CloseTooMuchMedia {
			t.Errorf("told %+v and closed with %d", told, bob.close())
		}
		if left, _ := events[protocol.PersonLeft](ada); len(left) != 1 || left[0] != (protocol.PersonLeft{ID: w.You.ID, Reason: protocol.LeftLost}) {
			t.Errorf("the others were told %+v", left)
		}
		if n := h.media.seats(); n != 1 {
			t.Errorf("%d have seats", n)
		}
		obs.Excess("microphone") // of somebody who is not here any more
		_, again := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.pass(time.Millisecond)
		if n := h.media.seats(); n != 2 || again.You.ID == w.You.ID {
			t.Errorf("%d have seats, %s was %s", n, again.You.ID, w.You.ID)
		}
	})
}

// TestViewersSendNothing: what a viewer's browser names is off, for the media and for
// the others, and asking for more is refused. Another role, by another token, may.
func TestViewersSendNothing(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		both := []protocol.Source{protocol.Microphone, protocol.Camera}
		eve := h.tab("aaa")
		entry := bus.Entry{Role: meeting.RoleViewer, Sub: "u:eve", Name: "Eve"}
		w := ask[protocol.Welcome](h, eve, protocol.Hello{Sending: both}, &entry)
		if len(w.You.Sending) != 0 || len(h.media.sends(w.You.ID)) != 0 {
			t.Errorf("a viewer came in sending %v, of which the media forwards %v", w.You.Sending, h.media.sends(w.You.ID))
		}
		h.mustRefuse(protocol.CodeForbidden, eve, protocol.Sending{Sources: both[:1]}, nil)
		ask[protocol.OK](h, eve, protocol.Sending{}, nil)
		if told, _ := events[protocol.PersonChanged](ada); len(told) != 0 || len(h.media.sends(w.You.ID)) != 0 {
			t.Errorf("the others were told %+v, the media forwards %v", told, h.media.sends(w.You.ID))
		}
		back := h.tab("aaa")
		ask[protocol.Welcome](h, back, protocol.Hello{Sending: both}, h.back(w))
		if on := h.media.sends(w.You.ID); len(on) != 0 {
			t.Errorf("back at their place they send %v", on)
		}
		entry.Role = meeting.RoleParticipant
		now := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{Sending: both}, &entry)
		if now.You.ID != w.You.ID || len(now.You.Sending) != 2 || len(h.media.sends(w.You.ID)) != 2 {
			t.Errorf("as a participant %+v, of whom the media forwards %v", now.You, h.media.sends(w.You.ID))
		}
	})
}

// TestNoMoreSeatsThanTheWelcomeSays: a browser that asks for more of them gets that many.
func TestNoMoreSeatsThanTheWelcomeSays(t *testing.T) {
	text, err := os.ReadFile("../sfu/testdata/offer-chromium.sdp")
	if err != nil {
		t.Fatal(err)
	}
	s, err := sfu.New(sfu.Config{Host: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	media := rooms.ThroughSFU(s)
	audio, video := media.Seats()
	sections := strings.Split(strings.TrimSuffix(string(text), "\r\n"), "\r\nm=")
	var offer strings.Builder
	bundle := ""
	add := func(section, mid string) {
		head, rest, _ := strings.Cut(section, "a=mid:")
		_, rest, _ = strings.Cut(rest, "\r\n")
		offer.WriteString("m=" + head + "a=mid:" + mid + "\r\n" + rest + "\r\n")
		bundle += " " + mid
	}
	for i, section := range sections[1:5] { // what it sends
		add(section, string(rune('a'+i)))
	}
	for i := range audio + 2 {
		add(sections[5], "s"+string(rune('a'+i)))
	}
	for i := range video + 3 {
		add(sections[len(sections)-1], "v"+string(rune('a'+i)))
	}
	start, _, _ := strings.Cut(sections[0], "a=group:BUNDLE")
	_, end, _ := strings.Cut(sections[0][len(start):], "\r\n")
	answer, err := media.NewRoom(func([]string) {}).Join("p", rooms.MediaObserver{
		Seated: func(protocol.Seating) {}, Lost: func() {}, Excess: func(string) {},
	}).Answer(t.Context(), protocol.Offer{
		SDP:     start + "a=group:BUNDLE" + bundle + "\r\n" + end + "\r\n" + offer.String(),
		Sources: map[string]protocol.Source{"a": protocol.Microphone, "b": protocol.Camera, "c": protocol.Screen, "d": protocol.ScreenAudio},
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(answer, "a=sendonly"); n != audio+video {
		t.Errorf("%d seats were given, the welcome says %d and %d", n, audio, video)
	}
}

// TestShowIsBounded: nobody shows more pictures than there can be.
func TestShowIsBounded(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		pictures := make([]protocol.Picture, protocol.MaxPictures+1)
		h.mustRefuse(protocol.CodeBadRequest, ada, protocol.Show{Pictures: pictures}, nil)
		ask[protocol.OK](h, ada, protocol.Show{Pictures: pictures[1:]}, nil)
		if n := len(h.media.shows(w.You.ID)); n != protocol.MaxPictures {
			t.Errorf("the media was told of %d pictures", n)
		}
	})
}
