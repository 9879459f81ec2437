package archtest

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
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
		"Lengths":   checkLengths(sources),
		"Comments":  checkComments(sources),
		"Names":     checkNames(sources),
	} {
		t.Run(name, func(t *testing.T) { report(t, violations) })
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

// TestProgram asks the go command for everything the browser program links.
func TestProgram(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "./app")
	list.Dir = root
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var trouble bytes.Buffer
	list.Stderr = &trouble
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &trouble)
	}
	deps := strings.Fields(string(out))
	if len(deps) < 50 {
		t.Fatalf("only %d packages: the list is not of the program", len(deps))
	}
	report(t, checkProgram(deps, heavy))
}

func report(t *testing.T, violations []violation) {
	t.Helper()
	for _, v := range violations {
		t.Error(v)
	}
}
