package bus

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	// leastFree is how many bytes must be free where the streams are, for new
	// meetings to be taken on: on a full disk every write fails. On a disk of
	// less than ten times as much, leastPart of it must be.
	leastFree = 1 << 30
	leastPart = 10
	// lookEvery is how long what was seen counts. Anybody may ask, and looking
	// reads a folder.
	lookEvery = 250 * time.Millisecond
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

// check says what is nearly full.
func (d Disk) check(what string) error {
	if need := min(leastFree, d.Total/leastPart); d.Free < need {
		return fmt.Errorf("%s is nearly full: %d MiB are free, %d MiB are needed", what, d.Free>>20, need>>20)
	}
	return nil
}

// health keeps what was seen last.
type health struct {
	mu   sync.Mutex // guards what follows; held while looking, so that one looks for all
	at   time.Time
	seen error

	// broken is what the watch saw, so that whoever writes need not wait for a
	// disk that hangs.
	broken atomic.Pointer[error]
}

// Healthy reports why the bus cannot be relied on now, nil if it can: what it
// stores might be lost, or could soon not be stored. It is cheap to ask.
func (b *Bus) Healthy() error {
	b.health.mu.Lock()
	defer b.health.mu.Unlock()
	if now := time.Now(); b.health.at.IsZero() || now.Sub(b.health.at) >= lookEvery {
		b.health.at, b.health.seen = now, b.look()
	}
	return b.health.seen
}

// Broken reports why no write can succeed now, nil if one might. It knows half
// a second later, and never waits.
func (b *Bus) Broken() error {
	if why := b.health.broken.Load(); why != nil {
		return *why
	}
	return nil
}

func (b *Bus) look() error {
	if !b.conn.IsConnected() {
		return errors.New("the bus is not connected")
	}
	if err := b.keeper.trouble(); err != nil {
		return err
	}
	left, err := b.keeper.space()
	if err != nil {
		return err
	}
	if err := left.check("the store"); err != nil {
		return err
	}
	return b.diskSpace()
}

// diskSpace reports why there is no room on the disk for more meetings.
func (b *Bus) diskSpace() error {
	disk, err := b.disk(b.folder)
	if err != nil {
		return fmt.Errorf("the disk of the data folder cannot be asked: %w", err)
	}
	return disk.check("the disk of the data folder")
}

// trouble is what a server on the same folder started anew might be free of.
func (k *keeper) trouble() error {
	srv, err := k.running()
	if err != nil {
		return err
	}
	// This is where a stream that failed to write says so.
	if h := srv.Healthz(&server.HealthzOptions{}); h.Status != "ok" {
		return fmt.Errorf("the store is not well: %s", h.Error)
	}
	if !k.conn.IsConnected() {
		return errors.New("the store is not connected")
	}
	return nil
}

// space is how much the streams may hold, and says if they hold it all.
func (k *keeper) space() (left Disk, full error) {
	srv, err := k.running()
	if err != nil {
		return Disk{}, err
	}
	info, err := srv.Jsz(nil)
	if err != nil {
		return Disk{}, fmt.Errorf("the store does not say how full it is: %w", err)
	}
	if info.Disabled {
		return Disk{}, nil // which is trouble of another kind
	}
	left.Total = uint64(info.Config.MaxStore)
	if info.Store > left.Total { // which is when the server refuses
		return left, fmt.Errorf("the store is full: it holds the %d MiB that it may", left.Total>>20)
	}
	left.Free = left.Total - info.Store
	return left, nil
}
