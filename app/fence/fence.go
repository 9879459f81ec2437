package main

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

const (
	goApp = "github.com/maxence-charriere/go-app/v9"
	uuid  = "github.com/google/uuid"
)

// leftOut are the files of go-app that the browser program is built without,
// with the SHA-256 of what was read before that was decided. Each costs the
// people who open a page what it imports.
var leftOut = map[string]string{
	// The server of pages: net/http, crypto/tls, and text/template, which keeps
	// the linker from dropping methods that nobody calls.
	"pkg/app/http.go":     "970d42ad2eb2897f5d179802189449eac5bcc162062707c759fa72b42cc48154",
	"pkg/app/resource.go": "e291206c020f804adff4df09fa7fa792bb15a6fccacffe2c409833b6f1ffae19",
	// The router: regexp, for two patterns.
	"pkg/app/route.go": "164adabe8fbf70301f946a60ac22ee4f714b503ea4dbc170e57505057bd41365",
	// AES, for encrypted values in the browser's storage.
	"pkg/app/crypto.go": "088647254b630cd5c4c17fedf499086c2ad3b6a7d6bbbe1d167d9b6840669789",
}

// The folder begins with an underscore so that the go command leaves it alone:
// these files are compiled as parts of the modules that fence makes.
//
//go:embed _standins
var standIns embed.FS

// run makes the folder anew: go-app and uuid, and browser.mod with browser.sum,
// which name them. It is to be run where go.mod is.
func run(folder string) error {
	source, err := inModuleCache(goApp)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := fenceGoApp(os.DirFS(source), filepath.Join(folder, "go-app")); err != nil {
		return err
	}
	if err := put("_standins/uuid", filepath.Join(folder, "uuid")); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "uuid", "go.mod"), []byte("module "+uuid+"\n\ngo 1.26\n"), 0o644); err != nil {
		return err
	}
	return writeModuleFile(folder)
}

// fenceGoApp copies go-app from source to folder, without its tests and what is
// left out, and puts the stand-ins beside the rest.
func fenceGoApp(source fs.FS, folder string) error {
	for name, known := range leftOut {
		content, err := fs.ReadFile(source, name)
		if err != nil {
			return fmt.Errorf("%s has no %s any more: read what became of it, then mend leftOut in app/fence: %w", goApp, name, err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(content)); sum != known {
			return fmt.Errorf("%s of %s is not the file that app/fence knows: read what changed in it, see that app/fence/_standins still does what the rest of go-app needs, then write its SHA-256, %s, into leftOut in app/fence", name, goApp, sum)
		}
	}
	if err := copyFile(source, "go.mod", filepath.Join(folder, "go.mod")); err != nil {
		return err
	}
	err := fs.WalkDir(source, "pkg", func(name string, entry fs.DirEntry, err error) error {
		_, out := leftOut[name]
		if err != nil || out || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		return copyFile(source, name, filepath.Join(folder, filepath.FromSlash(name)))
	})
	if err != nil {
		return err
	}
	return put("_standins/go-app", filepath.Join(folder, "pkg", "app"))
}

// put copies a folder of stand-ins to another, where other files may be.
func put(from, to string) error {
	entries, err := standIns.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := copyFile(standIns, path.Join(from, entry.Name()), filepath.Join(to, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(source fs.FS, name, to string) error {
	content, err := fs.ReadFile(source, name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}

// writeModuleFile writes our go.mod once more, with the modules in folder in
// place of the published ones. The go command finds the sums by the file's name.
// The paths are relative, because they come to stand in the program.
func writeModuleFile(folder string) error {
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	relative, err := filepath.Rel(here, folder)
	if err != nil {
		return err
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return err
	}
	mod = fmt.Appendf(mod, "\nreplace (\n\t%s => %q\n\t%s => %q\n)\n",
		goApp, "./"+filepath.ToSlash(relative)+"/go-app", uuid, "./"+filepath.ToSlash(relative)+"/uuid")
	if err := os.WriteFile(filepath.Join(folder, "browser.mod"), mod, 0o644); err != nil {
		return err
	}
	return copyFile(os.DirFS("."), "go.sum", filepath.Join(folder, "browser.sum"))
}

// inModuleCache is where the module is that go.mod names, downloaded if need be.
func inModuleCache(module string) (string, error) {
	var trouble bytes.Buffer
	download := exec.Command("go", "mod", "download", "-json", module)
	download.Stderr = &trouble
	out, err := download.Output()
	var found struct{ Dir, Error string }
	if parsed := json.Unmarshal(out, &found); err != nil || parsed != nil || found.Dir == "" {
		return "", fmt.Errorf("go mod download %s: %v %s %s", module, err, found.Error, &trouble)
	}
	return found.Dir, nil
}
