package store

import (
	"encoding/json"
	"fmt"
	"slices"

	"overtime/internal/meeting"
)

// recordVersion is written into each record, so that a later server knows what
// it reads.
const recordVersion = 1

// Record is everything kept of a room while it is of use.
type Record struct {
	Version int `json:"v"`
	// Epoch counts the owners of the room; every word of a lower one is stale.
	Epoch uint64       `json:"epoch"`
	Owner Owner        `json:"owner,omitzero"`
	Room  meeting.Room `json:"room"`
	// Session is the running session, or the last one; nil before the first.
	Session *meeting.Session `json:"session,omitempty"`
	// Ops are the operations carried out last, oldest first, so that one that is
	// asked again gets the same answer and changes nothing.
	Ops []Op `json:"ops,omitempty"`
	// Write names the change that made this record, so that a writer that was
	// not told what came of its write can find out.
	Write string `json:"write"`
}

// Op is an operation that was carried out.
type Op struct {
	// ID is whose operation it is and the id that they gave it.
	ID    string         `json:"id"`
	Grant *meeting.Grant `json:"grant,omitempty"`
}

// maxOps bounds what is remembered: far more than one person, or a portal, has
// waiting for an answer.
const maxOps = 256

// Done is the operation of that id, if it was carried out lately.
func (r Record) Done(id string) (Op, bool) {
	for _, op := range r.Ops {
		if op.ID == id {
			return op, true
		}
	}
	return Op{}, false
}

// With is r with one more operation carried out.
func (r Record) With(op Op) Record {
	ops := append(slices.Clip(r.Ops), op)
	r.Ops = ops[max(0, len(ops)-maxOps):]
	return r
}

// Owner is the process that runs a room's actor.
type Owner struct {
	Node        string `json:"node"`
	Incarnation string `json:"incarnation"` // new at each start of the node
}

func (r Record) encode() ([]byte, error) {
	r.Version = recordVersion
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("store: encoding room %s: %w", r.Room.ID, err)
	}
	return text, nil
}

func decodeRecord(text []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(text, &r); err != nil {
		return Record{}, fmt.Errorf("store: a record that does not decode: %w", err)
	}
	if r.Version != recordVersion {
		return Record{}, fmt.Errorf("store: room %s was written by another version of the server (%d)", r.Room.ID, r.Version)
	}
	return r, nil
}
