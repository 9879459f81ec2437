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
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/chatlog"
	"overtime/internal/edge"
	"overtime/internal/meeting"
	"overtime/internal/rooms"
	"overtime/internal/store"
	"overtime/internal/testkit"
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
	clock := testkit.NewClock(o.Now)
	go obey(clock, os.Stdin)
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
		chats, err := chatlog.Open(ctx, b.JetStream(), chatlog.Config{}) // each node has its own
		if err != nil {
			return err
		}
		n := &node{Bus: rooms.OverBus(b), number: i}
		if _, err := rooms.Start(ctx, rooms.Config{
			Node: name, Bus: n, Store: kept, Chats: chats, Secrets: keys, Media: testkit.Silence{Name: o.Life}, Logger: log, Now: clock.Now,
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
	l.Joins, l.Returns, l.Socket.Extends, l.Socket.ChatSends = often, often, often, often
	return l
}

// newKeys sign tickets and places, the same in every process. They have a clock
// of their own, that stands: no ticket expires while a meeting is extended.
func newKeys() (*auth.Keyring, error) {
	keys, err := auth.NewKeyring(auth.Key{ID: testkit.Key.ID, Secret: testkit.Key.Value})
	if err == nil {
		keys.Now = func() time.Time { return started }
	}
	return keys, err
}

// obey sets a clock to each line of r. Whoever wrote them is gone at their
// end, and so is this process.
func obey(c *testkit.Clock, r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		t, err := time.Parse(time.RFC3339Nano, lines.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, "level=ERROR no time:", err)
			break
		}
		c.Set(t)
	}
	os.Exit(0)
}
