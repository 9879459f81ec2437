package bus

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Config says where the embedded server keeps its streams.
type Config struct {
	Folder string // must not be shared with another server
	Name   string // this node's
	Logger *slog.Logger
	// Disk looks at the disk of a folder; nil asks the operating system.
	Disk func(folder string) (Disk, error)
	// MaxStore is how much the streams may hold, in bytes; 0 is a TiB, which
	// leaves it to the disk.
	MaxStore int64
}

// Bus is a connection to NATS. It is safe for concurrent use.
//
// Two servers are embedded: one carries the messages, the other, which the
// keeper has, keeps the streams. So the latter can be started anew without a
// message being lost.
type Bus struct {
	server *server.Server
	conn   *nats.Conn
	keeper *keeper
	log    *slog.Logger

	folder    string
	disk      func(string) (Disk, error)
	health    health
	stopWatch func()
}

// Open starts the embedded servers and connects to them inside the process.
// Trouble of the store is noticed from Watch on.
func Open(cfg Config) (*Bus, error) {
	if cfg.Folder == "" {
		return nil, errors.New("bus: a folder is needed, or JetStream would take a temporary one")
	}
	if err := mustBeRestored(cfg.Folder); err != nil {
		return nil, err
	}
	b := &Bus{log: cfg.Logger, folder: cfg.Folder, disk: cfg.Disk, stopWatch: func() {}}
	if b.disk == nil {
		b.disk = diskOf
	}
	err := b.open(cfg)
	if err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// Watch has the store heal by itself from now on, and gives what says why no
// write can succeed, as Broken. It is called once, when every stream is open: one
// that is being made on a slow disk looks like one that is lost.
func (b *Bus) Watch() (broken func() error) {
	b.stopWatch = b.watch()
	return b.Broken
}

func (b *Bus) open(cfg Config) (err error) {
	if b.server, err = startServer(server.Options{ServerName: cfg.Name}, cfg.Logger); err != nil {
		return err
	}
	b.conn, err = nats.Connect("", nats.InProcessServer(b.server),
		nats.MaxReconnects(-1), nats.ErrorHandler(b.onError))
	if err != nil {
		return fmt.Errorf("bus: connecting inside the process: %w", err)
	}
	b.keeper, err = openKeeper(cfg, nats.ErrorHandler(b.onError))
	return err
}

// JetStream is for package store. It goes on when the keeper's server was
// started anew; what is asked of it meanwhile fails at once.
func (b *Bus) JetStream() jetstream.JetStream { return b.keeper.stream }

// Close stops everything. A graceful server has said goodbye before.
func (b *Bus) Close() {
	b.stopWatch()
	if b.keeper != nil {
		b.keeper.close()
	}
	if b.conn != nil {
		b.conn.Close()
	}
	if b.server != nil {
		stopServer(b.server)
	}
}

func (b *Bus) onError(_ *nats.Conn, sub *nats.Subscription, err error) {
	subject := ""
	if sub != nil {
		subject = sub.Subject
	}
	b.log.Warn("bus", "subject", subject, "error", err)
}
