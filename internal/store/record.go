package store

import (
	"encoding/json"
	"fmt"

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
	// Write names the change that made this record, so that a writer that was
	// not told what came of its write can find out.
	Write string `json:"write"`
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
