package store

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// stored is a record as it is written: the oldest entries of a long ledger
// stand in pages of their own (see pages.go).
type stored struct {
	Record
	// Pages is how many pages of the session's ledger come before it.
	Pages int `json:"ledger_pages,omitempty"`
}

// encode is r as it is written, beginning after so many pages of its ledger.
func encode(r Record, pages int) ([]byte, error) {
	r.Version = recordVersion
	if pages > 0 {
		s := *r.Session
		s.Ledger = s.Ledger[pages*pageSize:]
		r.Session = &s
	}
	text, err := marshal(stored{r, pages})
	if err != nil {
		return nil, fmt.Errorf("%w, for it cannot be written: room %s: %w", ErrDamaged, r.Room.ID, err)
	}
	return text, nil
}

// marshal leaves "<" as it is: a name of them would take six times its size.
func marshal(v any) ([]byte, error) {
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	err := to.Encode(v)
	return bytes.TrimSpace(text.Bytes()), err
}

// decode reads what encode wrote; the pages' entries are still missing.
func decode(text []byte) (stored, error) {
	var r stored
	if err := json.Unmarshal(text, &r); err != nil {
		return stored{}, fmt.Errorf("store: a record that does not decode: %w", err)
	}
	if r.Version != recordVersion {
		return stored{}, fmt.Errorf("store: room %s was written by another version of the server (%d)", r.Room.ID, r.Version)
	}
	if r.Pages < 0 || r.Pages > 0 && r.Session == nil {
		return stored{}, fmt.Errorf("store: room %s has pages and no session", r.Room.ID)
	}
	r.Room = r.Room.Defaults()
	return r, nil
}
