package webhook_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"overtime/internal/event"
)

// written is what somebody wrote in a room.
func written(n int, text string) event.Event {
	return event.Event{
		ID: fmt.Sprintf("aaa-chat-1-%d", n), Kind: event.ChatMessage, At: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC),
		Room: "aaa", Data: json.RawMessage(fmt.Sprintf(`{"room":"aaa","text":%q}`, text)),
	}
}

// TestRecall: a portal that has not taken a message yet is not told of it once it was
// deleted, and hears the rest.
func TestRecall(t *testing.T) {
	b := mustBus(t, t.TempDir())
	t.Cleanup(b.Close)
	p := newPortal(t)
	w := open(t, b.JetStream(), strings.TrimSpace(p.line())+" chat.message")
	waiting, release := block(w)
	p.always(http.StatusServiceUnavailable)
	for n := 1; n <= 12; n++ {
		if err := w.Enqueue(t.Context(), written(n, "the text")); err != nil {
			t.Fatal(err)
		}
	}
	w.deliver()
	p.mustTake(t, "aaa-chat-1-1")
	receive(t, waiting)
	for _, n := range []int{1, 3} { // 1 is being tried, and 10 to 12 are others than it
		if err := w.Recall(t.Context(), written(n, "")); err != nil {
			t.Fatal(err)
		}
	}
	p.always(http.StatusOK)
	release()
	p.mustTake(t, "aaa-chat-1-2", "aaa-chat-1-4", "aaa-chat-1-5")
	p.mustTake(t, "aaa-chat-1-6", "aaa-chat-1-7", "aaa-chat-1-8", "aaa-chat-1-9", "aaa-chat-1-10", "aaa-chat-1-11", "aaa-chat-1-12")
}

// TestNothingOfAText: of what people wrote nothing is on the disk once portals have it, or
// are not to have it any more.
func TestNothingOfAText(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	t.Cleanup(b.Close)
	p := newPortal(t)
	w := open(t, b.JetStream(), strings.TrimSpace(p.line())+" chat.message")
	for n, text := range []string{"the first secret", "the second secret", "no matter"} {
		if err := w.Enqueue(t.Context(), written(n, text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Recall(t.Context(), written(0, "")); err != nil {
		t.Fatal(err)
	}
	mustNotHold(t, folder, "first secret")
	waiting, release := block(w)
	defer release()
	p.answers(func(_ http.ResponseWriter, r request) int {
		if r.id == "aaa-chat-1-2" {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	})
	w.deliver()
	p.mustTake(t, "aaa-chat-1-1", "aaa-chat-1-2")
	receive(t, waiting)
	mustNotHold(t, folder, "second secret")
}

// mustNotHold reads every file of a folder: a text is in none of them.
func mustNotHold(t *testing.T, folder, text string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), text) {
			t.Errorf("%s holds %q", path, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
