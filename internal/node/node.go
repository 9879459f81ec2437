package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/chatlog"
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
	comeBack    = 300 * time.Millisecond // until browsers try again
	converting  = 5 * time.Second        // between two words about a long conversion
)

// Config is what a server runs on.
type Config struct {
	// Flags are what the operator said.
	Flags  config.Config
	Logger *slog.Logger

	// What follows stands in for the machine, where a test has another. The zero
	// value of each is the machine's own.

	// Now is the clock of the meetings and of what lets people in.
	Now func() time.Time
	// Listener is where people come in, in the place of --addr. The node closes it.
	Listener net.Listener
	// Limits are throttle.Default, for as many people as --people-per-address says.
	Limits throttle.Limits
	// Media forwards sound and pictures; otherwise an SFU at --rtc-port does.
	Media rooms.Media
	// Disk looks at the disk of a folder. MaxStore is how many bytes all streams may
	// hold (bus.Config), MaxQueue those of webhooks that wait (notify.Config).
	Disk               func(folder string) (bus.Disk, error)
	MaxStore, MaxQueue int64
	// Site makes the handler of everything at the address. It is httpd.New, of
	// which a process can have one, because go-app keeps its routes in globals.
	Site func(httpd.Deps) http.Handler
	// StopTimeout bounds a graceful stop; a quarter of it is for the browsers, and
	// as much for the requests that are under way. It is ten seconds.
	StopTimeout time.Duration
}

// Node is a server that runs. Its methods may be called by any goroutine.
type Node struct {
	cfg   Config
	flags config.Config // of cfg
	log   *slog.Logger
	now   func() time.Time

	// What Open brought up, in this order. Nothing changes once it returned.
	folder *datafolder.Folder
	keys   *auth.Keyring
	said   credentials
	listen net.Listener
	limits throttle.Limits
	url    string
	media  rooms.Media
	bus    *bus.Bus
	store  *store.Store
	chats  *chatlog.Log
	news   *notify.Notifier
	rooms  *rooms.Host
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
func Open(cfg Config) (_ *Node, err error) {
	cfg.StopTimeout = cmp.Or(cfg.StopTimeout, stopTimeout)
	if cfg.Site == nil {
		cfg.Site = httpd.New
	}
	n := &Node{cfg: cfg, flags: cfg.Flags, log: cfg.Logger, now: cfg.Now}
	if n.now == nil {
		n.now = clock.System(n.log).Now
	}
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
// order of its start, within the time for it. Sessions go on at the next start.
func (n *Node) Close() error {
	n.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), n.cfg.StopTimeout)
	defer cancel()
	return n.stack.Close(ctx)
}

// goodbyes is how long browsers, or requests, have to come to their end.
func (n *Node) goodbyes() time.Duration { return n.cfg.StopTimeout / 4 }

// Bus carries the node's messages and keeps its streams. Bus, Store, Secrets, News
// and Rooms are for tests that look behind the doors.
func (n *Node) Bus() *bus.Bus { return n.bus }

// Store keeps the rooms.
func (n *Node) Store() *store.Store { return n.store }

// Chats is what was written.
func (n *Node) Chats() *chatlog.Log { return n.chats }

// Secrets signs and checks what people show.
func (n *Node) Secrets() *auth.Keyring { return n.keys }

// News tells portals and the audit.
func (n *Node) News() *notify.Notifier { return n.news }

// Rooms has the meetings.
func (n *Node) Rooms() *rooms.Host { return n.rooms }

// openFolder locks the data folder and reads every secret.
func (n *Node) openFolder(context.Context) (err error) {
	if n.folder, err = datafolder.Open(n.flags.Data); err != nil {
		return err
	}
	n.stack.Add("the data folder", n.folder.Close)
	var noKeys, noPortals, noHooks error
	n.keys, noKeys = keyring(n.folder)
	n.said.portals, noPortals = config.Read(n.flags.APIKeyLines, auth.ParseAPIKeys)
	n.said.hooks, noHooks = config.Read(n.flags.WebhookLines, webhook.Reader(n.flags.WebhookPrivate))
	if err := errors.Join(noKeys, noPortals, noHooks); err != nil {
		return err
	}
	if n.cfg.Now != nil {
		n.keys.Now = n.cfg.Now
	}
	n.flags.Report(n.log)
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
	if n.limits = n.cfg.Limits; n.limits == (throttle.Limits{}) {
		n.limits = throttle.Default.For(n.flags.PeoplePerAddress)
	}
	if n.limits.HTTP, err = n.limits.HTTP.Allowing(n.flags.MaxConnections); err != nil {
		return err
	}
	if n.listen = n.cfg.Listener; n.listen == nil {
		if n.listen, err = net.Listen("tcp", n.flags.Addr); err != nil {
			return fmt.Errorf("%w; is another program using it? Give --addr another port", err)
		}
	}
	n.stack.Add("the listener", func() error { _ = n.listen.Close(); return nil }) // the requests may have closed it
	n.url = cmp.Or(n.flags.PublicURL, httpd.LocalURL(n.listen.Addr(), n.flags.TLS()))
	return nil
}

