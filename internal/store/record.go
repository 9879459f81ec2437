package store

import "overtime/internal/room"

// recordVersion is written into each record, so that a later server knows what
// it reads.
const recordVersion = 1

// What is kept of a room is the room's own word; how it is kept is this package's.
type (
	Record = room.Record
	Owner  = room.Owner
	Op     = room.Op
)

// fewOps is how many operations a record remembers at least, however full it is.
const fewOps = 32

// fit is r, which follows on before, and how it is written: without the oldest of
// its operations, as far as there is no room for them.
func fit(r, before Record, pages int) (Record, []byte, error) {
	limit := maxRecord
	if begins(r, before) {
		limit -= roomyEnd
	}
	for {
		text, err := encode(r, pages)
		switch {
		case err != nil || len(text) <= limit:
			return r, text, err
		case len(r.Ops) <= fewOps:
			return r, nil, ErrTooLarge
		}
		r.Ops = r.Ops[min(max(len(r.Ops)/4, 1), len(r.Ops)-fewOps):]
	}
}

// begins reports whether r has something new in it that it will have to carry
// on: more time, other settings. What only goes on or ends does not.
func begins(r, before Record) bool {
	longer := r.Session != nil && before.Session != nil && r.Session.EndsAt.After(before.Session.EndsAt)
	return longer || len(r.Removed) > len(before.Removed) || len(r.Held) > len(before.Held) || r.Room != before.Room
}
