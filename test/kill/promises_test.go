package kill_test

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
	"overtime/internal/store"
)

// evidence is what the people of a room were told, against what is kept of it.
type evidence struct {
	record   store.Record
	settled  []outcome
	heard    []hearing
	accounts []account
}

// contradictions are the ways in which the record and what people were told do
// not go together; none is what is promised.
func (e evidence) contradictions() []string {
	s := e.record.Session
	if s == nil {
		return []string{"the meeting is not kept at all"}
	}
	found := ledgerFaults(*s)
	for _, o := range e.settled {
		found = append(found, e.againstOutcome(o)...)
	}
	for _, op := range e.record.Ops {
		if n := len(e.operations(op.ID)); n != 1 {
			found = append(found, fmt.Sprintf("operation %s was carried out %d times", op.ID, n))
		}
	}
	found = append(found, twoGrants(e.settled)...)
	story := e.story()
	for _, h := range e.heard {
		if !slices.Contains(story, h.entry) {
			found = append(found, fmt.Sprintf("%s heard of an extension that is not kept: %+v", h.by, h.entry))
		}
	}
	for _, a := range e.accounts {
		if len(a.story) > len(story) || !slices.Equal(a.story, story[:len(a.story)]) {
			found = append(found, fmt.Sprintf("%s was told a story that is not how it went: %+v", a.to, a.story))
		}
	}
	return found
}

// ledgerFaults is what is wrong with a ledger by itself.
func ledgerFaults(s meeting.Session) []string {
	var found []string
	again, err := meeting.Replay(s.Number, s.Ledger)
	if err != nil || !reflect.DeepEqual(again, s) {
		found = append(found, fmt.Sprintf("the ledger is none that a session writes: %v", err))
	}
	answered := map[time.Time]bool{}
	for i := 1; i < len(s.Ledger); i++ {
		before, e := s.Ledger[i-1].EndsAt, s.Ledger[i]
		if e.EndsAt.Before(before) {
			found = append(found, fmt.Sprintf("the end went back: %+v", e))
		}
		if e.Kind != meeting.EntryExtended {
			continue
		}
		if answered[before] {
			found = append(found, fmt.Sprintf("the window before %v was answered twice", before))
		}
		answered[before] = true
	}
	return found
}

// againstOutcome is what is kept that contradicts one answer.
func (e evidence) againstOutcome(o outcome) []string {
	id := o.asked.op
	kept := e.operations(room.OpID(subOf(o.asked.by), id))
	var by *meeting.Entry // what answered the window
	ledger := e.record.Session.Ledger
	for i := 1; i < len(ledger); i++ {
		if ledger[i].Kind == meeting.EntryExtended && ledger[i-1].EndsAt.UnixMilli() == o.asked.end {
			by = &ledger[i]
		}
	}
	switch o.told.kind {
	case granted:
		moved := o.told.end - o.asked.end
		switch {
		case by == nil || by.By.Name != o.asked.by || by.Minutes != o.told.minutes || by.EndsAt.UnixMilli() != o.told.end:
			return []string{fmt.Sprintf("%s was granted %+v, but the ledger says %+v", id, o.told, by)}
		case o.told.minutes != o.asked.minutes || moved != int64(o.told.minutes)*minute:
			return []string{fmt.Sprintf("%s asked for %d minutes and was granted %+v", id, o.asked.minutes, o.told)}
		case len(kept) == 1 && (kept[0].Grant == nil || kept[0].Grant.EndsAt.UnixMilli() != o.told.end):
			return []string{fmt.Sprintf("%s was granted %+v, but would be told %+v", id, o.told, kept[0].Grant)}
		}
	case refused:
		if by == nil || by.By.Name != o.told.by || by.Minutes != o.told.minutes {
			return []string{fmt.Sprintf("%s was told that %+v was first, but the ledger says %+v", id, o.told, by)}
		}
		if len(kept) > 0 {
			return []string{fmt.Sprintf("%s was refused and carried out", id)}
		}
	}
	return nil
}

func (e evidence) operations(id string) []store.Op {
	var out []store.Op
	for _, op := range e.record.Ops {
		if op.ID == id {
			out = append(out, op)
		}
	}
	return out
}

// twoGrants finds windows that were granted to two, and operations that were
// granted two things.
func twoGrants(settled []outcome) []string {
	var found []string
	first := map[window]outcome{}
	for _, o := range settled {
		if o.told.kind != granted {
			continue
		}
		if f, there := first[o.asked.window]; there && f != o {
			found = append(found, fmt.Sprintf("one window was granted twice: %+v and %+v", f, o))
		}
		first[o.asked.window] = o
	}
	return found
}

// story is the ledger as people are told it.
func (e evidence) story() []protocol.StoryEntry {
	var out []protocol.StoryEntry
	for _, x := range e.record.Session.Ledger {
		out = append(out, protocol.StoryEntry{Kind: x.Kind, At: x.At, By: x.By.Name, EndsAt: x.EndsAt, Minutes: x.Minutes, Window: x.Window})
	}
	return out
}
