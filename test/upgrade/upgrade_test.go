//go:build upgrade

package upgrade_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// minute is how long one of the meeting's minutes lasts: an extension window is
// long enough for a server to be replaced in it.
const minute = 2 * time.Second

// TestUpgrade: a meeting of two goes through the previous version, this one,
// the previous one again and this one again, and is extended in each. Whoever
// holds what the previous version gave out comes back with it every time, unless
// they left: a record in which that stands is read by the version before as well. The
// way back is shown by the command for it, and the version before starts on nothing
// else.
func TestUpgrade(t *testing.T) {
	v := mustBuilt(t)
	s := newServer(t)
	s.start(v.previous, v.current)
	r := s.create()
	asha := &person{t: t, server: s, name: "Asha", token: testkit.TokenOf(r.Links.Moderator)}
	jun := &person{t: t, server: s, name: "Jun", token: testkit.TokenOf(r.Links.Guest)}
	asha.arrive()
	jun.arrive()
	asked := []protocol.Extend{jun.extend("press-0")}
	asha.hearExtension()

	for i, next := range []version{v.current, v.previous, v.current} {
		down := time.Now()
		people(s.stop, asha.seeOff, jun.seeOff)
		s.start(next, v.current)
		people(
			func() { asha.comeBack(asha.secrets[len(asha.secrets)-1]) }, // of the version before
			func() { jun.comeBack(jun.secrets[0]) },                     // of the first
		)
		t.Logf("figure: %s: everybody is back %d ms after the other was told to stop", next.name, time.Since(down).Milliseconds())
		noor := &person{t: t, server: s, name: "Noor", token: testkit.TokenOf(r.Links.Guest)}
		noor.arrive() // by a link of the first version
		noor.end, noor.story = jun.end, jun.story
		noor.comeBack(noor.secrets[0])
		noor.leave()
		if next == v.current { // the version before lets whoever left come back by that
			noor.mustNotComeBack(noor.secrets[0])
			noor.arrive()
			noor.writesAndDeletes() // which the version before would take for damage
			noor.leave()
		}
		for n, press := range asked {
			jun.extendAgain(fmt.Sprintf("press-%d", n), press)
		}
		asked = append(asked, jun.extend(fmt.Sprintf("press-%d", i+1)))
		asha.hearExtension()
	}

	if m, ok := asha.ask("end", protocol.End{Reason: "All done"}).(protocol.OK); !ok {
		t.Fatalf("the end is answered by %+v", m)
	}
	for _, p := range []*person{asha, jun} {
		ended := testkit.Next[protocol.SessionEnded](p.Person).Session
		p.mustKnow(ended)
		if e := ended.Ending; e == nil || e.Reason != meeting.ReasonEndedByModerator || e.By != "Asha" || e.Text != "All done" {
			t.Errorf("%s is told that it ended so: %+v", p.name, e)
		}
	}

	// What is over stays over, as it was, in both. The previous version counts
	// it as a failure of its own if somebody does not take their leave.
	for _, p := range []*person{asha, jun} {
		p.hangUp()
	}
	for _, next := range []version{v.previous, v.current} {
		s.stop()
		s.start(next, v.current)
		over, ok := jun.hello(protocol.Hello{Token: jun.token}).(protocol.Over)
		if !ok || over.Session.Ending == nil {
			t.Fatalf("%s: the meeting is not over: %+v", next.name, over)
		}
		jun.hangUp()
		jun.mustKnow(over.Session)
		story, err := json.Marshal(over.Session.Story)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s keeps %d extensions in a story of %d entries, %d bytes", next.name, len(asked), len(over.Session.Story), len(story))
	}
}
