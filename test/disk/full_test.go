package disk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// story is a meeting of two, in a world whose store fills up.
type story struct {
	*world
	room     made
	ada, bob *testkit.Person
	ids      map[*testkit.Person]string
	end      time.Time // the scheduled one, as far as it was confirmed
}

func mustStory(w *world) *story {
	w.t.Helper()
	s := &story{world: w, room: w.mustPost()}
	var first, second protocol.Welcome
	s.ada, first = w.Enter(w.t, testkit.TokenOf(s.room.Links.Moderator), "Ada")
	s.bob, second = w.Enter(w.t, testkit.TokenOf(s.room.Links.Guest), "Bob")
	s.ids = map[*testkit.Person]string{s.ada: first.You.ID, s.bob: second.You.ID}
	s.end = first.Session.EndsAt
	return s
}

// extended notes what was confirmed.
func (s *story) extended(ok protocol.OK) {
	s.t.Helper()
	if ok.Grant == nil {
		s.t.Fatalf("an extension was answered by %+v", ok)
	}
	s.end = ok.Grant.EndsAt
	s.extensions[s.room.ID] = append(s.extensions[s.room.ID], s.end)
}

// extendUntilRefused extends in each window until it cannot be saved, and
// returns the request that was refused and how long that took.
func (s *story) extendUntilRefused() (request string, m protocol.Extend, took time.Duration) {
	s.t.Helper()
	for range 1000 {
		s.Clock.Set(s.end.Add(-9 * time.Minute))
		m = protocol.Extend{Window: s.end}
		began := time.Now()
		request = s.ada.Send(m)
		switch answer := s.ada.Answer(request).(type) {
		case protocol.OK:
			s.extended(answer)
		case protocol.Error:
			if answer.Code != protocol.CodeUnavailable || !strings.Contains(answer.Message, "Tell whoever runs the server, then try again") {
				s.t.Fatalf("refused with %+v", answer)
			}
			return request, m, time.Since(began)
		}
	}
	s.t.Fatal("every extension was saved")
	return "", protocol.Extend{}, 0
}

// mustGoOn has everything done that saves nothing: nobody is disconnected, and
// whoever has a link can come.
func (s *story) mustGoOn() {
	s.t.Helper()
	for b, other := range map[*testkit.Person]*testkit.Person{s.ada: s.bob, s.bob: s.ada} {
		if clock := testkit.Ask[protocol.OK](b, protocol.AskClock{}).Clock; clock == nil || !clock.Now.Equal(s.Clock.Now()) {
			s.t.Errorf("the clock says %+v", clock)
		}
		for _, sends := range [][]protocol.Source{{protocol.Microphone}, {}} {
			testkit.Ask[protocol.OK](b, protocol.Sending{Sources: sends})
			testkit.NextThat(other, func(m protocol.PersonChanged) bool {
				return m.Person.ID == s.ids[b] && len(m.Person.Sending) == len(sends)
			})
		}
	}
	cem, welcome := s.Enter(s.t, testkit.TokenOf(s.room.Links.Guest), "Cem")
	if len(welcome.People) != 3 {
		s.t.Errorf("who came found %+v", welcome.People)
	}
	testkit.NextThat(s.ada, func(m protocol.PersonJoined) bool { return m.Person.ID == welcome.You.ID })
	testkit.Ask[protocol.OK](cem, protocol.Leave{})
	testkit.NextThat(s.bob, func(m protocol.PersonLeft) bool { return m.ID == welcome.You.ID })
}

// mustTakeNoMore: no meetings are made, and readiness says why.
func (s *story) mustTakeNoMore(why string) {
	s.t.Helper()
	if err := s.Bus().Healthy(); err == nil || !strings.Contains(err.Error(), why) {
		s.t.Errorf("readiness says %v, want %q", err, why)
	}
	if status, m := s.post(); status != http.StatusServiceUnavailable || m.Code != protocol.CodeUnavailable {
		s.t.Errorf("a new room was answered %d %+v", status, m)
	}
}

// mustBeWell: what was refused is asked again, and is granted once; new
// meetings are made.
func (s *story) mustBeWell(request string, m protocol.Extend) {
	s.t.Helper()
	s.ada.SendAs(request, m)
	answer := s.ada.Answer(request)
	ok, is := answer.(protocol.OK)
	if !is {
		s.t.Fatalf("asked again, an extension is answered %+v", answer)
	}
	s.extended(ok)
	for _, b := range []*testkit.Person{s.ada, s.bob} {
		testkit.NextThat(b, func(m protocol.SessionExtended) bool { return m.Entry.EndsAt.Equal(s.end) })
	}
	s.mustPost()
}

// mustEnd lets the scheduled end come: people are told and let go.
func (s *story) mustEnd() {
	s.t.Helper()
	s.Clock.Set(s.end)
	began := time.Now()
	for _, b := range []*testkit.Person{s.ada, s.bob} {
		e := testkit.NextThat(b, func(protocol.SessionEnded) bool { return true }).Session.Ending
		if e == nil || *e != (protocol.Ending{Reason: meeting.ReasonExpired, At: s.end}) {
			s.t.Errorf("told %+v", e)
		}
		b.MustClose(protocol.CloseOver)
	}
	s.t.Logf("people were told of the end, and let go, %v after it", time.Since(began).Round(time.Millisecond))
}

