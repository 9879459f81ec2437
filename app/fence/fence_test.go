package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// goAppFiles is go-app as the module cache has it.
func goAppFiles(t *testing.T) fs.FS {
	t.Helper()
	folder, err := inModuleCache(goApp)
	if err != nil {
		t.Fatal(err)
	}
	return os.DirFS(folder)
}

func TestWhatIsLeftOut(t *testing.T) {
	folder := t.TempDir()
	if err := fenceGoApp(goAppFiles(t), folder); err != nil {
		t.Fatal(err)
	}
	made := os.DirFS(folder)
	for name := range leftOut {
		original, err := fs.ReadFile(goAppFiles(t), name)
		if err != nil {
			t.Fatal(err)
		}
		if content, err := fs.ReadFile(made, name); err == nil && string(content) == string(original) {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range []string{"go.mod", "pkg/app/html.go", "pkg/app/http.go", "pkg/errors/errors.go"} {
		if _, err := fs.Stat(made, name); err != nil {
			t.Error(err)
		}
	}
	if tests, _ := fs.Glob(made, "pkg/app/*_test.go"); len(tests) > 0 {
		t.Errorf("tests were copied: %v", tests)
	}
}

// TestAnotherGoAppStopsTheBuild: a newer go-app may have put into one of the
// files what the program needs.
func TestAnotherGoAppStopsTheBuild(t *testing.T) {
	files := fstest.MapFS{"go.mod": {Data: []byte("module x\n")}}
	for name := range leftOut {
		content, err := fs.ReadFile(goAppFiles(t), name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	if err := fenceGoApp(files, t.TempDir()); err != nil {
		t.Fatalf("the same files: %v", err)
	}
	for name, file := range files {
		if name == "go.mod" {
			continue
		}
		files[name] = &fstest.MapFile{Data: append([]byte("// newer\n"), file.Data...)}
		if err := fenceGoApp(files, t.TempDir()); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "read what changed in it") {
			t.Errorf("a changed %s: got %v", name, err)
		}
		delete(files, name)
		if err := fenceGoApp(files, t.TempDir()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("a missing %s: got %v", name, err)
		}
		files[name] = file
	}
}

func TestModuleFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{"go.mod": "module x\n", "go.sum": "sums\n"} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll("build/browser", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := writeModuleFile("build/browser"); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("build/browser/browser.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"module x\n", goApp + ` => "./build/browser/go-app"` + "\n", uuid + ` => "./build/browser/uuid"` + "\n"} {
		if !strings.Contains(string(mod), line) {
			t.Errorf("without %q:\n%s", line, mod)
		}
	}
	if sums, err := os.ReadFile("build/browser/browser.sum"); err != nil || string(sums) != "sums\n" {
		t.Errorf("got %q, %v", sums, err)
	}
}

// TestRouter runs the tests of the router that stands in for go-app's, in a
// module of their own: the go command leaves the stand-in alone where it is.
func TestRouter(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/router")); err != nil {
		t.Fatal(err)
	}
	if err := copyFile(standIns, "_standins/go-app/route.go", filepath.Join(folder, "route.go")); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("go", "test", "-v", ".")
	run.Dir = folder
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS: TestRoutes") {
		t.Fatalf("%v\n%s", err, out)
	}
}
