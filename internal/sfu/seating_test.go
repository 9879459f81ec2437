package sfu

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func people(ids ...string) (list []person) {
	for _, id := range ids {
		list = append(list, person{id: id})
	}
	return list
}

// arrange runs both halves as a room does.
func arrange(audio, video []occupant, all []person, wants []Want, now time.Time) ([]occupant, []occupant) {
	c := newCrowd(append([]person{{id: "self", screen: true, screenAudio: true}}, all...))
	wanted := &c.all
	if wants != nil {
		w := c.pictures(wants)
		wanted = &w
	}
	a := c.arrangeAudio("self", audio, video, now)
	return a, c.arrangeVideo("self", video, a, wanted)
}

func names(list []occupant) (ids []string) {
	for _, o := range list {
		id := o.peer
		if o.source == Screen || o.source == ScreenAudio {
			id += "!"
		}
		ids = append(ids, id)
	}
	return ids
}

func expect(t *testing.T, what string, got []occupant, want ...string) {
	t.Helper()
	if !slices.Equal(names(got), want) {
		t.Errorf("%s: %q, want %q", what, names(got), want)
	}
}

func TestPairsHold(t *testing.T) {
	audio, video := make([]occupant, 3), make([]occupant, 5)
	audio, video = arrange(audio, video, people("a", "b"), nil, epoch)
	expect(t, "audio", audio, "a", "b", "")
	expect(t, "video", video, "a", "b", "", "", "")
	audio, video = arrange(audio, video, people("b", "c"), nil, epoch)
	expect(t, "audio after a left", audio, "c", "b", "")
	expect(t, "video after a left", video, "c", "b", "", "", "")
	all := people("b", "c")
	all[0].dark, all[0].muted = true, true
	audio, video = arrange(audio, video, all, nil, epoch)
	expect(t, "muting frees nothing", audio, "c", "b", "")
	expect(t, "nor does a camera that is off", video, "c", "b", "", "", "")
}

func TestScreensLeavePairsAlone(t *testing.T) {
	all := people("a", "b")
	all[0].screen, all[0].screenAudio = true, true
	audio, video := arrange(make([]occupant, 3), make([]occupant, 5), all, nil, epoch)
	// The sound of a screen has a seat, and its picture one without a person's pair if it can.
	if !slices.Contains(names(audio), "a!") || !slices.Contains(names(video), "a!") {
		t.Fatalf("%q %q", names(audio), names(video))
	}
	for _, id := range []string{"a", "b"} {
		if i := slices.Index(names(audio), id); i < 0 || names(video)[i] != id {
			t.Errorf("%s is not paired: %q %q", id, names(audio), names(video))
		}
	}
	all[0].screen, all[0].screenAudio = false, false
	audio, video = arrange(audio, video, all, nil, epoch)
	if slices.Contains(names(audio), "a!") || slices.Contains(names(video), "a!") {
		t.Error("a screen that is no longer shared keeps no seat")
	}
}

func TestScreenTakesASeatFromACamera(t *testing.T) {
	video := make([]occupant, 2)
	all := people("a", "b", "c")
	_, video = arrange(nil, video, all, nil, epoch)
	expect(t, "full", video, "a", "b")
	all[2].screen = true
	_, video = arrange(nil, video, all, nil, epoch)
	expect(t, "the last camera makes room", video, "a", "c!")
}

func TestDarkCameraMakesRoom(t *testing.T) {
	all := people("a", "b", "c")
	_, video := arrange(nil, make([]occupant, 2), all, nil, epoch)
	all[0].dark = true
	_, video = arrange(nil, video, all, nil, epoch)
	expect(t, "c comes in for a", video, "c", "b")
}

func TestWantsAreStable(t *testing.T) {
	all := people("a", "b", "c", "d")
	want := func(ids ...string) (w []Want) {
		for i, id := range ids {
			w = append(w, Want{id, Camera, 100 + i})
		}
		return w
	}
	_, video := arrange(nil, make([]occupant, 2), all, want("a", "b"), epoch)
	expect(t, "first", video, "b", "a")
	_, video = arrange(nil, video, all, want("a", "b", "d"), epoch)
	expect(t, "a larger one waits", video, "b", "a")
	_, video = arrange(nil, video, all, want("b", "d"), epoch)
	expect(t, "a seat is free", video, "b", "d")
	_, video = arrange(nil, video, all, []Want{{"b", Camera, 0}, {"x", Camera, 9}, {"a", Microphone, 9}}, epoch)
	expect(t, "nobody is shown", video, "", "")
}