// mustRecordEnd waits for the end in the store, which is as scheduled.
func (s *story) mustRecordEnd() {
	s.t.Helper()
	testkit.Until(s.t, "the end is not recorded", func() error {
		v, err := s.Store().Load(s.t.Context(), s.room.ID)
		switch {
		case err != nil:
			return err
		case v.Session.Ending == nil:
			return errors.New("it runs")
		case *v.Session.Ending != meeting.Ending{Reason: meeting.ReasonExpired, At: s.end}:
			s.t.Fatalf("recorded %+v", v.Session.Ending)
		}
		_, err = s.Store().Ledger(s.t.Context(), s.room.ID, 1)
		return err
	})
}

// TestDiskFull fills the disk under a meeting, makes room, and fills it again
// across the meeting's end.
func TestDiskFull(t *testing.T) {
	disk := mustDisk(t)
	s := mustStory(mustWorld(t, func(*testkit.Server) {}, "--data", disk.path))
	for range 40 {
		s.mustPost()
	}
	disk.fill()
	request, m, took := s.extendUntilRefused()
	t.Logf("%d extensions fitted in; the next was refused after %v", len(s.extensions[s.room.ID]), took.Round(time.Millisecond))
	if s.Bus().Broken() == nil {
		t.Error("the bus does not know that nothing can be saved")
	}
	_, _, took = s.extendUntilRefused()
	t.Logf("and another after %v", took.Round(time.Millisecond))
	s.mustGoOn()
	s.mustTakeNoMore("the store is not well")

	disk.free()
	t.Logf("healed %v after there was room", testkit.Until(s.t, "not healed", s.Bus().Healthy).Round(time.Millisecond))
	s.mustBeWell(request, m)
	s.mustGoOn()
	s.mustHave()

	disk.fill()
	s.stuff()
	s.mustEnd()
	s.mustTakeNoMore("the store is not well")
	disk.free()
	t.Logf("healed %v after there was room", testkit.Until(s.t, "not healed", s.Bus().Healthy).Round(time.Millisecond))
	s.mustRecordEnd()
	s.mustHave()
}

// TestStoreFull fills what the store may hold. Long before that no more
// meetings are made; those that run are extended until it is full, and are
// again as soon as something is removed.
func TestStoreFull(t *testing.T) {
	roomy := func(string) (bus.Disk, error) { return bus.Disk{Free: 1 << 40, Total: 1 << 40}, nil }
	s := mustStory(mustWorld(t, func(s *testkit.Server) {
		// A tenth of it is more than what is posted until the next look at it.
		s.Config.Disk, s.Config.MaxStore, s.Config.MaxQueue = roomy, 1<<20, 1<<10
	}))
	testkit.Until(s.t, "rooms are made until the store is full", func() error {
		if status, _ := s.post(); status == http.StatusCreated {
			return errors.New("another one")
		}
		return nil
	})
	t.Logf("%d rooms were made before the store was called nearly full", len(s.rooms))
	s.mustTakeNoMore("the store is nearly full")
	s.Clock.Set(s.end.Add(-9 * time.Minute))
	s.extended(testkit.Ask[protocol.OK](s.ada, protocol.Extend{Window: s.end}))

	s.stuff()
	request, m, took := s.extendUntilRefused()
	t.Logf("refused after %v", took.Round(time.Millisecond))
	s.mustGoOn()
	s.mustTakeNoMore("the store is full")
	s.mustHave()

	s.removeFillers()
	t.Logf("well %v after something was removed", testkit.Until(s.t, "not well", s.Bus().Healthy).Round(time.Millisecond))
	s.mustBeWell(request, m)
	s.mustHave()
	s.mustEnd()
	s.mustRecordEnd()
}

// removeFillers removes rooms that nobody needs, as whoever cleans up does, and waits
// until the seal knows: a copy that is made before would miss them.
func (s *story) removeFillers() {
	s.t.Helper()
	var streams []jetstream.Stream
	names := s.Bus().JetStream().StreamNames(s.t.Context())
	for name := range names.Name() {
		if stream, err := s.Bus().JetStream().Stream(s.t.Context(), name); err != nil {
			s.t.Fatal(err)
		} else if strings.HasPrefix(name, "KV_rooms_") {
			streams = append(streams, stream)
		}
	}
	if err := names.Err(); err != nil || len(streams) == 0 {
		s.t.Fatal(streams, err)
	}
	var left []string
	for _, id := range s.rooms {
		if id == s.room.ID {
			left = append(left, id)
			continue
		}
		for _, stream := range streams { // it is in one of them
			if err := stream.Purge(s.t.Context(), jetstream.WithPurgeSubject("$KV.*."+id)); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.rooms = left
	testkit.Until(s.t, "the seal does not know", func() error { return sealedAs(s.t.Context(), s.streams(), streams) })
}

// sealedAs says of which stream the seal has another number of messages.
func sealedAs(ctx context.Context, folder string, streams []jetstream.Stream) error {
	text, err := os.ReadFile(filepath.Join(folder, "seal.json"))
	if err != nil {
		return err
	}
	body, _, _ := bytes.Cut(text, []byte("\n"))
	var sealed struct {
		Streams map[string]struct{ Messages uint64 }
	}
	if err := json.Unmarshal(body, &sealed); err != nil {
		return err
	}
	for _, stream := range streams {
		info, err := stream.Info(ctx)
		if err != nil {
			return err
		}
		if n := sealed.Streams[info.Config.Name].Messages; n != info.State.Msgs {
			return fmt.Errorf("%s: %d messages are sealed of %d", info.Config.Name, n, info.State.Msgs)
		}
	}
	return nil
}
