package kill_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

const (
	// killsVariable says how many kills a run has; fewKills is without it.
	killsVariable = "KILLS"
	fewKills      = 8
	// killsOfAct is how many one room goes through.
	killsOfAct = 15
	// mostFaults are told of one room; where one promise is broken many are.
	mostFaults = 10
)

// figures are counted over all acts.
type figures struct {
	kills        int
	presses      int
	granted      int    // told so
	grantedLater int    // of those, asked again because an answer was lost
	found        int    // presses that had been carried out when that answer was lost
	refused      int    // somebody was first
	ambiguous    int    // presses that lost a connection before their answer
	unanswered   int    // presses that had no answer when their act was over
	again        int    // answered once more, on purpose
	written      int    // messages that were acknowledged
	looks        int    // at the session
	stale        int    // of those, at what a node remembered that had lost the room
	windows      int    // in the ledgers, answered
	takeovers    uint64 // by a node, also at its start
	operations   int    // in the histories
	recoveries   []time.Duration
}

// TestKill: whatever moment the server is killed at, and whoever of its nodes
// believes to have the room, a window is answered once, and what people were
// told of it is what is kept.
func TestKill(t *testing.T) {
	kills, began := fewKills, time.Now()
	if text, set := os.LookupEnv(killsVariable); set {
		var err error
		if kills, err = strconv.Atoi(text); err != nil || kills < 1 {
			t.Fatalf("%s=%s: give a number of kills", killsVariable, text)
		}
	}
	s, f := newServer(t), &figures{}
	ended := map[string][]meeting.Entry{} // by room, as its act left it
	for number, left := 1, kills; left > 0; number++ {
		a, n := newAct(t, s, number, f), min(killsOfAct, left)
		a.play(n) // one that breaks a promise ends before
		left -= n
		ended[a.room.ID] = a.check()
		s.set(s.clock().Add(24 * time.Hour)) // what is left of the meeting is over
	}
	if !t.Failed() {
		checkKept(t, s, ended)
	}
	for _, fault := range s.faults() {
		t.Errorf("a server logged: %s", fault)
	}
	verdict := "porcupine: linearizable, and no promise broken"
	if t.Failed() {
		verdict = "the promise does not hold"
	}
	t.Logf("%v\n%s, in %v", f, verdict, time.Since(began).Round(time.Second))
}

// check compares what is kept with what people were told, and gives the ledger.
func (a *act) check() []meeting.Entry {
	a.t.Helper()
	a.checkChat()
	e := evidence{a.server.mustRead(a.room.ID)[0], a.settled, a.heard, a.accounts}
	faults := append(a.faults, e.contradictions()...)
	for _, fault := range faults[:min(len(faults), mostFaults)] {
		a.t.Errorf("promise broken: %s", fault)
	}
	if more := len(faults) - mostFaults; more > 0 {
		a.t.Errorf("and %d more", more)
	}
	if e.record.Session == nil {
		a.checkHistory()
		return nil
	}
	// What is kept is one more look, at every window.
	last := int64(time.Since(a.history.began))
	for _, l := range looksAt(a.room.ID, protocol.Session{EndsAt: e.record.Session.EndsAt, Story: e.story()}) {
		a.history.record(len(cast)+1, last, l.asked, l.told)
	}
	a.checkHistory()
	a.figures.windows += len(e.record.Session.Extensions())
	a.figures.takeovers += e.record.Epoch
	return e.record.Session.Ledger
}

// checkHistory asks porcupine whether everything that people did and were told
// could have happened one after the other.
func (a *act) checkHistory() {
	a.t.Helper()
	all := a.history.all()
	a.figures.operations += len(all)
	result, info := porcupine.CheckOperationsVerbose(windows, all, 0) // however long it takes
	if result == porcupine.Ok {
		return
	}
	a.t.Errorf("promise broken: the history of %s, of %d operations, is not linearizable (porcupine: %s)", a.room.ID, len(all), result)
	picture := filepath.Join("..", "..", "build", "kill-"+a.room.ID+".html")
	err := os.MkdirAll(filepath.Dir(picture), 0o755)
	if err == nil {
		err = porcupine.VisualizePath(windows, info, picture)
	}
	if err != nil {
		a.t.Errorf("the picture of it: %v", err)
		return
	}
	a.t.Logf("the picture of it: %s", picture)
}

// checkKept reads every room again, after all kills: a meeting that has ended
// since may say so, and nothing else.
func checkKept(t *testing.T, s *server, ended map[string][]meeting.Entry) {
	t.Helper()
	var ids []string
	for id := range ended {
		ids = append(ids, id)
	}
	for _, r := range s.mustRead(ids...) {
		was, is := ended[r.Room.ID], r.Session.Ledger
		if len(is) < len(was) || !slices.Equal(is[:len(was)], was) {
			t.Errorf("promise broken: the ledger of %s was changed later", r.Room.ID)
		}
		for _, e := range is[len(was):] {
			if e.Kind != meeting.EntryEnded {
				t.Errorf("promise broken: to the ledger of %s was added %+v", r.Room.ID, e)
			}
		}
	}
}

func (f *figures) String() string {
	slices.SortFunc(f.recoveries, cmp.Compare[time.Duration])
	median, longest := time.Duration(0), time.Duration(0)
	if n := len(f.recoveries); n > 0 {
		median, longest = f.recoveries[n/2], f.recoveries[n-1]
	}
	return fmt.Sprintf(`%d kills, %d windows answered, a room was taken %d times
%d presses: %d granted, %d refused, %d never answered
%d presses lost a connection before their answer; %d of the granted ones did, %d after they had been carried out
%d answered presses were asked once more
%d messages of the chat were acknowledged
%d looks at the meeting, %d of them by what a node remembered that had lost the room
%d operations in the histories
from the start of a server to the first welcome: median %v, longest %v`,
		f.kills, f.windows, f.takeovers,
		f.presses, f.granted, f.refused, f.unanswered,
		f.ambiguous, f.grantedLater, f.found,
		f.again, f.written, f.looks, f.stale, f.operations,
		median.Round(time.Millisecond), longest.Round(time.Millisecond))
}
