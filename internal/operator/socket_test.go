package operator_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"overtime/internal/config"
	"overtime/internal/operator"
)

func contextFor(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}

// TestSocket is for its owner alone, replaces one that was left behind, and
// goes when the server goes.
func TestSocket(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, operator.SocketName)
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	if err := stale.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		l, err := operator.Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != fs.ModeSocket|0o600 {
			t.Errorf("its mode is %v, %v", info.Mode(), err)
		}
		if entries, err := os.ReadDir(data); err != nil || len(entries) != 1 {
			t.Errorf("beside it there are %v, %v", entries, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it is still there: %v", err)
		}
	}
}

// TestDeepFolder: a path that is too long for a socket's address works.
func TestDeepFolder(t *testing.T) {
	data := filepath.Join(t.TempDir(), strings.Repeat("deep/", 40))
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	h, _ := answering(t, http.StatusOK, `{"url":"u"}`)
	serve(t, data, h)
	if got := mustRun(t, &config.Token{Folder: in(data), ID: "abc"}, nil); got != "u\n" {
		t.Errorf("prints %q", got)
	}
}

// TestNoSocket is a sentence.
func TestNoSocket(t *testing.T) {
	if l, err := operator.Listen(filepath.Join(t.TempDir(), "none", operator.SocketName)); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("made %v, %v", l, err)
	}
}
