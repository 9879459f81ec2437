package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/seal"
)

const (
	// jetStreamMemory bounds JetStream's memory streams, of which we use none.
	jetStreamMemory = 64 << 20
	// jetStreamStore bounds its files: by default 75 % of what happens to be
	// free at the start, beyond which every write fails until the next. A room
	// is under 64 KiB; long before that the disk is looked at (health.go).
	jetStreamStore = 1 << 40
	// reconnectWait is how long after a refusal a connection is asked for again.
	reconnectWait = 50 * time.Millisecond
	// reconnectTimeout bounds the wait for it once a server is there.
	reconnectTimeout = 5 * time.Second
)

// keeper keeps the streams: an embedded server with JetStream, which can be
// replaced by another on the same folder, and a connection that goes on with
// the new one. It is safe for concurrent use, but for restart and close.
type keeper struct {
	options server.Options
	log     *slog.Logger
	conn    *nats.Conn
	stream  jetstream.JetStream
	again   chan struct{} // takes one: connected to another server
	seal    *sealing      // nil until the first server runs
	sealer  *seal.Sealer  // of what the last check read; from then on sealing.mu guards it
	// hands is held by whoever handles the streams as a whole: to start their
	// server anew, or to restore them.
	hands sync.Mutex

	mu     sync.Mutex     // guards what follows
	server *server.Server // nil while there is none
	failed error          // why there is none
}

// errStarting is why there is no server between two.
var errStarting = errors.New("the store is being started anew")

func openKeeper(cfg Config, options ...nats.Option) (*keeper, error) {
	k := &keeper{log: cfg.Logger, again: make(chan struct{}, 1), options: server.Options{
		ServerName: cfg.Name,
		JetStream:  true,
		StoreDir:   cfg.Folder,
		// An acknowledged write survives a loss of power: the default syncs
		// every two minutes only.
		SyncAlways:         true,
		JetStreamMaxMemory: jetStreamMemory,
		JetStreamMaxStore:  jetStreamStore,
	}}
	if cfg.MaxStore != 0 {
		k.options.JetStreamMaxStore = cfg.MaxStore
	}
	err := k.start()
	if err == nil {
		err = k.connect(options)
	}
	if err != nil {
		k.close()
		return nil, err
	}
	k.seal = startSealing(k)
	return k, nil
}

func (k *keeper) connect(options []nats.Option) (err error) {
	// Nothing is kept for the next server: whoever writes has to know at once
	// that it was not done.
	options = append(options, nats.InProcessServer(k), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait),
		nats.ReconnectJitter(0, 0), nats.ReconnectBufSize(-1), nats.ReconnectHandler(k.reconnected))
	if k.conn, err = nats.Connect("", options...); err != nil {
		return fmt.Errorf("bus: connecting inside the process: %w", err)
	}
	if k.stream, err = jetstream.New(k.conn); err != nil {
		return fmt.Errorf("bus: JetStream: %w", err)
	}
	return nil
}

// InProcessConn gives the connection its way to the server of the moment. It is
// called by nats.go.
func (k *keeper) InProcessConn() (net.Conn, error) {
	srv, err := k.running()
	if err != nil {
		return nil, err
	}
	return srv.InProcessConn()
}

// running is the server, or why there is none.
func (k *keeper) running() (*server.Server, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.server, k.failed
}

func (k *keeper) set(srv *server.Server, why error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.server, k.failed = srv, why
}

func (k *keeper) start() error {
	var srv *server.Server
	sealer, err := inspect(k.options.StoreDir, k.log)
	if err == nil {
		k.sealer = sealer
		srv, err = startServer(k.options, k.log)
	}
	if err == nil {
		if err = durable(srv); err != nil {
			stopServer(srv)
		}
	}
	if err != nil {
		k.set(nil, fmt.Errorf("the store cannot be started: %w", forAnybody(err)))
		return err
	}
	k.set(srv, nil)
	return nil
}

// forAnybody is why there is no store, for whoever asks whether the server is
// ready.
func forAnybody(err error) error {
	var damaged *seal.DamagedError
	if errors.As(err, &damaged) {
		return errors.New(damaged.Brief())
	}
	return err
}

// durable refuses a server that would acknowledge what a loss of power can
// still take away.
func durable(srv *server.Server) error {
	info, err := srv.Jsz(&server.JSzOptions{Streams: true, Config: true})
	if err != nil {
		return fmt.Errorf("bus: looking at the streams: %w", err)
	}
	if info.Disabled || !info.Config.SyncAlways {
		return errors.New("bus: the store does not write through to the disk; this is a mistake in how it is set up")
	}
	for _, account := range info.AccountDetails {
		for _, s := range account.Streams {
			if s.Config.Storage != server.FileStorage || s.Config.PersistMode != server.DefaultPersistMode {
				return fmt.Errorf("bus: the stream %s does not write through to the disk, and was not made by this program; "+
					"restore a backup into an empty data folder", s.Name)
			}
		}
	}
	return nil
}

func (k *keeper) stop(why error) {
	srv, _ := k.running()
	k.set(nil, why)
	if srv != nil {
		stopServer(srv)
	}
}

// restart replaces the server by another on the same folder, and returns once
// the connection is there again.
func (k *keeper) restart(ctx context.Context) error {
	k.seal.mu.Lock()
	defer k.seal.mu.Unlock()
	k.stop(errStarting)
	select {
	case <-k.again: // of an earlier one
	default:
	}
	if err := k.start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, reconnectTimeout)
	defer cancel()
	select {
	case <-k.again:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("bus: connecting to the store again: %w", ctx.Err())
	}
}

// reconnected is called by nats.go.
func (k *keeper) reconnected(*nats.Conn) {
	select {
	case k.again <- struct{}{}:
	default:
	}
}

func (k *keeper) close() {
	if k.conn != nil {
		k.conn.Close()
	}
	stop := func() { k.stop(errors.New("the store is closed")) }
	if k.seal == nil {
		stop()
		return
	}
	k.seal.close(stop)
}
