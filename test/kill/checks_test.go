package kill_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
	"overtime/internal/store"
)

// ms is an end some minutes after the start, as histories name it.
func ms(minutes int) int64 { return started.Add(time.Duration(minutes) * time.Minute).UnixMilli() }

// press60 is a press in the window before minute 60.
func press60(by string, minutes int) asked {
	return asked{window: window{"r", ms(60)}, op: by + "-1", by: by, minutes: minutes}
}

// TestHistoriesCanFail gives porcupine histories of one window.
func TestHistoriesCanFail(t *testing.T) {
	look := asked{window: window{"r", ms(60)}}
	ada, bob := press60("Ada", 15), press60("Bob", 20)
	adas, bobs := told{kind: granted, minutes: 15, end: ms(75)}, told{kind: granted, minutes: 20, end: ms(80)}
	late := told{kind: refused, by: "Ada", minutes: 15, end: ms(90)}
	seen := told{kind: extended, by: "Ada", minutes: 15, end: ms(75)}
	type ops []porcupine.Operation
	at := func(call, back int64, q asked, o told) porcupine.Operation {
		return porcupine.Operation{Input: q, Output: o, Call: call, Return: back}
	}
	for _, c := range []struct {
		name string
		does ops
		want porcupine.CheckResult
	}{
		{"one wins, one is told", ops{at(0, 9, ada, adas), at(1, 8, bob, late), at(10, 11, look, seen)}, porcupine.Ok},
		{"asked again", ops{at(0, 9, ada, adas), at(10, 11, ada, adas)}, porcupine.Ok},
		{"never answered, carried out", ops{at(0, math.MaxInt64, ada, told{}), at(5, 6, bob, late)}, porcupine.Ok},
		{"never answered, not carried out", ops{at(0, math.MaxInt64, ada, told{}), at(5, 6, bob, bobs)}, porcupine.Ok},
		{"two windows", ops{at(0, 1, ada, adas), at(2, 3, asked{window: window{"r", ms(75)}}, told{kind: open})}, porcupine.Ok},
		{"two win", ops{at(0, 9, ada, adas), at(1, 8, bob, bobs)}, porcupine.Illegal},
		{"two win, one without an answer", ops{at(0, 1, ada, adas), at(0, 1, bob, bobs), at(2, math.MaxInt64, bob, told{})}, porcupine.Illegal},
		{"a grant is lost", ops{at(0, 1, ada, adas), at(2, 3, look, told{kind: open})}, porcupine.Illegal},
		{"a grant becomes another's", ops{at(0, 1, ada, adas), at(2, 3, look, told{kind: extended, by: "Bob", minutes: 20, end: ms(80)})}, porcupine.Illegal},
		{"another was first who was not", ops{at(0, 1, bob, late)}, porcupine.Illegal},
		{"granted, then refused", ops{at(0, 1, ada, adas), at(2, 3, ada, late)}, porcupine.Illegal},
		{"less than asked for", ops{at(0, 1, ada, told{kind: granted, minutes: 10, end: ms(70)})}, porcupine.Illegal},
		{"a minute more", ops{at(0, 1, ada, told{kind: granted, minutes: 15, end: ms(76)})}, porcupine.Illegal},
		{"told of an end before it", ops{at(0, 1, ada, adas), at(2, 3, bob, told{kind: refused, by: "Ada", minutes: 15, end: ms(60)})}, porcupine.Illegal},
		{"any other refusal", ops{at(0, 1, ada, told{kind: impossible})}, porcupine.Illegal},
	} {
		if got := porcupine.CheckOperationsTimeout(windows, c.does, patience); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestContradictionsAreFound changes what people were told, or what is kept,
// of a meeting that was extended once.
func TestContradictionsAreFound(t *testing.T) {
	for _, c := range []struct {
		want   string // in what is found
		change func(e *evidence)
	}{
		{"was granted", func(e *evidence) { e.settled[0].told.minutes = 20 }},
		{"asked for 20 minutes", func(e *evidence) { e.settled[0].asked.minutes = 20 }},
		{"granted twice", func(e *evidence) {
			e.settled = append(e.settled, outcome{press60("Bob", 15), told{kind: granted, minutes: 15, end: ms(75)}})
		}},
		{"the ledger says <nil>", func(e *evidence) {
			e.settled = append(e.settled, outcome{asked{window: window{"r", ms(75)}, by: "Bob", minutes: 10}, told{kind: granted, minutes: 10, end: ms(85)}})
		}},
		{"was first, but", func(e *evidence) { e.settled[1].told.by = "Cem" }},
		{"refused and carried out", func(e *evidence) { e.record.Ops[0].ID = room.OpID(subOf("Bob"), "Bob-1") }},
		{"carried out 2 times", func(e *evidence) { e.record.Ops = append(e.record.Ops, e.record.Ops[0]) }},
		{"would be told", func(e *evidence) { e.record.Ops[0].Grant.EndsAt = started }},
		{"an extension that is not kept", func(e *evidence) { e.heard[0].entry.Minutes = 11 }},
		{"not how it went", func(e *evidence) { e.accounts[0].story[2].By = "Bob" }},
		{"not how it went", func(e *evidence) { e.record.Session.Ledger = e.record.Session.Ledger[:2] }},
		{"went back", func(e *evidence) { e.record.Session.Ledger[2].EndsAt = started.Add(time.Minute) }},
		{"answered twice", func(e *evidence) {
			again := e.record.Session.Ledger[2]
			e.record.Session.Ledger[2].EndsAt = e.record.Session.Ledger[1].EndsAt
			e.record.Session.Ledger = append(e.record.Session.Ledger, again)
		}},
		{"none that a session writes", func(e *evidence) { e.record.Session.EndsAt = started.Add(time.Hour) }},
		{"not kept at all", func(e *evidence) { e.record.Session = nil }},
	} {
		e := goodEvidence(t)
		c.change(&e)
		if found := e.contradictions(); !strings.Contains(strings.Join(found, "\n"), c.want) {
			t.Errorf("found %q, and nothing that says %q", found, c.want)
		}
	}
	if found := goodEvidence(t).contradictions(); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}

// goodEvidence is of a meeting that Ada extended, and Bob was too late.
func goodEvidence(t *testing.T) evidence {
	t.Helper()
	entry := func(kind meeting.EntryKind, at, end int) meeting.Entry {
		return meeting.Entry{Kind: kind, At: started.Add(time.Duration(at) * time.Minute), EndsAt: started.Add(time.Duration(end) * time.Minute)}
	}
	ledger := []meeting.Entry{entry(meeting.EntryStarted, 0, 60), entry(meeting.EntryWindowOpened, 50, 60), entry(meeting.EntryExtended, 51, 75)}
	ledger[0].By = meeting.Person{Sub: subOf("Ada"), Name: "Ada"}
	ledger[1].Minutes, ledger[1].Window = 10, meeting.FirstWindow
	ledger[2].By, ledger[2].Minutes, ledger[2].Window = ledger[0].By, 15, meeting.FirstWindow
	session, err := meeting.Replay(1, ledger)
	if err != nil {
		t.Fatal(err)
	}
	e := evidence{
		record: store.Record{
			Session: &session,
			Ops:     []store.Op{{ID: room.OpID(subOf("Ada"), "Ada-1"), Grant: &meeting.Grant{Minutes: 15, EndsAt: session.EndsAt}}},
		},
		settled: []outcome{
			{press60("Ada", 15), told{kind: granted, minutes: 15, end: ms(75)}},
			{press60("Bob", 20), told{kind: refused, by: "Ada", minutes: 15, end: ms(75)}},
		},
	}
	story := e.story()
	e.heard = []hearing{{"Bob", story[2]}}
	e.accounts = []account{{"Cem", append([]protocol.StoryEntry{}, story...)}}
	return e
}
