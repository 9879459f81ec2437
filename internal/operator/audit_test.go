package operator_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"overtime/internal/audit"
	"overtime/internal/bus"
	"overtime/internal/config"
	"overtime/internal/event"
	"overtime/internal/operator"
)

// TestVerify reads a real audit through the socket.
func TestVerify(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	b, err := bus.Open(bus.Config{Folder: t.TempDir(), Name: "node", Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	l, err := audit.Open(t.Context(), b.JetStream(), audit.Config{Now: time.Now, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for range 3 {
		if err := l.Append(t.Context(), audit.Entry{Kind: event.TokenMade, Room: "aaa"}); err != nil {
			t.Fatal(err)
		}
	}
	data := t.TempDir()
	serve(t, data, operator.Server{Verify: l.Attest})
	if got := mustRun(t, &config.Audit{Folder: in(data), Verify: true}, nil); !strings.HasPrefix(got, "Entries 1 to 4 are whole. ") || !strings.HasSuffix(got, "\n") {
		t.Errorf("prints %q", got)
	}
}

// TestVerifyBroken: what is whole is said, and where it breaks is an error, so
// that a script can tell by the exit code.
func TestVerifyBroken(t *testing.T) {
	data := t.TempDir()
	serve(t, data, operator.Server{Verify: func(context.Context) (string, error) {
		return "Entries 1 to 2 are whole.", errors.New("the chain is broken at entry 3")
	}})
	got, err := run(t, &config.Audit{Folder: in(data), Verify: true}, nil)
	if err == nil || err.Error() != "the chain is broken at entry 3" || got != "Entries 1 to 2 are whole.\n" {
		t.Errorf("prints %q and says %v", got, err)
	}
}

// TestVerifyRefused: nothing is taken for a whole audit that does not say so.
func TestVerifyRefused(t *testing.T) {
	verify := &config.Audit{Folder: in(t.TempDir()), Verify: true}
	mustFail(t, verify, nil, "no Overtime is running")
	for want, c := range map[string]struct {
		status int
		answer string
	}{
		"another version":       {http.StatusNotFound, `404 page not found`},
		"cannot be read":        {http.StatusOK, `{"whole":`},
		"the server's answer":   {http.StatusOK, `{}`},
		"500 Internal Server E": {http.StatusInternalServerError, ``},
	} {
		data := t.TempDir()
		h, _ := answering(t, c.status, c.answer)
		serve(t, data, h)
		mustFail(t, &config.Audit{Folder: in(data), Verify: true}, nil, want)
	}
}
