// Command overtime is the server: pages, API, WebSockets, media and the store
// of one node, in one process. This file only wires packages together; what
// they do is theirs.
package main

import (
	"cmp"
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
	"overtime/internal/herald"
	"overtime/internal/httpd"
	"overtime/internal/operator"
	"overtime/internal/rooms"
	"overtime/internal/sfu"
	"overtime/internal/store"
	"overtime/internal/teardown"
	"overtime/internal/throttle"
	"overtime/internal/webhook"
	"overtime/web"
)

const (
	stopTimeout = 10 * time.Second       // of a graceful stop
	goodbyes    = stopTimeout / 4        // of it for the browsers, and for all requests that are under way
	comeBack    = 300 * time.Millisecond // until browsers try again
)

func main() {
	ctx, unnotify := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, unnotify) // a second signal ends the process at once
	command, err := config.Parse(os.Args[1:], os.Getenv, os.Stdout)
	if cfg, serve := command.(*config.Config); serve {
		log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.Level()}))
		err = run(ctx, *cfg, log, os.Stdout)
	} else if err == nil {
		open := func(f *datafolder.Folder) (operator.Store, error) { return openBus(f, slog.New(slog.DiscardHandler)) }
		err = operator.Run(ctx, command, open, os.Stdout)
	}
	if err != nil && !errors.Is(err, config.ErrHelp) {
		fmt.Fprintln(os.Stderr, "overtime:", err)
		os.Exit(1)
	}
}

// run serves until a signal, then stops gracefully.
func run(ctx context.Context, cfg config.Config, log *slog.Logger, out io.Writer) error {
	n, err := start(cfg, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Overtime is ready: %s\n", n.url)
	select {
	case <-ctx.Done():
		log.Info("stopping", "why", context.Cause(ctx))
	case err = <-n.failed:
	}
	return errors.Join(err, n.stop())
}

// node is everything that runs.
type node struct {
	stack    teardown.Stack
	url      string // where people reach it
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
	n.stack.Add("the data folder", folder.Close)
	keys, noKeys := keyring(folder)
	portals, noPortals := config.Read(cfg.APIKeyLines, auth.ParseAPIKeys)
	hooks, noHooks := config.Read(cfg.WebhookLines, webhook.Reader(cfg.WebhookPrivate))
	if err := errors.Join(noKeys, noPortals, noHooks); err != nil {
		return nil, err
	}
	cfg.Report(log)
	listen, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("%w; is another program using it? Give --addr another port", err)
	}
	n.stack.Add("the listener", func() error { _ = listen.Close(); return nil }) // the requests may have closed it
	n.url = cmp.Or(cfg.PublicURL, httpd.LocalURL(listen.Addr(), cfg.TLS()))
	media, err := sfu.New(sfu.Config{
		Port: cfg.RTCPort, Advertise: cfg.RTCIP, AllowCM: cfg.RTCAllowCM, Logger: log,
		Guard: func(l net.Listener) net.Listener { return throttle.Listen(l, throttle.Default.Media, sfu.Unproven) },
	})
	if err != nil {
		return nil, fmt.Errorf("%w (--rtc-port %d)", err, cfg.RTCPort)
	}
	n.stack.Add("the media server", media.Close)
	nats, err := openBus(folder, log)
	if err != nil {
		return nil, err
	}
	n.stack.Add("the bus", func() error { nats.Close(); return nil })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	kept, err := store.Open(ctx, nats.JetStream())
	if err != nil {
		return nil, err
	}
	now := clock.System(log).Now
	news, err := herald.Open(ctx, nats.JetStream(), herald.Config{
		Endpoints: hooks, AllowPrivate: cfg.WebhookPrivate, Now: now, Logger: log,
	})
	if err != nil {
		return nil, err
	}
	n.stack.Push("the webhooks", goodbyes, news.Stop)
	kept.Broken = nats.Watch()
	host, err := rooms.Start(ctx, rooms.Config{
		Node: folder.Identity().Node, Bus: rooms.OverBus(nats), Store: kept, Secrets: keys,
		Media: rooms.ThroughSFU(media), News: news, Logger: log, Now: now,
	})
	if err != nil {
		return nil, err
	}
	n.stack.Add("the meetings", func() error { host.Close(); return nil })
	ready := func(context.Context) error {
		if n.stopping.Load() {
			return errors.New("the server is stopping")
		}
		return nats.Healthy()
	}
	proxies := throttle.Trusting(cfg.Proxies()...)
	browsers := edge.New(edge.Config{
		Bus: nats, Secrets: keys, Limits: throttle.Default, Origins: cfg.Origins(), From: proxies.From, Logger: log,
	})
	rest := api.New(api.Config{
		Store: kept, Rooms: nats, Links: keys, Keys: portals, News: news, Audit: news, Open: cfg.Create == "open",
		PublicURL: cfg.PublicURL, Minute: cfg.Minute, Now: now, From: proxies.From, Logger: log, Ready: ready,
	})
	pages := components.Settings{PortalOnly: cfg.Create == "api", EmbedOrigins: cfg.EmbedOrigins}
	site := httpd.New(httpd.Deps{
		Files: web.Files(), Env: pages.Env(), Register: func() { components.Register(components.Program{Settings: pages}) },
		EmbedOrigins: cfg.EmbedOrigins, WebSocket: browsers, API: rest, Log: log, Ready: ready,
		Limit: throttle.Below("/api/", proxies.From, throttle.NewBuckets(throttle.Default.API), api.TooMany),
	})
	socket, err := operator.Listen(folder.Path(operator.SocketName))
	if err != nil {
		return nil, err
	}
	console := httpd.Run(socket, operator.Server{API: api.Operator(rest), URL: n.url, Folder: folder, Snapshot: nats.Snapshot, Verify: news.Attest}, "", "", log)
	n.stack.Push("the operator's requests", goodbyes, console.Stop)
	running := httpd.Run(proxies.Listen(listen, throttle.Default.HTTP.WithinFiles()), site, cfg.TLSCert, cfg.TLSKey, log)
	n.failed = running.Failed
	n.stack.Push("the requests", goodbyes, running.Stop)
	n.stack.Push("the browsers", goodbyes, func(ctx context.Context) error { browsers.Drain(ctx, comeBack); return nil })
	return n, nil
}

func openBus(folder *datafolder.Folder, log *slog.Logger) (*bus.Bus, error) {
	return bus.Open(bus.Config{Folder: folder.Path("nats"), Name: folder.Identity().Node, Logger: log})
}

func keyring(folder *datafolder.Folder) (*auth.Keyring, error) {
	var keys []auth.Key
	for _, s := range folder.Identity().Tickets {
		keys = append(keys, auth.Key{ID: s.ID, Secret: s.Value})
	}
	return auth.NewKeyring(keys...)
}

// stop says goodbye to the browsers, then takes everything down in the reverse
// order of its start. Sessions go on at the next start.
func (n *node) stop() error {
	n.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	return n.stack.Close(ctx)
}
