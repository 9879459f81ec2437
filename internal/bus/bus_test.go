package bus_test

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"overtime/internal/bus"
	"overtime/internal/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = time.Minute

func mustOpen(t *testing.T) *bus.Bus {
	t.Helper()
	b, err := bus.Open(bus.Config{
		Folder: t.TempDir(), Name: "node", Logger: slog.New(slog.DiscardHandler),
		Disk: func(string) (bus.Disk, error) { return bus.Disk{Free: 1 << 40, Total: 1 << 40}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func mustEdgeConn(t *testing.T, b *bus.Bus, conn string) *bus.EdgeConn {
	t.Helper()
	w, err := b.NewEdgeConn(conn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func mustRoomConn(t *testing.T, b *bus.Bus, room string, f func(bus.Asked)) *bus.RoomConn {
	t.Helper()
	l, err := b.NewRoomConn(room, f)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// mustNext is the next delivery of a connection.
func mustNext(t *testing.T, w *bus.EdgeConn) bus.Delivery {
	t.Helper()
	late := make(chan struct{})
	timer := time.AfterFunc(patience, func() { close(late) })
	defer timer.Stop()
	d, ok := w.Next(late)
	if !ok {
		t.Fatal("nothing was delivered")
	}
	return d
}

// TestDurable: an acknowledged write survives a loss of power, and no port is
// open.
func TestDurable(t *testing.T) {
	b := mustOpen(t)
	if c := b.Server().JetStreamConfig(); c == nil || !c.SyncAlways {
		t.Errorf("JetStream does not sync always: %+v", c)
	}
	if c := b.Server().JetStreamConfig(); c.MaxStore < 1<<40 {
		t.Errorf("the store ends at %d bytes, by what was free at the start", c.MaxStore)
	}
	if err := b.Healthy(); err != nil {
		t.Error(err)
	}
	for name, srv := range map[string]*server.Server{"store": b.Server(), "carrier": b.Carrier()} {
		if addr := srv.Addr(); addr != (net.Addr)(nil) {
			t.Errorf("the %s listens at %v", name, addr)
		}
		v, err := srv.Varz(&server.VarzOptions{})
		if err != nil || v.Connections != 1 {
			t.Errorf("the %s has %d connections, %v", name, v.Connections, err)
		}
	}
	if b.Carrier().JetStreamEnabled() {
		t.Error("what carries messages keeps streams too")
	}
}

// TestNotDurable: streams that would lose what was acknowledged are refused.
func TestNotDurable(t *testing.T) {
	t.Run("Stream", func(t *testing.T) {
		cfg := bus.Config{Folder: t.TempDir(), Name: "node", Logger: slog.New(slog.DiscardHandler)}
		b, err := bus.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.JetStream().CreateStream(t.Context(), jetstream.StreamConfig{Name: "LATER", PersistMode: jetstream.AsyncPersistMode})
		if err != nil {
			t.Fatal(err)
		}
		b.Close()
		if b, err = bus.Open(cfg); err == nil {
			b.Close()
			t.Fatal("opened on a stream that is written later")
		}
		if !strings.Contains(err.Error(), "the stream LATER does not write through to the disk") {
			t.Error(err)
		}
	})
	t.Run("Server", func(t *testing.T) {
		srv, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, JetStream: true, StoreDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		srv.Start()
		defer srv.WaitForShutdown()
		defer srv.Shutdown()
		if err := bus.Durable(srv); err == nil || !strings.Contains(err.Error(), "does not write through") {
			t.Errorf("a server that syncs every two minutes: %v", err)
		}
	})
}

func TestOpenNeedsFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for what, folder := range map[string]string{"no folder": "", "a file": file} {
		if _, err := bus.Open(bus.Config{Folder: folder, Logger: slog.New(slog.DiscardHandler)}); err == nil {
			t.Errorf("opened with %s", what)
		}
	}
}

// TestOrder: answers, pushes and events of a room arrive in the order in which
// they were sent.
func TestOrder(t *testing.T) {
	b := mustOpen(t)
	w := mustEdgeConn(t, b, "c1")
	if err := w.Follow("aaa"); err != nil {
		t.Fatal(err)
	}
	asks := make(chan bus.Asked, 1)
	line := mustRoomConn(t, b, "aaa", func(a bus.Asked) { asks <- a })
	defer line.Close()
	if err := w.Ask("aaa", "7", bus.Ask{Frame: []byte(`{"type":"clock.ask"}`), Entry: &bus.Entry{Name: "Ada"}}); err != nil {
		t.Fatal(err)
	}
	asked := <-asks
	if asked.Conn != "c1" || asked.Entry.Name != "Ada" || string(asked.Frame) != `{"type":"clock.ask"}` || asked.Gone {
		t.Errorf("asked %+v", asked)
	}
	const rounds = 200
	for range rounds {
		line.Publish(bus.Delivery{Kind: bus.KindEvent, Frame: []byte("event"), Epoch: 3, Seq: 1 << 60})
		line.Answer(asked, bus.Delivery{Kind: bus.KindAnswer, Frame: []byte("answer")})
		line.Push("c1", bus.Delivery{Kind: bus.KindPush, Frame: []byte("push"), Close: protocol.CloseOver})
	}
	for i := range rounds {
		event, answer, push := mustNext(t, w), mustNext(t, w), mustNext(t, w)
		if string(event.Frame) != "event" || event.Kind != bus.KindEvent || string(answer.Frame) != "answer" ||
			answer.Answers != "7" || string(push.Frame) != "push" || push.Close != protocol.CloseOver {
			t.Fatalf("round %d: %+v, %+v, %+v", i, event, answer, push)
		}
		if event.Epoch != 3 || event.Seq != 1<<60 || answer.Epoch != 0 || answer.Seq != 0 {
			t.Fatalf("round %d: stamps of %+v and %+v", i, event, answer)
		}
	}
}

// TestNobody: an ask that nobody takes is answered, with its request's name.
func TestNobody(t *testing.T) {
	b := mustOpen(t)
	w := mustEdgeConn(t, b, "c1")
	if err := w.Ask("aaa", "12", bus.Ask{}); err != nil {
		t.Fatal(err)
	}
	if d := mustNext(t, w); d.Kind != bus.KindNobody || d.Answers != "12" {
		t.Errorf("got %+v", d)
	}
}

// TestApart: nothing of one room or connection reaches another.
func TestApart(t *testing.T) {
	b := mustOpen(t)
	first, second := mustEdgeConn(t, b, "c1"), mustEdgeConn(t, b, "c2")
	for w, room := range map[*bus.EdgeConn]string{first: "aaa", second: "bbb"} {
		if err := w.Follow(room); err != nil {
			t.Fatal(err)
		}
	}
	asks := make(chan bus.Asked, 1)
	aaa, bbb := mustRoomConn(t, b, "aaa", func(bus.Asked) {}), mustRoomConn(t, b, "bbb", func(a bus.Asked) { asks <- a })
	defer aaa.Close()
	defer bbb.Close()
	if err := second.Ask("bbb", "1", bus.Ask{}); err != nil {
		t.Fatal(err)
	}
	bbb.Answer(<-asks, bus.Delivery{Kind: bus.KindAnswer, Frame: []byte("secret")})
	bbb.Push("c2", bus.Delivery{Kind: bus.KindPush, Frame: []byte("secret")})
	bbb.Publish(bus.Delivery{Kind: bus.KindEvent, Frame: []byte("secret")})
	aaa.Publish(bus.Delivery{Kind: bus.KindEvent, Frame: []byte("last")})
	if d := mustNext(t, first); string(d.Frame) != "last" {
		t.Errorf("heard %q", d.Frame)
	}
}

// TestLineCloses only once all that was asked before has been heard.
func TestLineCloses(t *testing.T) {
	b := mustOpen(t)
	w := mustEdgeConn(t, b, "c1")
	const asks = 300
	heard, first, resume := 0, make(chan struct{}), make(chan struct{})
	line := mustRoomConn(t, b, "aaa", func(bus.Asked) {
		if heard == 0 {
			close(first)
			<-resume
		}
		heard++
	})
	for range asks {
		if err := w.Ask("aaa", "1", bus.Ask{}); err != nil {
			t.Fatal(err)
		}
	}
	<-first
	closed := make(chan struct{})
	go func() { line.Close(); close(closed) }()
	close(resume)
	<-closed
	if heard != asks {
		t.Errorf("heard %d of %d", heard, asks)
	}
	if err := w.Ask("aaa", "2", bus.Ask{}); err != nil {
		t.Fatal(err)
	}
	if d := mustNext(t, w); d.Kind != bus.KindNobody || d.Answers != "2" {
		t.Errorf("after the close: %+v", d)
	}
}

// TestOpenRoom asks a node, whose outcome comes back.
func TestOpenRoom(t *testing.T) {
	b := mustOpen(t)
	if err := b.OpenRoom("aaa"); !errors.Is(err, bus.ErrNobody) {
		t.Errorf("without a node: %v", err)
	}
	stop, err := b.ServeOpen(func(room string) error {
		switch room {
		case "aaa":
			return nil
		case "nope":
			return bus.ErrNoRoom
		}
		return errors.New("it rains")
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := b.OpenRoom("aaa"); err != nil {
		t.Error(err)
	}
	if err := b.OpenRoom("nope"); !errors.Is(err, bus.ErrNoRoom) {
		t.Error(err)
	}
	if err := b.OpenRoom("wet"); err == nil || !strings.Contains(err.Error(), "it rains") {
		t.Error(err)
	}
}
