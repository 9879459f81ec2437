package upgrade_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overtime/internal/protocol"
)

// TestWordsOfThePreviousVersion: whatever a browser sends that still runs the
// previous version's program is understood, as is whatever a server sends that
// was put back. testdata/previous is that version's testdata/golden.
func TestWordsOfThePreviousVersion(t *testing.T) {
	files, err := filepath.Glob("testdata/previous/*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("only %d messages are here: %v", len(files), err)
	}
	browsers := map[string]bool{}
	for _, m := range protocol.ClientMessages() {
		browsers[protocol.ClientType(m)] = true
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if browsers[name] {
				_, err = protocol.DecodeClient(text)
			} else {
				_, err = protocol.DecodeServer(text)
			}
			if err != nil {
				t.Errorf("not understood: %v", err)
			}
		})
	}
}
