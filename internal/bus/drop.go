package bus

import (
	"context"
	"fmt"
	"time"
)

// DropStream takes a stream away for good; one that is not there is fine. The seal
// is told first, so that nobody misses it after a kill.
func (b *Bus) DropStream(ctx context.Context, name string) error {
	k := b.keeper
	k.hands.Lock()
	defer k.hands.Unlock()
	k.seal.mu.Lock()
	defer k.seal.mu.Unlock()
	k.seal.update()
	err := k.sealer.Forget(time.Now(), name)
	if err == nil {
		err = b.removeStream(ctx, name)
	}
	if err == nil { // it must not come back after a loss of power
		err = syncFolder(streamsFolder(b.folder))
	}
	if err != nil {
		return fmt.Errorf("bus: taking the stream %s away: %w", name, err)
	}
	return nil
}
