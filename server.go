// Command overtime is the server: pages, API, WebSockets, media and the store
// of one node, in one process. This file only wires packages together; what
// they do is theirs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"overtime/components"
	"overtime/internal/api"
	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/clock"
	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/edge"
	"overtime/internal/httpd"
	"overtime/internal/rooms"
	"overtime/internal/sfu"
	"overtime/internal/store"
	"overtime/internal/teardown"
	"overtime/internal/throttle"
	"overtime/web"
)

const (
	// stopTimeout bounds a graceful stop, of which browsers may take goodbyes
	// of their time and requests under way as much again; a second signal exits
	// at once.
	stopTimeout = 10 * time.Second
	goodbyes    = stopTimeout / 4
	// comeBack is after how long browsers try again when the server stops.
	comeBack = 300 * time.Millisecond
)

func main() {
	cfg, err := config.Parse(os.Args[1:], os.Getenv, os.Stdout)
	if errors.Is(err, config.ErrHelp) {
		return
	}
	if err == nil {
		log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.Level()}))
		err = run(cfg, log, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "overtime:", err)
		os.Exit(1)
	}
}

// run serves until a signal, then stops gracefully.
func run(cfg config.Config, log *slog.Logger, out io.Writer) (err error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	n, err := start(cfg, log)
	if err != nil {
		return err
	}
	url := cfg.PublicURL
	if url == "" {
		url = httpd.LocalURL(n.listen.Addr(), cfg.TLS())
	}
	fmt.Fprintf(out, "Overtime is ready: %s\n", url)
	select {
	case s := <-signals:
		log.Info("stopping", "signal", s.String())
	case err = <-n.failed:
	}
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "overtime: stopped at once")
		os.Exit(1)
	}()
	return errors.Join(err, n.stop())
}

// node is everything that runs.
type node struct {
	stack    teardown.Stack
	listen   net.Listener
	stopping atomic.Bool
	failed   <-chan error
}

// start brings everything up, or takes down again what it had brought up.
func start(cfg config.Config, log *slog.Logger) (_ *node, err error) {
	n := &node{}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.stop())
		}
	}()
	folder, err := datafolder.Open(cfg.Data)
	if err != nil {
		return nil, err
	}
	n.onStop("the data folder", folder.Close)
	keys, err := keyring(folder)
	if err != nil {
		return nil, err
	}
	if n.listen, err = net.Listen("tcp", cfg.Addr); err != nil {
		return nil, fmt.Errorf("%w; is another program using it? Give --addr another port", err)
	}
	n.onStop("the listener", func() error { return ignoreClosed(n.listen.Close()) })
	media, err := sfu.New(sfu.Config{
		Port: cfg.RTCPort, Advertise: cfg.RTCIP, AllowCM: cfg.RTCAllowCM, Logger: log,
		Guard: func(l net.Listener) net.Listener { return throttle.Listen(l, throttle.Default.Media, sfu.Unproven) },
	})
	if errors.Is(err, sfu.ErrBind) {
		err = fmt.Errorf("%w; is another program using it? Give --rtc-port another port", err)
	}
	if err != nil {
		return nil, err
	}
	n.onStop("the media server", media.Close)
	nats, err := bus.Open(bus.Config{Folder: folder.Path("nats"), Name: folder.Identity().Node, Logger: log})
	if err != nil {
		return nil, err
	}
	n.onStop("the bus", func() error { nats.Close(); return nil })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	kept, err := store.Open(ctx, nats.JetStream())
	if err != nil {
		return nil, err
	}
	now := clock.System(log).Now
	host, err := rooms.Start(ctx, rooms.Config{
		Node: folder.Identity().Node, Bus: rooms.OverBus(nats), Store: kept, Secrets: keys,
		Media: rooms.ThroughSFU(media), Logger: log, Now: now,
	})
	if err != nil {
		return nil, err
	}
	n.onStop("the meetings", func() error { host.Close(); return nil })
	ready := func(context.Context) error {
		if n.stopping.Load() {
			return errors.New("the server is stopping")
		}
		return nats.Healthy()
	}
	browsers := edge.New(edge.Config{
		Bus: nats, Secrets: keys, Limits: edge.DefaultLimits, Origins: cfg.Origins(), Logger: log,
	})
	site := httpd.New(httpd.Deps{
		Files: web.Files(), Register: func() { components.Register(components.Program{}) },
		WebSocket: browsers, Log: log, Ready: ready,
		API: api.New(api.Config{
			Store: kept, Rooms: nats, Links: keys, Open: true,
			PublicURL: cfg.PublicURL, Minute: cfg.Minute, Now: now, Logger: log, Ready: ready,
		}),
		Limit: throttle.Below("/api/", throttle.NewBuckets(throttle.Default.API), api.TooMany),
	})
	running := httpd.Run(throttle.Listen(n.listen, throttle.Default.HTTP.WithinFiles(), 0), site, cfg.TLSCert, cfg.TLSKey, log)
	n.failed = running.Failed
	n.stack.Push("the requests", goodbyes, running.Stop)
	n.stack.Push("the browsers", goodbyes, func(ctx context.Context) error { return browsers.Drain(ctx, comeBack) })
	return n, nil
}

func keyring(folder *datafolder.Folder) (*auth.Keyring, error) {
	var keys []auth.Key
	for _, s := range folder.Identity().Tickets {
		keys = append(keys, auth.Key{ID: s.ID, Secret: s.Value})
	}
	return auth.NewKeyring(keys...)
}

func (n *node) onStop(what string, down func() error) {
	n.stack.Push(what, 0, func(context.Context) error { return down() })
}

// stop says goodbye to the browsers, then takes everything down in the reverse
// order of its start. Sessions go on at the next start.
func (n *node) stop() error {
	n.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	return n.stack.Close(ctx)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
