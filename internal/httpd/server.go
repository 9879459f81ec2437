package httpd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// The limits of one connection. A WebSocket leaves them behind when it takes
// its connection over, and has limits of its own.
const (
	readHeaderTimeout = 5 * time.Second  // who is slower holds a socket open on purpose
	readTimeout       = 15 * time.Second // with the body, at most 64 KiB
	writeTimeout      = 5 * time.Minute  // the program over a line of 50 kbit/s
	idleTimeout       = 60 * time.Second // longer than a reload, shorter than a proxy's patience
	maxHeader         = 16 << 10         // a token and cookies of a portal on the same host
)

// NewServer is an http.Server with our limits, which answers no request that
// stands in another's body. The caller listens, serves and
// shuts down.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	if log == nil {
		log = slog.Default()
	}
	return &http.Server{
		Handler:                      closeUnlessRead(h),
		DisableGeneralOptionsHandler: true, // OPTIONS * is for ours, too
		ReadHeaderTimeout:            readHeaderTimeout,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeader,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Running is a server that answers. Failed tells if it stops doing so by itself.
type Running struct {
	Failed <-chan error
	server *http.Server
}

// BoundedListener is a listener that has only so many places. It is told how its connections
// are used, so that one that is not used can make room, and gives some only to be
// told that there is no place for them.
type BoundedListener interface {
	net.Listener
	ConnState(net.Conn, http.ConnState)
	Refused(net.Conn) bool
}

// refusedKey marks the context of a connection for which there is no place.
type refusedKey struct{}

// refuseUncounted answers on connections for which there is no place.
func refuseUncounted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(refusedKey{}) == nil {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Connection", "close")
		w.Header().Set("Retry-After", "5")
		plainText(w, http.StatusServiceUnavailable, "this server has no place for another connection just now; try again in a moment")
	})
}

// watch has a listener know about the server's connections.
func watch(s *http.Server, l BoundedListener) {
	s.ConnState = l.ConnState
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if l.Refused(c) {
			return context.WithValue(ctx, refusedKey{}, true)
		}
		return ctx
	}
	s.Handler = refuseUncounted(s.Handler)
}

// Run answers what comes in at l, which may be a BoundedListener, with TLS if there is a
// certificate.
func Run(l net.Listener, h http.Handler, cert, key string, log *slog.Logger) *Running {
	failed := make(chan error, 1)
	r := &Running{Failed: failed, server: NewServer(h, log)}
	if bounded, ok := l.(BoundedListener); ok {
		watch(r.server, bounded)
	}
	go func() {
		var err error
		if cert != "" {
			err = r.server.ServeTLS(l, cert, key)
		} else {
			err = r.server.Serve(l)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return r
}

// Stop answers what is under way until ctx ends, and nothing else. Whoever still
// loads a file by then loads it again from whoever answers next.
func (r *Running) Stop(ctx context.Context) error {
	if r.server.Shutdown(ctx) != nil {
		return r.server.Close()
	}
	return nil
}

// LocalURL is where a browser on this machine finds a server that listens at
// addr.
func LocalURL(addr net.Addr, tls bool) string {
	scheme := "http"
	if tls {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err != nil || ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
