package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// smallDisk is a disk of 24 MiB, on which a server keeps its data beside a
// ballast that can fill it.
type smallDisk struct {
	t    *testing.T
	path string
}

const diskSize = 24 << 20

// mustDisk mounts a disk. It must be called before what uses it, whose end then
// comes first.
func mustDisk(t *testing.T) *smallDisk {
	t.Helper()
	d := &smallDisk{t: t, path: t.TempDir()}
	if err := mount(d.path, diskSize); err != nil {
		t.Fatalf("no disk could be mounted (%v); run this as root, or where user namespaces are allowed", err)
	}
	t.Cleanup(func() {
		if err := unmount(d.path); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *smallDisk) ballast() string { return filepath.Join(d.path, "ballast") }

// fill takes all that is free.
func (d *smallDisk) fill() {
	d.t.Helper()
	f, err := os.Create(d.ballast())
	if err != nil {
		d.t.Fatal(err)
	}
	for block := make([]byte, 64<<10); len(block) > 0; {
		switch _, err := f.Write(block); {
		case errors.Is(err, syscall.ENOSPC):
			block = block[:len(block)/2]
		case err != nil:
			d.t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		d.t.Fatal(err)
	}
}

// free gives back what fill took.
func (d *smallDisk) free() {
	d.t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.t.Fatal(err)
	}
}

// asKilled is a copy of a folder as it is on the disk this moment: what a
// process that is killed leaves behind, as long as nothing is being written.
func asKilled(t *testing.T, folder string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return to
}
