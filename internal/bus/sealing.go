package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"overtime/internal/seal"
)

// sealEvery is how old the seal may be: what was written in the second before a
// kill is held against its own checksums only.
const sealEvery = time.Second

// inspect looks at the files of all streams before NATS opens them, which would
// cut off what it cannot read. An error means that nothing was touched; otherwise
// what seals them from now on is returned.
func inspect(folder string, log *slog.Logger) (*seal.Sealer, error) {
	begin := time.Now()
	found, err := seal.Check(folder)
	if err != nil {
		return nil, fmt.Errorf("bus: looking at the files of the store: %w", err)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	for _, note := range found.Notes {
		log.Warn("the store: " + note)
	}
	if err := found.Settle(time.Now()); err != nil {
		return nil, fmt.Errorf("bus: %w", err)
	}
	log.Info("the files of the store are whole", "MiB", found.Bytes>>20, "read in", time.Since(begin).Round(time.Millisecond))
	return found.Sealer(), nil
}

// sealing keeps the seal of the keeper's files.
type sealing struct {
	keeper *keeper
	stop   func() // ends the goroutine that does it every second

	mu     sync.Mutex // held while the files are looked at, or handled as a whole
	failed bool       // the last time
}

func startSealing(k *keeper) *sealing {
	ctx, cancel := context.WithCancel(context.Background())
	s := &sealing{keeper: k}
	var group sync.WaitGroup
	s.stop = func() { cancel(); group.Wait() }
	group.Go(func() {
		ticks := time.NewTicker(sealEvery)
		defer ticks.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticks.C:
				s.mu.Lock()
				s.update()
				s.mu.Unlock()
			}
		}
	})
	return s
}

// update seals what is there. The caller holds mu. Without a seal of this moment
// the one before holds, so that a failure costs nothing but what it would notice.
func (s *sealing) update() {
	srv, err := s.keeper.running()
	if err == nil {
		err = s.keeper.sealer.Update(time.Now(), func() (map[string]seal.State, error) { return states(srv) })
	}
	if failed := err != nil && srv != nil; failed != s.failed {
		s.failed = failed
		if failed {
			s.keeper.log.Warn("what the store holds could not be noted beside it; it is tried again every second", "error", err)
		}
	}
}

// states are the streams as the server has them.
func states(srv *server.Server) (map[string]seal.State, error) {
	info, err := srv.Jsz(&server.JSzOptions{Streams: true})
	if err != nil {
		return nil, err
	}
	if info.Disabled {
		return nil, errors.New("the store is not well")
	}
	all := map[string]seal.State{}
	for _, account := range info.AccountDetails {
		for _, s := range account.Streams {
			all[s.Name] = seal.State{Last: s.State.LastSeq, Messages: s.State.Msgs}
		}
	}
	return all, nil
}

// close seals what is there a last time, and has the server stopped.
func (s *sealing) close(stop func()) {
	s.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.update()
	stop()
	if err := s.keeper.sealer.Stopped(time.Now()); err != nil && !s.failed {
		s.keeper.log.Warn("what the store holds could not be noted beside it", "error", err)
	}
}
