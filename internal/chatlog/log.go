package chatlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/protocol"
)

const (
	streamName  = "CHAT"
	allSessions = "chat.>"
	// maxEntry bounds an entry in the stream, in bytes: a text of the longest
	// characters, and names beside it.
	maxEntry = 16 << 10
	// MaxMessages and MaxBytes bound the chat of one session. Deleted messages count
	// as messages, and their text as nothing.
	MaxMessages = 5000
	MaxBytes    = 2 << 20
	// maxStored bounds what is kept of all rooms together, in bytes of the stream.
	maxStored = 1 << 30
	// measureEvery is how long a measure of that counts: the chats of a server grow
	// by far less than what is spare in the time.
	measureEvery = time.Second
	// maxIndexed bounds the numbers in memory, of all sessions: some 50 MiB. What is
	// more is read from the stream again when it is asked for.
	maxIndexed = 500_000
	// attemptTimeout bounds one read or write; the caller's context bounds all.
	attemptTimeout = 5 * time.Second
	// retryPause lets a stream that refuses catch its breath.
	retryPause = 50 * time.Millisecond
	// brokenPause is how long a store that is broken may take to heal by itself.
	brokenPause = 500 * time.Millisecond
)

var (
	// ErrFull: as much was written as the session, or all together, may hold.
	ErrFull = errors.New("chatlog: full")
	// ErrNotFound: there is no message of that number.
	ErrNotFound = errors.New("chatlog: no such message")
	// ErrUnavailable wraps what keeps the log from answering; nothing was done, but
	// for ErrUnknown.
	ErrUnavailable = errors.New("chatlog: unavailable")
	// ErrUnknown: it may have been done all the same.
	ErrUnknown = errors.New("chatlog: the outcome is not known")
)

// Streams makes streams and publishes to them; jetstream.JetStream is one.
type Streams interface {
	CreateOrUpdateStream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error)
	PublishMsg(ctx context.Context, msg *nats.Msg, opts ...jetstream.PublishOpt) (*jetstream.PubAck, error)
}

// messages is what is needed of a stream.
type messages interface {
	GetMsg(ctx context.Context, seq uint64, opts ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error)
	Info(ctx context.Context, opts ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error)
	SecureDeleteMsg(ctx context.Context, seq uint64) error
	Purge(ctx context.Context, opts ...jetstream.StreamPurgeOpt) error
}

// Config says what the log goes by.
type Config struct {
	// Spare says why nothing that can be done without should be written now: a disk
	// that is nearly full is for the meetings themselves. Nil: nothing does.
	Spare func() error
	// Broken says why no write can succeed now. Nil: it is found out by trying.
	Broken func() error
	// MaxStored is how much is kept of all rooms together, in bytes; 0 is a GiB.
	MaxStored uint64
}

// Session names the session of a room that a chat is of.
type Session struct {
	Room   string
	Number int
}

// Draft is a message that is to be written.
type Draft struct {
	// Op is the same however often the message is sent, so that it is kept once.
	Op   string
	At   time.Time
	From protocol.ChatAuthor
	Sub  string // who wrote it, whatever place they had
	Text string // as others will read it: cleaned, and not too long
}

// Message is one that was written.
type Message struct {
	protocol.ChatMessage
	Sub string // stays on the server
}

// Log is the chats of all rooms. It is safe for concurrent use; other nodes may
// write to it as well.
type Log struct {
	js       Streams
	messages messages
	cfg      Config

	mu      sync.Mutex // guards what follows
	indices map[Session]*index
	indexed int // numbers in all of them

	measuring sync.Mutex // guards what follows; held while measuring, so that one does it for all
	measured  time.Time  // when the stream was measured
	stored    uint64     // bytes in it then
}

// Open makes the stream if need be.
func Open(ctx context.Context, js Streams, cfg Config) (*Log, error) {
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: streamName, Description: "what was written, as chat.room.session", Subjects: []string{allSessions},
		Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage, Replicas: 1, MaxMsgSize: maxEntry,
	})
	if err != nil {
		return nil, fmt.Errorf("chatlog: opening it: %w", err)
	}
	cfg.MaxStored = cmp.Or(cfg.MaxStored, maxStored)
	return &Log{js: js, messages: stream, cfg: cfg, indices: map[Session]*index{}}, nil
}

// Remove takes the stream away and says how many messages it had: a version from
// before there were chats takes a message that was deleted for damage.
func Remove(ctx context.Context, in interface {
	JetStream() jetstream.JetStream
	DropStream(ctx context.Context, name string) error
}) (messages uint64, err error) {
	stream, err := in.JetStream().Stream(ctx, streamName)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("chatlog: looking for it: %w", err)
	}
	return stream.CachedInfo().State.Msgs, in.DropStream(ctx, streamName)
}

// Sessions are those of which something is kept.
func (l *Log) Sessions(ctx context.Context) ([]Session, error) {
	info, err := l.messages.Info(ctx, jetstream.WithSubjectFilter(allSessions))
	if err != nil {
		return nil, errors.Join(ErrUnavailable, err)
	}
	var all []Session
	for subject := range info.State.Subjects {
		parts := strings.Split(subject, ".")
		if number, err := strconv.Atoi(parts[len(parts)-1]); err == nil && len(parts) == 3 {
			all = append(all, Session{parts[1], number})
		}
	}
	return all, nil
}

// Forget takes everything away that was written in a session. It writes that first:
// files that are gone after a crash are then known to have been taken away.
func (l *Log) Forget(ctx context.Context, s Session) error {
	defer func() { // an index may be made until all is gone
		l.mu.Lock()
		defer l.mu.Unlock()
		l.drop(s)
	}()
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	m := nats.NewMsg(s.subject())
	m.Data = []byte(`{}`)
	_, err := l.js.PublishMsg(ctx, m)
	if err == nil {
		err = l.messages.Purge(ctx, jetstream.WithPurgeSubject(s.subject()))
	}
	if err != nil {
		return errors.Join(ErrUnavailable, err)
	}
	return nil
}

// subject is where a session's messages are. Ids of rooms have no dots.
func (s Session) subject() string { return fmt.Sprintf("chat.%s.%d", s.Room, s.Number) }

// space says why no more is to be written in a session that has so much.
func (l *Log) space(ctx context.Context, x *index, more int) error {
	if len(x.slots) >= MaxMessages || x.bytes+more > MaxBytes {
		return ErrFull
	}
	if l.cfg.Spare != nil {
		if err := l.cfg.Spare(); err != nil {
			return errors.Join(ErrUnavailable, err)
		}
	}
	stored, err := l.measure(ctx)
	switch {
	case err != nil:
		return errors.Join(ErrUnavailable, err)
	case stored >= l.cfg.MaxStored:
		return ErrFull
	}
	return nil
}

// measure is how much is kept of all rooms.
func (l *Log) measure(ctx context.Context) (uint64, error) {
	l.measuring.Lock()
	defer l.measuring.Unlock()
	if now := time.Now(); l.measured.IsZero() || now.Sub(l.measured) >= measureEvery {
		ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
		defer cancel()
		info, err := l.messages.Info(ctx)
		if err != nil {
			return 0, err
		}
		l.measured, l.stored = now, info.State.Bytes
	}
	return l.stored, nil
}
