package audit_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"overtime/internal/audit"
	"overtime/internal/bus"
	"overtime/internal/event"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is an upper bound for what takes milliseconds.
const patience = time.Minute

var now = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// mustBus is the real thing on a folder.
func mustBus(t *testing.T, folder string) *bus.Bus {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// open is a node's audit, until the test's end.
func open(t *testing.T, js audit.Streams) *audit.Log {
	t.Helper()
	l, err := audit.Open(t.Context(), js, audit.Config{Now: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mustClose(t, l) })
	return l
}

// mustClose is fine with one that is closed already.
func mustClose(t *testing.T, l interface{ Close(context.Context) error }) {
	t.Helper()
	if err := l.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// start is an audit over a JetStream that does what faults say.
func start(t *testing.T) (*audit.Log, *faulty) {
	t.Helper()
	b := mustBus(t, t.TempDir())
	t.Cleanup(b.Close)
	f := &faulty{JetStream: b.JetStream()}
	return open(t, f), f
}

func numbered(room string, n int) audit.Entry {
	return audit.Entry{ID: fmt.Sprintf("%s-%d", room, n), At: now, Room: room, Kind: event.ParticipantJoined, Outcome: audit.Granted}
}

func mustAppend(t *testing.T, l *audit.Log, entries ...audit.Entry) {
	t.Helper()
	for _, e := range entries {
		if err := l.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// mustRead is everything.
func mustRead(t *testing.T, l *audit.Log) (all []audit.Stored) {
	t.Helper()
	for more := true; more; {
		after := uint64(0)
		if len(all) > 0 {
			after = all[len(all)-1].Seq
		}
		page, again, err := l.Read(t.Context(), after, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		all, more = append(all, page...), again
	}
	return all
}

// mustHold fails unless the chain holds and has so many entries.
func mustHold(t *testing.T, l *audit.Log, want int) {
	t.Helper()
	if whole, err := l.Verify(t.Context()); whole.Entries != want || err != nil {
		t.Errorf("%+v are whole, want %d; %v", whole, want, err)
	}
}

// faulty is a real JetStream where publish replaces publishing, which it gets,
// and get what is read.
type faulty struct {
	jetstream.JetStream
	publish func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error)
	get     func(*jetstream.RawStreamMsg) error
}

func (f *faulty) PublishMsg(ctx context.Context, m *nats.Msg, o ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	real := func() (*jetstream.PubAck, error) { // which may land after its caller gave up
		return f.JetStream.PublishMsg(context.WithoutCancel(ctx), m, o...)
	}
	if f.publish == nil {
		return real()
	}
	return f.publish(real)
}

func (f *faulty) CreateOrUpdateStream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := f.JetStream.CreateOrUpdateStream(ctx, cfg)
	return faultyStream{s, f}, err
}

type faultyStream struct {
	jetstream.Stream
	faults *faulty
}

func (s faultyStream) GetMsg(ctx context.Context, seq uint64, o ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error) {
	m, err := s.Stream.GetMsg(ctx, seq, o...)
	if err == nil && s.faults.get != nil {
		err = s.faults.get(m)
	}
	return m, err
}
