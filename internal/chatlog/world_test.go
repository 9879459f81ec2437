package chatlog_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"overtime/internal/bus"
	"overtime/internal/chatlog"
	"overtime/internal/protocol"
)

func TestMain(m *testing.M) {
	if folder, victim := os.LookupEnv(victimVariable); victim {
		fmt.Fprintln(os.Stderr, serve(folder))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// patience is an upper bound for what takes milliseconds.
const patience = time.Minute

var (
	now  = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	here = chatlog.Session{Room: "aaa", Number: 1}
)

// all asks for everything.
var all = chatlog.Range{Limit: chatlog.MaxMessages, Bytes: chatlog.MaxBytes}

func mustBus(t *testing.T, folder string) *bus.Bus {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// mustOpen is a node's log.
func mustOpen(t *testing.T, js chatlog.Streams, cfg chatlog.Config) *chatlog.Log {
	t.Helper()
	l, err := chatlog.Open(t.Context(), js, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// start is a log over a JetStream that does what faults say.
func start(t *testing.T) (*chatlog.Log, *faulty) {
	t.Helper()
	b := mustBus(t, t.TempDir())
	t.Cleanup(b.Close)
	f := &faulty{JetStream: b.JetStream()}
	return mustOpen(t, f, chatlog.Config{}), f
}

// draft is a message of Asha's; op names the press that sent it.
func draft(op, text string) chatlog.Draft {
	return chatlog.Draft{Op: op, At: now, From: protocol.ChatAuthor{Participant: "p_1", Name: "Asha"}, Sub: "u-1", Text: text}
}

func mustAppend(t *testing.T, l *chatlog.Log, s chatlog.Session, d chatlog.Draft) chatlog.Message {
	t.Helper()
	m, err := l.Append(t.Context(), s, d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustPage(t *testing.T, l *chatlog.Log, s chatlog.Session, r chatlog.Range) protocol.Chat {
	t.Helper()
	chat, err := l.Page(t.Context(), s, r)
	if err != nil {
		t.Fatal(err)
	}
	return chat
}

// texts are the numbers and texts of a page.
func texts(chat protocol.Chat) string {
	var all []string
	for _, m := range chat.Messages {
		text := m.Text
		if m.Deleted != "" {
			text = fmt.Sprintf("(%s)", m.Deleted)
		}
		all = append(all, fmt.Sprintf("%d %s", m.Number, text))
	}
	return strings.Join(all, ", ")
}

// byAuthor and byModerator may delete anything.
func byAuthor(chatlog.Message) (protocol.DeletedBy, error) { return protocol.DeletedByAuthor, nil }

func byModerator(chatlog.Message) (protocol.DeletedBy, error) {
	return protocol.DeletedByModerator, nil
}

// mustNotHold reads every file of a folder: a text is in none of them.
func mustNotHold(t *testing.T, folder, text string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), text) {
			t.Errorf("%s holds %q", path, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// faulty is a real JetStream that can be made to fail.
type faulty struct {
	jetstream.JetStream

	mu sync.Mutex // guards what follows; nil is the real one, which each gets
	// publish and erase stand in for what they are named after.
	publish func(real func() (*jetstream.PubAck, error)) (*jetstream.PubAck, error)
	erase   func(real func() error) error
}

func (f *faulty) set(change func(f *faulty)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *faulty) PublishMsg(ctx context.Context, m *nats.Msg, o ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	f.mu.Lock()
	stand := f.publish
	f.mu.Unlock()
	real := func() (*jetstream.PubAck, error) { // which may land after its caller gave up
		return f.JetStream.PublishMsg(context.WithoutCancel(ctx), m, o...)
	}
	if stand == nil {
		return real()
	}
	return stand(real)
}

func (f *faulty) CreateOrUpdateStream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := f.JetStream.CreateOrUpdateStream(ctx, cfg)
	return faultyStream{s, f}, err
}

type faultyStream struct {
	jetstream.Stream
	faults *faulty
}

func (s faultyStream) SecureDeleteMsg(ctx context.Context, seq uint64) error {
	s.faults.mu.Lock()
	stand := s.faults.erase
	s.faults.mu.Unlock()
	real := func() error { return s.Stream.SecureDeleteMsg(ctx, seq) }
	if stand == nil {
		return real()
	}
	return stand(real)
}

var errLost = errors.New("the answer was lost")
