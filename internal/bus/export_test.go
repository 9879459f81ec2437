package bus

import (
	"context"
	"io"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Server is the embedded server that keeps the streams, at the moment.
func (b *Bus) Server() *server.Server {
	srv, _ := b.keeper.running()
	return srv
}

// Carrier is the embedded server that carries the messages.
func (b *Bus) Carrier() *server.Server { return b.server }

// Look is Healthy as it is this moment.
func (b *Bus) Look() error { return b.look() }

// Restart is what healing does.
func (b *Bus) Restart() error {
	b.keeper.hands.Lock()
	defer b.keeper.hands.Unlock()
	return b.keeper.restart(context.Background())
}

// Seal notes what the store holds, as is done every second.
func (b *Bus) Seal() {
	b.keeper.seal.mu.Lock()
	defer b.keeper.seal.mu.Unlock()
	b.keeper.seal.update()
}

// StopSealing has nothing sealed but by Seal.
func (b *Bus) StopSealing() { b.keeper.seal.stop() }

// Durable is the check at every start.
var Durable = durable

// HealByHand stops what heals the store, and has the caller do each look.
func (b *Bus) HealByHand() (look func(now time.Time)) {
	b.stopWatch()
	h := healer{bus: b}
	return func(now time.Time) { h.look(context.Background(), now) }
}

// DiskOf is how a disk is looked at.
var DiskOf = diskOf

// Pace spaces attempts at healing.
type Pace struct{ pace }

func (p *Pace) Due(now time.Time) bool { return p.due(now) }
func (p *Pace) Tried(now time.Time)    { p.tried(now) }
func (p *Pace) Well(now time.Time)     { p.well(now) }

// ReadBackup is the look at everything of a backup before a restore.
func ReadBackup(r io.Reader) error {
	_, err := readBackup(r, io.Discard)
	return err
}
