package bus_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"overtime/internal/bus"
)

// TestHealth: a node that could not store what it promises says so, and why.
func TestHealth(t *testing.T) {
	var disk bus.Disk
	var broken error
	b, err := bus.Open(bus.Config{
		Folder: t.TempDir(), Name: "node", Logger: slog.New(slog.DiscardHandler),
		Disk: func(string) (bus.Disk, error) { return disk, broken },
	})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	defer func() {
		if !closed {
			b.Close()
		}
	}()
	const mib, gib = 1 << 20, 1 << 30
	for name, c := range map[string]struct {
		disk   bus.Disk
		broken error
		want   string
	}{
		"Room":         {bus.Disk{Free: 50 * gib, Total: 500 * gib}, nil, ""},
		"LargeAndFull": {bus.Disk{Free: gib - 1, Total: 500 * gib}, nil, "1023 MiB are free, 1024 MiB are needed"},
		"Just":         {bus.Disk{Free: gib, Total: 500 * gib}, nil, ""},
		"Small":        {bus.Disk{Free: 60 * mib, Total: 500 * mib}, nil, ""},
		"SmallAndFull": {bus.Disk{Free: 40 * mib, Total: 500 * mib}, nil, "40 MiB are free, 50 MiB are needed"},
		"Broken":       {bus.Disk{}, errors.New("it rattles"), "cannot be asked: it rattles"},
	} {
		t.Run(name, func(t *testing.T) {
			disk, broken = c.disk, c.broken
			err := b.Look()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("says %v, want %q", err, c.want)
			}
		})
	}
	t.Run("Off", func(t *testing.T) {
		disk, broken = bus.Disk{Total: 500 * gib}, nil // so that it is not healed
		if err := b.Server().DisableJetStream(); err != nil {
			t.Fatal(err)
		}
		if err := b.Look(); err == nil || !strings.Contains(err.Error(), "the store is not well") {
			t.Errorf("without JetStream it says %v", err)
		}
	})
	t.Run("Closed", func(t *testing.T) {
		b.Close()
		closed = true
		if err := b.Look(); err == nil {
			t.Error("well after its end")
		}
	})
}

// TestDiskOf asks the operating system.
func TestDiskOf(t *testing.T) {
	if d, err := bus.DiskOf(t.TempDir()); err != nil || d.Total == 0 || d.Free > d.Total {
		t.Errorf("the disk here: %+v, %v", d, err)
	}
	if _, err := bus.DiskOf("no such folder"); err == nil {
		t.Error("a folder that is not there has a disk")
	}
}
