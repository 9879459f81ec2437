package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/clock"
	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/httpd"
	"overtime/internal/notify"
	"overtime/internal/rooms"
	"overtime/internal/sfu"
	"overtime/internal/store"
	"overtime/internal/sweep"
	"overtime/internal/teardown"
	"overtime/internal/throttle"
	"overtime/internal/webhook"
)

const (
	openTimeout = time.Minute            // for the streams to be there and the rooms to be claimed
	stopTimeout = 10 * time.Second       // of a graceful stop
	goodbyes    = stopTimeout / 4        // of it for the browsers, and for all requests that are under way
	comeBack    = 300 * time.Millisecond // until browsers try again
)

// Node is a server that runs. Its methods may be called by any goroutine.
type Node struct {
	config config.Config
	log    *slog.Logger
	now    func() time.Time

	// What Open brought up, in this order. Nothing changes once it returned.
	folder *datafolder.Folder
	keys   *auth.Keyring
	said   credentials
	listen net.Listener
	limits throttle.Limits
	url    string
	media  *sfu.SFU
	bus    *bus.Bus
	store  *store.Store
	news   *notify.Notifier
	failed <-chan error

	stack    teardown.Stack
	stopping atomic.Bool
}

// credentials are what the operator's files say of portals.
type credentials struct {
	portals *auth.APIKeys
	hooks   []webhook.Endpoint
}

// Open brings a whole server up, or takes down again what it had brought up. It
// answers requests when it returns.
func Open(cfg config.Config, log *slog.Logger) (_ *Node, err error) {
	n := &Node{config: cfg, log: log, now: clock.System(log).Now}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	for _, open := range []func(context.Context) error{
		n.openFolder, n.openListener, n.openMedia, n.openBus, n.openStore, n.openRooms, n.serve,
	} {
		if err := n.inTime(open); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// inTime opens one part. Each has its time: to look at the files of a large store
// takes as long as it takes.
func (n *Node) inTime(open func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
	defer cancel()
	return open(ctx)
}

// URL is where people reach the server.
func (n *Node) URL() string { return n.url }

// Failed tells if the server stops answering by itself.
func (n *Node) Failed() <-chan error { return n.failed }

// Close says goodbye to the browsers, then takes everything down in the reverse
// order of its start, within ten seconds. Sessions go on at the next start.
func (n *Node) Close() error {
	n.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	return n.stack.Close(ctx)
}

// openFolder locks the data folder and reads every secret.
func (n *Node) openFolder(context.Context) (err error) {
	if n.folder, err = datafolder.Open(n.config.Data); err != nil {
		return err
	}
	n.stack.Add("the data folder", n.folder.Close)
	var noKeys, noPortals, noHooks error
	n.keys, noKeys = keyring(n.folder)
	n.said.portals, noPortals = config.Read(n.config.APIKeyLines, auth.ParseAPIKeys)
	n.said.hooks, noHooks = config.Read(n.config.WebhookLines, webhook.Reader(n.config.WebhookPrivate))
	if err := errors.Join(noKeys, noPortals, noHooks); err != nil {
		return err
	}
	n.config.Report(n.log)
	return nil
}

func keyring(folder *datafolder.Folder) (*auth.Keyring, error) {
	var keys []auth.Key
	for _, s := range folder.Identity().Tickets {
		keys = append(keys, auth.Key{ID: s.ID, Secret: s.Value})
	}
	return auth.NewKeyring(keys...)
}

// openListener takes the address, so that a second server there fails before it
// touches anything.
func (n *Node) openListener(context.Context) (err error) {
	n.limits = throttle.Default.For(n.config.PeoplePerAddress)
	if n.limits.HTTP, err = n.limits.HTTP.Allowing(n.config.MaxConnections); err != nil {
		return err
	}
	if n.listen, err = net.Listen("tcp", n.config.Addr); err != nil {
		return fmt.Errorf("%w; is another program using it? Give --addr another port", err)
	}
	n.stack.Add("the listener", func() error { _ = n.listen.Close(); return nil }) // the requests may have closed it
	n.url = cmp.Or(n.config.PublicURL, httpd.LocalURL(n.listen.Addr(), n.config.TLS()))
	return nil
}

func (n *Node) openMedia(context.Context) (err error) {
	n.media, err = sfu.New(sfu.Config{
		Port: n.config.RTCPort, Advertise: n.config.RTCIP, AllowCM: n.config.RTCAllowCM, Logger: n.log,
		Guard: func(l net.Listener) net.Listener { return throttle.Listen(l, n.limits.Media, sfu.Unproven) },
	})
	if err != nil {
		return fmt.Errorf("%w (--rtc-port %d)", err, n.config.RTCPort)
	}
	n.stack.Add("the media server", n.media.Close)
	return nil
}

// openBus starts NATS inside this process.
func (n *Node) openBus(context.Context) (err error) {
	if n.bus, err = OpenBus(n.folder, n.log); err != nil {
		return err
	}
	n.stack.Add("the bus", func() error { n.bus.Close(); return nil })
	return nil
}

// openStore opens what keeps its records there.
func (n *Node) openStore(ctx context.Context) (err error) {
	if n.store, err = store.Open(ctx, n.bus.JetStream()); err != nil {
		return err
	}
	n.news, err = notify.Open(ctx, n.bus.JetStream(), notify.Config{
		Endpoints: n.said.hooks, AllowPrivate: n.config.WebhookPrivate, Now: n.now, Logger: n.log,
	})
	if err != nil {
		return err
	}
	n.stack.Push("the webhooks", goodbyes, n.news.Stop)
	n.store.Broken = n.bus.Watch()
	return nil
}

// OpenBus opens the store of a data folder that the caller has locked. An
// operator's command does so while no server runs.
func OpenBus(folder *datafolder.Folder, log *slog.Logger) (*bus.Bus, error) {
	return bus.Open(bus.Config{Folder: folder.Path("nats"), Name: folder.Identity().Node, Logger: log})
}

func (n *Node) openRooms(ctx context.Context) error {
	host, err := rooms.Start(ctx, rooms.Config{
		Node: n.folder.Identity().Node, Bus: rooms.OverBus(n.bus), Store: n.store, Secrets: n.keys,
		Media: rooms.ThroughSFU(n.media), News: n.news, Logger: n.log, Now: n.now,
	})
	if err != nil {
		return err
	}
	n.stack.Add("the meetings", func() error { host.Close(); return nil })
	stop := sweep.Start(sweep.Config{
		Store: n.store, Audit: n.news, Keep: time.Duration(n.config.Keep), Now: n.now, Logger: n.log,
	})
	n.stack.Add("the sweeper", func() error { stop(); return nil })
	return nil
}

// ready says why no new meeting should come here, if so.
func (n *Node) ready(context.Context) error {
	if n.stopping.Load() {
		return errors.New("the server is stopping")
	}
	return n.bus.Healthy()
}
