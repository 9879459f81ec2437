package store

import (
	"slices"

	"overtime/internal/event"
	"overtime/internal/room"
)

// recordVersion is written into each record, so that a later server knows what
// it reads.
const recordVersion = 1

// What is kept of a room is the room's own word; how it is kept is this package's.
type (
	Record = room.Record
	Owner  = room.Owner
	Place  = room.Place
	Op     = room.Op
	Former = room.Former
	Held   = room.Held
)

const (
	// fewOps is how many operations a record remembers at least, fewFormer how many
	// of those who went, however full it is.
	fewOps    = 32
	fewFormer = 8
)

// fit is r, which follows on before, and how it is written: without the oldest of
// its operations, and then of those who went, as far as there is no room for them.
func fit(r, before Record, pages int) (Record, []byte, error) {
	for limit := most(r, before); ; {
		text, err := encode(r, pages)
		if err != nil || len(text) <= limit {
			return r, text, err
		}
		switch {
		case len(r.Ops) > fewOps:
			r.Ops = r.Ops[min(max(len(r.Ops)/4, 1), len(r.Ops)-fewOps):]
		case len(r.Former) > fewFormer:
			r = r.KeepFormer(len(r.Former) - 1)
		default:
			return r, nil, ErrTooLarge
		}
	}
}

// most is how large r may be, which follows on before.
func most(r, before Record) int {
	switch {
	case attends(r, before):
		return maxRecord - roomyEnd - roomyMeeting
	case begins(r, before):
		return maxRecord - roomyEnd
	}
	return maxRecord
}

// attends reports whether somebody came in r, or r tells of somebody who came or
// went while the session goes on.
func attends(r, before Record) bool {
	if r.Session == nil || r.Session.Ending != nil || len(r.Removed) > len(before.Removed) {
		return false
	}
	if len(r.People) > len(before.People) {
		return true
	}
	told := min(int(r.Events-before.Events), len(r.Outbox))
	return slices.ContainsFunc(r.Outbox[len(r.Outbox)-told:], func(e event.Event) bool {
		return e.Kind == event.ParticipantJoined || e.Kind == event.ParticipantLeft || e.Kind == event.ParticipantChanged
	})
}

// begins reports whether r has something new in it that it will have to carry
// on: somebody who came, more time, other settings. What only goes on or ends
// does not.
func begins(r, before Record) bool {
	longer := r.Session != nil && before.Session != nil && r.Session.EndsAt.After(before.Session.EndsAt)
	return longer || len(r.People) > len(before.People) || len(r.Removed) > len(before.Removed) ||
		len(r.Held) > len(before.Held) || r.Room != before.Room
}
