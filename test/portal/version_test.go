package portal

import (
	"archive/zip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"overtime/test/program"
)

// said is what the built server answers to a command.
func said(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program.Server(t), args...).Output()
	if err != nil {
		t.Fatalf("overtime %s: %v %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// fromRepository reports whether the server can have been told what it was made
// from: in an archive of the sources there is no repository to ask.
func fromRepository(t *testing.T) bool {
	t.Helper()
	return exec.CommandContext(t.Context(), "git", "rev-parse", "HEAD").Run() == nil
}

// TestVersion: the binary that make leaves knows what it was made from, and says
// so wherever somebody may look for it. It asks the binary, because the linker
// takes the name of a variable that does not exist without a word.
func TestVersion(t *testing.T) {
	var made struct{ Version, Commit, Date, Go, Pion, NATS string }
	if err := json.Unmarshal([]byte(said(t, "version", "--json")), &made); err != nil {
		t.Fatal(err)
	}
	for text, form := range map[string]string{made.Go: `^go1\.`, made.Pion: `^v3\.3\.6$`, made.NATS: `^v2\.\d+\.\d+`} {
		if !regexp.MustCompile(form).MatchString(text) {
			t.Errorf("%+v: %q is not %s", made, text, form)
		}
	}
	if fromRepository(t) {
		_, noDate := time.Parse(time.RFC3339, made.Date)
		if made.Version == "unknown" || !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(made.Commit) || noDate != nil {
			t.Errorf("it does not know what it was made from: %+v", made)
		}
	}
	line := said(t, "version")
	for _, part := range []string{made.Version, made.Commit, made.Date, made.Go, made.Pion, made.NATS} {
		if !strings.Contains(line, part) {
			t.Errorf("%q lacks %s", line, part)
		}
	}
	if short := said(t, "--version"); short != line {
		t.Errorf("--version says %q, version %q", short, line)
	}

	data := filepath.Join(t.TempDir(), "data")
	_, log := serve(t, "--data", data)
	if want := "build.version=" + made.Version + " build.commit=" + made.Commit; !strings.Contains(log.String(), want) {
		t.Errorf("the log of the start lacks %q:\n%s", want, log)
	}
	if got := versionOfBackup(t, data); got != said(t, "version", "--json") {
		t.Errorf("a backup was made by %s", got)
	}
}

// versionOfBackup has the server of a data folder make a backup, and reads who made it.
func versionOfBackup(t *testing.T, data string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup.zip")
	said(t, "backup", "--data", data, file)
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close() //nolint:errcheck // it was read only
	folder := t.TempDir()
	if err := os.CopyFS(folder, archive); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "version.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
