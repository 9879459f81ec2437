package datafolder_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"overtime/internal/datafolder"
)

func mustOpen(t *testing.T, path string) *datafolder.Folder {
	t.Helper()
	f, err := datafolder.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // the test may have closed it
	return f
}

func mustClose(t *testing.T, f *datafolder.Folder) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestIdentity: made once, the same for as long as the folder lives, different
// for every folder.
func TestIdentity(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "data")
	f := mustOpen(t, path)
	first := f.Identity()
	if first.Node == "" || len(first.Tickets) != 1 || len(first.Tickets[0].Value) < 32 || first.Tickets[0].ID == "" {
		t.Errorf("made %+v", first)
	}
	mustClose(t, f)
	if again := mustOpen(t, path).Identity(); !reflect.DeepEqual(again, first) {
		t.Errorf("was %+v, is %+v", first, again)
	}
	other := mustOpen(t, t.TempDir()).Identity()
	if other.Node == first.Node || bytes.Equal(other.Tickets[0].Value, first.Tickets[0].Value) {
		t.Error("two folders have one identity")
	}
}

// TestRotate: a new key signs, the last one is still known, no older one is.
func TestRotate(t *testing.T) {
	path := t.TempDir()
	f := mustOpen(t, path)
	node, keys := f.Identity().Node, []datafolder.Secret{f.Identity().Tickets[0]}
	for range 3 {
		if err := f.Rotate(); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, f.Identity().Tickets[0])
	}
	mustClose(t, f)
	again := mustOpen(t, path).Identity()
	if again.Node != node || !reflect.DeepEqual(again.Tickets, []datafolder.Secret{keys[3], keys[2]}) {
		t.Errorf("rotated to %v of all %v", again, keys)
	}
	for i, k := range keys {
		for _, other := range keys[:i] {
			if k.ID == other.ID || bytes.Equal(k.Value, other.Value) {
				t.Errorf("%s was there before", k.ID)
			}
		}
	}
}

// TestRotateFails: a new key that is not on the disk signs nothing.
func TestRotateFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	f := mustOpen(t, path)
	before := f.Identity()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := f.Rotate(); err == nil || !reflect.DeepEqual(f.Identity(), before) {
		t.Errorf("%v, and the identity is %v, was %v", err, f.Identity(), before)
	}
}

// TestFill: an identity moves to an empty folder, and to no other.
func TestFill(t *testing.T) {
	f := mustOpen(t, t.TempDir())
	text, err := f.Text()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "new")
	if datafolder.Holds(path) {
		t.Error("a folder that is not there holds data")
	}
	moved, err := datafolder.Fill(path, text)
	if err != nil || !reflect.DeepEqual(moved.Identity(), f.Identity()) || !datafolder.Holds(path) {
		t.Fatalf("moved to %v, %v", moved, err)
	}
	if other, err := datafolder.Fill(path, text); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("filled twice: %v, %v", other, err)
	}
	if err := os.WriteFile(moved.Path("more"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := moved.Empty(); err != nil || datafolder.Holds(path) {
		t.Errorf("emptied: %v", err)
	}
	mustClose(t, moved)
	again, err := datafolder.Fill(path, text) // with the lock file of before
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, again)
	if bad, err := datafolder.Fill(t.TempDir(), []byte(`{"node":"n1"}`)); err == nil {
		t.Errorf("filled with half an identity: %v", bad)
	}
	info, err := os.Stat(filepath.Join(path, "identity.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secrets have the mode %v, %v", info.Mode(), err)
	}
}

// TestModes: nobody else on the machine reads the secrets.
func TestModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	f := mustOpen(t, path)
	for name, want := range map[string]os.FileMode{".": 0o700, "identity.json": 0o600, "lock": 0o600} {
		info, err := os.Stat(f.Path(name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v (%v), want %v", name, info.Mode().Perm(), err, want)
		}
	}
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// TestLock: one server for a folder, in this process or another.
func TestLock(t *testing.T) {
	path := t.TempDir()
	f := mustOpen(t, path)
	if second, err := datafolder.Open(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "--data") {
		t.Errorf("opened twice: %v, %v", second, err)
	}
	mustClose(t, f)
	mustOpen(t, path)
}

const otherFolder = "OVERTIME_TEST_FOLDER"

// TestLockOfProcess: another process keeps its folder until it dies, however
// it dies.
func TestLockOfProcess(t *testing.T) {
	if path := os.Getenv(otherFolder); path != "" {
		hold(t, path)
		return
	}
	path := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestLockOfProcess$")
	cmd.Env = append(os.Environ(), otherFolder+"="+path)
	stdin, err := cmd.StdinPipe() // kept open: the other process waits on it
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len(held))); err != nil {
		t.Fatal(err)
	}
	if _, err := datafolder.Open(path); err == nil {
		t.Error("opened the folder of another process")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	mustOpen(t, path)
}

const held = "held\n"

// hold is the other process.
func hold(t *testing.T, path string) {
	t.Helper()
	mustOpen(t, path)
	if _, err := os.Stdout.WriteString(held); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
}

// TestDamaged: a server does not start with half an identity, nor makes a new
// one that would void every link without a word.
func TestDamaged(t *testing.T) {
	for name, text := range map[string]string{
		"Empty": "", "NotJSON": "{", "NoNode": `{"ticket_keys":[{"id":"a","value":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}]}`,
		"NoKeys": `{"node":"n1","ticket_keys":[]}`, "ShortKey": `{"node":"n1","ticket_keys":[{"id":"a","value":"MDEy"}]}`,
		"NamelessKey": `{"node":"n1","ticket_keys":[{"value":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir()
			file := filepath.Join(path, "identity.json")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time as well: the first let go of the lock
				f, err := datafolder.Open(path)
				if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "damaged") {
					t.Fatalf("opened %+v, %v", f, err)
				}
			}
			if now, err := os.ReadFile(file); err != nil || string(now) != text {
				t.Errorf("the file became %q, %v", now, err)
			}
		})
	}
}

// TestNotAFolder is a sentence for the operator.
func TestNotAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := datafolder.Open(file); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("got %v", err)
	}
}
