package archtest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"overtime/internal/words"
)

const root = "../.."

func TestHouse(t *testing.T) {
	sources, err := load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 50 {
		t.Fatalf("only %d files found: the rules look at the wrong folder", len(sources))
	}
	for name, violations := range map[string][]violation{
		"Layers":    checkLayers(sources, layers),
		"Owners":    checkOwners(sources, owners),
		"Strangers": checkStrangers(sources, strangers),
		"Clocks":    checkClocks(sources, clockless),
		"Sleeps":    checkSleeps(sources),
		"Skips":     checkSkips(sources),
		"Requests":  checkRequests(sources, inBrowser),
		"Gates":     checkGates(sources),
		"Styles":    checkStyles(sources),
		"Sentences": checkSentences(sources, words.English().Messages(), writtenKeys(t)),
		"Written":   checkWritten(sources),
		"Lengths":   checkLengths(sources),
		"Comments":  checkComments(sources),
		"Names":     checkNames(sources),
		"Types":     checkTypes(sources),
	} {
		t.Run(name, func(t *testing.T) { report(t, violations) })
	}
}

// TestLargestTypes says which types are about to become too large (make rules
// shows it), and that the measure sees what it should.
func TestLargestTypes(t *testing.T) {
	sources, err := load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	sizes := measureTypes(sources)
	if len(sizes) < 200 {
		t.Fatalf("only %d types found", len(sizes))
	}
	for _, size := range sizes[:10] {
		t.Log(size)
	}
}

// TestRulesAreAboutPackagesThatExist: a renamed package must not lose its rules.
func TestRulesAreAboutPackagesThatExist(t *testing.T) {
	named := append([]string{}, clockless...)
	for _, l := range layers {
		named = append(append(named, l.pkg), l.imports...)
	}
	for _, o := range owners {
		named = append(named, o.by...)
	}
	for _, pair := range strangers {
		named = append(named, pair[0], pair[1])
	}
	for _, pkg := range append(named, heavy...) {
		folder, ours := strings.CutPrefix(pkg, module)
		if !ours {
			continue
		}
		if _, err := os.Stat(root + folder); err != nil {
			t.Errorf("a rule names %s, which is not there", pkg)
		}
	}
}

// TestProgram asks the go command for everything the browser program links,
// with the modules that it is built with.
func TestProgram(t *testing.T) {
	modules := t.TempDir()
	output(t, exec.Command("go", "run", "./app/fence", modules))
	program := exec.Command("go", "list", "-modfile="+filepath.Join(modules, "browser.mod"), "-deps", "./app")
	program.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	deps := strings.Fields(output(t, program))
	if len(deps) < 50 {
		t.Fatalf("only %d packages: the list is not of the program", len(deps))
	}
	report(t, checkProgram(deps, heavy))
}

// writtenKeys are the keys of sentences in the files of package web.
func writtenKeys(t *testing.T) []string {
	var keys []string
	for _, pattern := range []string{"/web/*.html", "/web/*.webmanifest"} {
		files, err := filepath.Glob(root + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, keysIn(string(text))...)
		}
	}
	return keys
}

func report(t *testing.T, violations []violation) {
	t.Helper()
	for _, v := range violations {
		t.Error(v)
	}
}

// output is what a command says that is run at the module's root.
func output(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	command.Dir = root
	var trouble bytes.Buffer
	command.Stderr = &trouble
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, &trouble)
	}
	return string(out)
}
