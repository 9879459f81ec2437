package testkit

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// Logs keeps the messages that were logged, so that a test can wait for one. It
// is safe for concurrent use.
type Logs struct {
	slog.Handler
	mu    sync.Mutex // guards what follows
	lines []string
	more  chan struct{} // closed and replaced at each line
}

// NewLogs keeps messages of every level.
func NewLogs() *Logs {
	return &Logs{
		Handler: slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}),
		more:    make(chan struct{}),
	}
}

// Handle implements slog.Handler.
func (l *Logs) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, r.Message)
	close(l.more)
	l.more = make(chan struct{})
	return nil
}

// WithAttrs implements slog.Handler: attributes are not kept.
func (l *Logs) WithAttrs([]slog.Attr) slog.Handler { return l }

// Say reports whether a message that contains text was logged.
func (l *Logs) Say(text string) bool { return l.count(text) > 0 }

// count is how many messages contain text.
func (l *Logs) count(text string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.lines {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

// MustSay waits until a message that contains text is logged.
func (l *Logs) MustSay(t testing.TB, text string) {
	t.Helper()
	late := time.After(Patience)
	for {
		l.mu.Lock()
		more := l.more
		l.mu.Unlock()
		if l.Say(text) {
			return
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("nothing logged that says %q", text)
		}
	}
}
