package archtest

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestGlossary(t *testing.T) {
	found, err := checkGlossary(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	report(t, found)
}

func TestGlossaryCanFail(t *testing.T) {
	const row, leads = "| actor | Owns a room. | `internal/rooms` |\n", "see [glossary](docs/glossary.md)"
	for name, c := range map[string]struct {
		rows, readme string
		want         int
	}{
		"kept":            {row + "| bus | Carries messages. | `internal/rooms` |\n", leads, 0},
		"out of order":    {row + "| Abc | Is before. | `internal/rooms` |\n", leads, 1},
		"twice":           {row + row, leads, 1},
		"two sentences":   {"| actor | Owns a room. And more. | `internal/rooms` |\n", leads, 1},
		"no sentence":     {"| actor | owner | `internal/rooms` |\n", leads, 1},
		"gone":            {"| actor | Owns a room. | `internal/gone` |\n", leads, 1},
		"no folder":       {row + "| bus | Carries messages. | rooms |\n", leads, 1},
		"nothing":         {"", leads, 1},
		"nobody is led":   {row, "nothing", 1},
		"a heading alone": {"| word | what | where |\n| --- | --- | --- |\n" + row, leads, 0},
	} {
		tree := fstest.MapFS{
			"docs/glossary.md":        {Data: []byte(c.rows)},
			"docs/architecture.md":    {Data: []byte("[glossary](glossary.md)")},
			"README.md":               {Data: []byte(c.readme)},
			"internal/rooms/rooms.go": {Data: []byte("package rooms")},
		}
		found, err := checkGlossary(tree)
		if err != nil || len(found) != c.want {
			t.Errorf("%s: found %v, %v", name, found, err)
		}
	}
	if _, err := checkGlossary(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "glossary") {
		t.Errorf("without one: %v", err)
	}
}
