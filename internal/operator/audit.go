package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"overtime/internal/config"
)

// verifyPath is where a running server checks its audit.
const verifyPath = "/operator/audit"

// verdict is what came of that, in sentences.
type verdict struct {
	Whole string `json:"whole"`
	Error string `json:"error,omitempty"` // empty: all of it is whole
}

// audit prints what was done, or whether that is still as it was written.
func audit(ctx context.Context, c *config.Audit, out io.Writer) error {
	if c.Verify {
		return verifyAudit(ctx, c, out)
	}
	query := url.Values{}
	if c.Room != "" {
		query.Set("room", c.Room)
	}
	if c.After != "" {
		query.Set("after", c.After)
	}
	return pages(ctx, c.Data, "/audit", "entries", query, func(entry json.RawMessage) error { return printLine(out, entry) })
}

// verifyAudit fails if the audit is not whole, so that a script can tell.
func verifyAudit(ctx context.Context, c *config.Audit, out io.Writer) error {
	server := newClient(c.Data)
	defer server.close()
	answer, err := server.do(ctx, http.MethodGet, verifyPath, nil, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	var v verdict
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&v); err != nil || v.Whole == "" {
		return errors.New("the server's answer cannot be read; is it of another version than this program?")
	}
	if _, err := fmt.Fprintln(out, v.Whole); err != nil {
		return err
	}
	if v.Error != "" {
		return errors.New(v.Error)
	}
	return nil
}

// verify answers with a verdict.
func (s Server) verify(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // it takes as long as there are entries
	var v verdict
	var err error
	if v.Whole, err = s.Verify(r.Context()); err != nil {
		v.Error = err.Error()
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // whoever asked may be gone
}
