package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"overtime/internal/store"
)

// FuzzRecord: whatever stands in a record, reading it fails or gives something
// that reads the same once it is written.
func FuzzRecord(f *testing.F) {
	for _, name := range []string{"first", "now", "held", "former"} {
		text, err := os.ReadFile(filepath.Join("testdata", "record-"+name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		once, err := store.Recode(text)
		if err != nil {
			return
		}
		twice, err := store.Recode(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%q became %q and then %q (%v)", text, once, twice, err)
		}
	})
}

// TestRecordOfThePast: what earlier servers wrote is read. A change of what is
// written gets a file of its own here, and the old ones stay.
func TestRecordOfThePast(t *testing.T) {
	for _, name := range []string{"first", "now", "held", "former"} {
		text, err := os.ReadFile(filepath.Join("testdata", "record-"+name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := store.Recode(text)
		if err != nil {
			t.Errorf("the %s record: %v", name, err)
		}
		for _, word := range []string{`"Weekly review"`, `"extended_minutes":20`, `"window_opened"`, `"capacity":50`, `"chat":"on"`, `"screen_share":"anyone"`} {
			if !bytes.Contains(again, []byte(word)) {
				t.Errorf("of the %s record %s is lost: %s", name, word, again)
			}
		}
	}
}
