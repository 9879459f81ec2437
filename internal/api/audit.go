package api

import (
	"context"
	"strconv"

	"overtime/internal/audit"
)

// Audit gives what it was told, in order; see audit.Log.
type Audit interface {
	Read(ctx context.Context, after uint64, room string, limit int) (entries []audit.Stored, more bool, err error)
}

type (
	auditInput struct {
		After uint64 `query:"after" doc:"the number after which the page begins: next of the page before"`
		Room  string `query:"room" maxLength:"64" doc:"the id of the room that the entries are to be about, which may be deleted; all if left out"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"how many entries at most"`
	}
	// auditEntry is one as it is kept.
	auditEntry struct{ audit.Stored }
	auditPage  struct {
		Entries []auditEntry `json:"entries" nullable:"false" doc:"from the oldest on; there are more if they are as many as limit"`
		Next    string       `json:"next" doc:"after for the next page, which may be empty until something happens"`
	}
	auditOutput struct{ Body auditPage }
)

// audits are the operations on the audit.
type audits struct{ kept Audit } // nil: none is kept

// read gives a page of what was done and refused, and whose doing it was.
func (a audits) read(ctx context.Context, in *auditInput) (*auditOutput, error) {
	page := auditPage{Entries: []auditEntry{}, Next: strconv.FormatUint(in.After, 10)}
	if a.kept == nil {
		return &auditOutput{page}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	entries, _, err := a.kept.Read(ctx, in.After, in.Room, in.Limit)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		page.Entries = append(page.Entries, auditEntry{e})
		page.Next = strconv.FormatUint(e.Seq, 10)
	}
	return &auditOutput{page}, nil
}