func TestAudioGoesToWhoSpeaks(t *testing.T) {
	now := epoch
	all := people("a", "b", "c", "d")
	audio, _ := arrange(make([]occupant, 2), nil, all, nil, now)
	expect(t, "as they came", audio, "a", "b")
	all[0].voice = voice{spoke: now}
	all[3].voice = voice{speaking: true, spoke: now, loud: 100}
	audio, _ = arrange(audio, nil, all, nil, now)
	expect(t, "b never spoke", audio, "a", "d")
	all[2].voice = voice{speaking: true, spoke: now, loud: 120}
	audio, _ = arrange(audio, nil, all, nil, now)
	expect(t, "both spoke just now", audio, "a", "d")
	now = now.Add(keepAfterSpeech)
	all[3].voice.spoke = now
	audio, _ = arrange(audio, nil, all, nil, now)
	expect(t, "a did not any more", audio, "c", "d")
	all[2].muted = true
	all[0].voice = voice{speaking: true, spoke: now}
	audio, _ = arrange(audio, nil, all, nil, now)
	expect(t, "a muted one gives way", audio, "a", "d")
	all[1].screenAudio = true
	audio, _ = arrange(audio, nil, all, nil, now)
	if !slices.Contains(names(audio), "b!") {
		t.Errorf("a film is heard even if all speak: %q", names(audio))
	}
}

// Whatever happens: nobody sits twice, nobody absent sits, nobody who may stay is moved, and as
// long as there are seats for all, all are heard.
func TestSeatingInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		audio := make([]occupant, rapid.IntRange(0, 4).Draw(t, "audio"))
		video := make([]occupant, rapid.IntRange(0, 5).Draw(t, "video"))
		now := epoch
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond)
			var all []person
			sounds := 0
			for i := range 6 {
				if !rapid.Bool().Draw(t, "here") {
					continue
				}
				p := person{id: fmt.Sprint(i), muted: rapid.Bool().Draw(t, "muted"), dark: rapid.Bool().Draw(t, "dark"),
					screen: rapid.Bool().Draw(t, "screen"), screenAudio: rapid.Bool().Draw(t, "sound")}
				if p.voice.speaking = rapid.Bool().Draw(t, "speaking"); p.voice.speaking {
					p.voice.spoke = now
				}
				all = append(all, p)
				sounds++
				if p.screenAudio {
					sounds++
				}
			}
			a, v := arrange(audio, video, all, nil, now)
			check(t, audio, a, all, sounds <= len(audio))
			check(t, video, v, all, false)
			if heard := len(a) - count(a, occupant{}); heard != min(len(a), sounds) {
				t.Fatalf("%d of %d sounds in %d seats", heard, sounds, len(a))
			}
			audio, video = a, v
		}
	})
}

func count(list []occupant, o occupant) (n int) {
	for _, x := range list {
		if x == o {
			n++
		}
	}
	return n
}

func check(t *rapid.T, before, now []occupant, all []person, roomForAll bool) {
	for i, o := range now {
		if o == (occupant{}) {
			continue
		}
		if count(now, o) != 1 {
			t.Fatalf("%v sits twice: %v", o, now)
		}
		if !slices.ContainsFunc(all, func(p person) bool { return p.id == o.peer }) {
			t.Fatalf("%v is not here", o)
		}
		if was := slices.Index(before, o); was >= 0 && was != i {
			t.Fatalf("%v was moved from %d to %d", o, was, i)
		}
	}
	for _, o := range before {
		here := slices.ContainsFunc(all, func(p person) bool {
			return p.id == o.peer && (o.source == Microphone || o.source == ScreenAudio && p.screenAudio)
		})
		if roomForAll && here && count(now, o) != 1 {
			t.Fatalf("%v lost a seat that nobody needed", o)
		}
	}
}

// BenchmarkArrange is the seating of one peer in a room of a hundred.
func BenchmarkArrange(b *testing.B) {
	var all []person
	for i := range 100 {
		all = append(all, person{id: fmt.Sprint("person-", i)})
	}
	audio, video := make([]occupant, 5), make([]occupant, 9)
	b.ReportAllocs()
	c := newCrowd(all)
	for b.Loop() {
		audio = c.arrangeAudio("person-50", audio, video, epoch)
		video = c.arrangeVideo("person-50", video, audio, &c.all)
	}
}