func (n *Node) openMedia(context.Context) error {
	if n.media = n.cfg.Media; n.media != nil {
		return nil
	}
	media, err := sfu.New(sfu.Config{
		Port: n.flags.RTCPort, Advertise: n.flags.RTCIP, AllowCM: n.flags.RTCAllowCM, Logger: n.log,
		Guard: func(l net.Listener) net.Listener { return throttle.Listen(l, n.limits.Media, sfu.Unproven) },
	})
	if err != nil {
		return fmt.Errorf("%w (--rtc-port %d)", err, n.flags.RTCPort)
	}
	n.media = rooms.ThroughSFU(media)
	n.stack.Add("the media server", media.Close)
	return nil
}

// openBus starts NATS inside this process.
func (n *Node) openBus(context.Context) (err error) {
	cfg := busConfig(n.folder, n.log)
	cfg.Disk, cfg.MaxStore = n.cfg.Disk, n.cfg.MaxStore
	if n.bus, err = bus.Open(cfg); err != nil {
		return err
	}
	n.stack.Add("the bus", func() error { n.bus.Close(); return nil })
	return nil
}

// openStore opens what keeps its records there.
func (n *Node) openStore(ctx context.Context) (err error) {
	if err := n.convertRooms(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	if n.store, err = store.Open(ctx, n.bus.JetStream()); err != nil {
		return err
	}
	n.news, err = notify.Open(ctx, n.bus.JetStream(), notify.Config{
		Endpoints: n.said.hooks, AllowPrivate: n.flags.WebhookPrivate, MaxQueue: n.cfg.MaxQueue, Now: n.now, Logger: n.log,
	})
	if err != nil {
		return err
	}
	n.stack.Push("the webhooks", n.goodbyes(), n.news.Stop)
	n.chats, err = chatlog.Open(ctx, n.bus.JetStream(), chatlog.Config{Spare: n.bus.Healthy, Broken: n.bus.Broken})
	if err != nil {
		return err
	}
	n.store.Broken = n.bus.Watch()
	return nil
}

// convertRooms takes as long as there are rooms.
func (n *Node) convertRooms(ctx context.Context) error {
	told := time.Now()
	converted, err := store.Convert(ctx, n.bus, func(rooms int) {
		if time.Since(told) > converting {
			told = time.Now()
			n.log.Info("the rooms of an earlier version are being converted", "so far", rooms)
		}
	})
	if converted > 0 && err == nil {
		n.log.Warn("the rooms of an earlier version were converted; overtime downgrade is the way back", "rooms", converted)
	}
	return err
}

func busConfig(folder *datafolder.Folder, log *slog.Logger) bus.Config {
	return bus.Config{Folder: folder.Path("nats"), Name: folder.Identity().Node, Logger: log}
}

// Stopped is the store of a data folder while no server uses it, as an operator's
// commands do.
type Stopped struct{ *bus.Bus }

// OpenStopped opens it. The caller has locked the folder.
func OpenStopped(folder *datafolder.Folder, log *slog.Logger) (Stopped, error) {
	b, err := bus.Open(busConfig(folder, log))
	return Stopped{b}, err
}

// Revert leaves the rooms as the version before keeps them. What was written goes
// once they are there.
func (s Stopped) Revert(ctx context.Context) (rooms int, written uint64, err error) {
	if rooms, err = store.Revert(ctx, s.Bus); err == nil {
		written, err = chatlog.Remove(ctx, s.Bus)
	}
	return rooms, written, err
}

func (n *Node) openRooms(ctx context.Context) error {
	var err error
	n.rooms, err = rooms.Start(ctx, rooms.Config{
		Node: n.folder.Identity().Node, Bus: rooms.OverBus(n.bus), Store: n.store, Chats: n.chats, Secrets: n.keys,
		Media: n.media, News: n.news, Logger: n.log, Now: n.now,
	})
	if err != nil {
		return err
	}
	n.stack.Add("the meetings", func() error { n.rooms.Close(); return nil })
	stop := sweep.Start(sweep.Config{
		Store: n.store, Chats: n.chats, Audit: n.news, Now: n.now, Logger: n.log,
		Keep: time.Duration(n.flags.Keep), KeepChat: time.Duration(n.flags.KeepChat),
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
