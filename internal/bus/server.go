package bus

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// readyTimeout bounds the start of the embedded server; recovering 10,000
	// rooms takes 23 ms.
	readyTimeout = 30 * time.Second
	// jetStreamMemory bounds JetStream's memory streams, of which we use none.
	jetStreamMemory = 64 << 20
	// jetStreamStore bounds its files: by default 75 % of what happens to be
	// free at the start, beyond which every write fails until the next. A room
	// is under 64 KiB; long before that the disk is looked at (health.go).
	jetStreamStore = 1 << 40
)

// Config says where the embedded server keeps its streams.
type Config struct {
	Folder string // must not be shared with another server
	Name   string // this node's
	Logger *slog.Logger
	// Disk looks at the disk of a folder; nil asks the operating system.
	Disk func(folder string) (Disk, error)
}

// Bus is a connection to NATS. It is safe for concurrent use.
type Bus struct {
	server *server.Server
	conn   *nats.Conn
	stream jetstream.JetStream
	log    *slog.Logger

	folder string
	disk   func(string) (Disk, error)
	health health
}

// Open starts the embedded server and connects to it inside the process.
func Open(cfg Config) (*Bus, error) {
	if cfg.Folder == "" {
		return nil, errors.New("bus: a folder is needed, or JetStream would take a temporary one")
	}
	srv, err := server.NewServer(&server.Options{
		ServerName: cfg.Name,
		JetStream:  true,
		StoreDir:   cfg.Folder,
		// An acknowledged write survives a loss of power: the default syncs
		// every two minutes only.
		SyncAlways:         true,
		JetStreamMaxMemory: jetStreamMemory,
		JetStreamMaxStore:  jetStreamStore,
		DontListen:         true,
		NoSigs:             true,
		NoLog:              false,
	})
	if err != nil {
		return nil, fmt.Errorf("bus: embedded NATS: %w", err)
	}
	srv.SetLoggerV2(natsLog{cfg.Logger}, false, false, false)
	srv.Start()
	if !srv.ReadyForConnections(readyTimeout) {
		srv.Shutdown()
		return nil, errors.New("bus: embedded NATS did not become ready; look for its errors above")
	}
	b := &Bus{server: srv, log: cfg.Logger, folder: cfg.Folder, disk: cfg.Disk}
	if b.disk == nil {
		b.disk = diskOf
	}
	if err := b.connect(); err != nil {
		srv.Shutdown()
		return nil, err
	}
	return b, nil
}

func (b *Bus) connect() error {
	conn, err := nats.Connect("", nats.InProcessServer(b.server),
		nats.MaxReconnects(-1), nats.ErrorHandler(b.onError))
	if err != nil {
		return fmt.Errorf("bus: connecting inside the process: %w", err)
	}
	stream, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return fmt.Errorf("bus: JetStream: %w", err)
	}
	b.conn, b.stream = conn, stream
	return nil
}

// JetStream is for package store.
func (b *Bus) JetStream() jetstream.JetStream { return b.stream }

// Close stops everything. A graceful server has said goodbye before.
func (b *Bus) Close() {
	b.conn.Close()
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

func (b *Bus) onError(_ *nats.Conn, sub *nats.Subscription, err error) {
	subject := ""
	if sub != nil {
		subject = sub.Subject
	}
	b.log.Warn("bus", "subject", subject, "error", err)
}

// natsLog writes the embedded server's log as ours.
type natsLog struct{ log *slog.Logger }

func (l natsLog) Noticef(format string, v ...any) { l.log.Debug("nats: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Warnf(format string, v ...any)   { l.log.Warn("nats: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Fatalf(format string, v ...any)  { l.log.Error("nats: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Errorf(format string, v ...any)  { l.log.Error("nats: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Debugf(format string, v ...any)  {}
func (l natsLog) Tracef(format string, v ...any)  {}
