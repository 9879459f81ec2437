package bus

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	// leastFree is how many bytes must be free where the streams are, for new
	// meetings to be taken on: on a full disk every write fails until a restart.
	// On a disk of less than ten times as much, leastPart of it must be.
	leastFree = 1 << 30
	leastPart = 10
	// lookEvery is how long what was seen counts. Anybody may ask, and looking
	// reads a folder.
	lookEvery = time.Second
)

// Disk is the size of a file system and what of it is free for us, in bytes.
type Disk struct{ Free, Total uint64 }

// diskOf asks the operating system.
func diskOf(folder string) (Disk, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return Disk{}, err
	}
	block := uint64(s.Bsize)
	return Disk{Free: s.Bavail * block, Total: s.Blocks * block}, nil
}

func (d Disk) check() error {
	if need := min(leastFree, d.Total/leastPart); d.Free < need {
		return fmt.Errorf("the disk of the data folder is nearly full: %d MiB are free, %d MiB are needed", d.Free>>20, need>>20)
	}
	return nil
}

// health keeps what was seen last.
type health struct {
	mu   sync.Mutex // guards what follows; held while looking, so that one looks for all
	at   time.Time
	seen error
}

// Healthy reports why the bus cannot be relied on now, nil if it can: what it
// stores might be lost, or could not be stored. It is cheap to ask.
func (b *Bus) Healthy() error {
	b.health.mu.Lock()
	defer b.health.mu.Unlock()
	if now := time.Now(); b.health.at.IsZero() || now.Sub(b.health.at) >= lookEvery {
		b.health.at, b.health.seen = now, b.look()
	}
	return b.health.seen
}

func (b *Bus) look() error {
	if !b.conn.IsConnected() {
		return errors.New("the bus is not connected")
	}
	// This is where a stream that failed to write says so.
	if h := b.server.Healthz(&server.HealthzOptions{}); h.Status != "ok" {
		return fmt.Errorf("the store is not well: %s", h.Error)
	}
	disk, err := b.disk(b.folder)
	if err != nil {
		return fmt.Errorf("the disk of the data folder cannot be asked: %w", err)
	}
	return disk.check()
}
