package kill_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/edge"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
	"overtime/internal/store"
	"overtime/internal/throttle"
)

// orders are what a server is started with.
type orders struct {
	Folder string       `json:"folder"`
	Room   meeting.Room `json:"room"`
	Now    time.Time    `json:"now"`
	// Life names this run of the server; it is told as the media's instance.
	Life string `json:"life"`
}

// listener is the file of the socket that outlives the servers, so that
// whoever connects while none lives waits for the next.
const listener = 3

// serve runs a server but for pages and media until it is killed. Its two
// nodes are one process, on one bus and one store.
func serve(text string) error {
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	clock := &clock{t: o.Now}
	go clock.obey(os.Stdin)
	keys, err := newKeys()
	if err != nil {
		return err
	}
	b, err := bus.Open(bus.Config{Folder: o.Folder, Name: "both", Logger: log})
	if err != nil {
		return err
	}
	ctx := context.Background()
	kept, err := store.Open(ctx, b.JetStream())
	if err != nil {
		return err
	}
	if err := kept.Create(ctx, o.Room); err != nil && !errors.Is(err, store.ErrExists) {
		return err
	}
	var nodes []*node
	for i, name := range []string{"one", "two"} {
		n := &node{Bus: rooms.OverBus(b), number: i}
		if _, err := rooms.Start(ctx, rooms.Config{
			Node: name, Bus: n, Store: kept, Secrets: keys, Media: noMedia{instance: o.Life}, Logger: log, Now: clock.Now,
		}); err != nil {
			return err
		}
		nodes = append(nodes, n)
	}
	go quarrel(o.Room.ID, nodes)
	l, err := net.FileListener(os.NewFile(listener, "listener"))
	if err != nil {
		return err
	}
	return http.Serve(l, edge.New(edge.Config{Bus: b, Secrets: keys, Limits: limits(), Logger: log}))
}

// limits are the product's, but for those on how fast one network joins and one
// person extends: an hour passes in a quarter of a second here.
func limits() throttle.Limits {
	l := throttle.Default
	often := throttle.Rate{PerSecond: 1000, Burst: 1000}
	l.Joins, l.Returns, l.Socket.Extends = often, often, often
	return l
}

// newKeys sign tickets and places, the same in every process. They have a clock
// of their own, that stands: no ticket expires while a meeting is extended.
func newKeys() (*auth.Keyring, error) {
	keys, err := auth.NewKeyring(auth.Key{ID: "k1", Secret: []byte(strings.Repeat("secret", 6))})
	if err == nil {
		keys.Now = func() time.Time { return started }
	}
	return keys, err
}

// clock moves only when it is told to, so that no session expires because a
// machine is slow.
type clock struct {
	mu sync.Mutex // guards t
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// obey sets the clock to each line of r. Whoever wrote them is gone at their
// end, and so is this process.
func (c *clock) obey(r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		t, err := time.Parse(time.RFC3339Nano, lines.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, "level=ERROR no time:", err)
			break
		}
		c.set(t)
	}
	os.Exit(0)
}

// noMedia seats people without any media.
type noMedia struct{ instance string }

func (m noMedia) Instance() string                     { return m.instance }
func (noMedia) Seats() (audio, video int)              { return 0, 0 }
func (noMedia) NewRoom(func([]string)) rooms.MediaRoom { return noMediaRoom{} }

type noMediaRoom struct{}

func (noMediaRoom) Join(string, rooms.MediaObserver) rooms.MediaPeer { return noPeer{} }
func (noMediaRoom) Close()                                           {}

type noPeer struct{}

func (noPeer) Answer(context.Context, protocol.Offer) (string, error) { return "", nil }
func (noPeer) Sending([]protocol.Source)                              {}
func (noPeer) Show([]protocol.Picture)                                {}
func (noPeer) Close()                                                 {}
