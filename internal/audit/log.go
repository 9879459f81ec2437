package audit

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"overtime/internal/clock"
	"overtime/internal/event"
	"overtime/internal/groupcommit"
)

const (
	streamName = "AUDIT"
	// keep is how long entries are kept.
	keep = 90 * 24 * time.Hour
	// dedupe is how long an entry is known that is appended again.
	dedupe = 30 * time.Minute
	// maxEntry bounds an entry in the stream, in bytes: its data and its twelve
	// texts, if all of them are of characters that JSON writes in six bytes.
	maxEntry = 128 << 10
	// attemptTimeout bounds one read or write; the caller's context bounds all.
	attemptTimeout = 5 * time.Second
	// retryPause lets a stream that refuses catch its breath.
	retryPause = 50 * time.Millisecond
)

// ErrUnavailable wraps what keeps the audit from answering.
var ErrUnavailable = errors.New("audit: unavailable")

// Streams makes streams and publishes to them; jetstream.JetStream is one.
type Streams interface {
	CreateOrUpdateStream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error)
	groupcommit.Publisher
}

// messages is what is needed of a stream.
type messages interface {
	GetMsg(ctx context.Context, seq uint64, opts ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error)
	GetLastMsgForSubject(ctx context.Context, subject string) (*jetstream.RawStreamMsg, error)
	Info(ctx context.Context, opts ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error)
}

// Config says how the audit is kept.
type Config struct {
	Replicas int // of the stream; 0 is 1
	Now      func() time.Time
	Logger   *slog.Logger
}

// Log is the audit. It is safe for concurrent use; other nodes may add to it as
// well.
type Log struct {
	js       Streams
	messages messages
	now      func() time.Time
	log      *slog.Logger
	// refusals are what anybody can cause, soon the rest of what nobody waits
	// for: a flood of the first must not keep out the second.
	refusals, soon *soon

	turns      [turns]turn
	queue      groupcommit.Queue // of many rooms' entries, which share a sync
	unanchored uint64            // where the first anchor begins, if there is none yet
	stop       func()            // ends the anchoring, and waits for it
}

const (
	// turns is how many appends may be under way at once. Those of one room take
	// their turn.
	turns = 64
	// maxHeads bounds of how many rooms each turn knows where their chain has come to.
	maxHeads = 128
)

// turn is taken by whoever appends to one of its rooms.
type turn struct {
	slot  chan struct{}   // holds one, for whoever has the turn; it guards what follows
	heads map[string]link // by subject; what the stream has, unless another node appended
}

// turnOf is the one that a subject's entries take.
func (l *Log) turnOf(subject string) *turn {
	h := fnv.New32a()
	_, _ = h.Write([]byte(subject)) // a hash takes everything
	return &l.turns[h.Sum32()%turns]
}

// Open makes the stream if need be.
func Open(ctx context.Context, js Streams, cfg Config) (*Log, error) {
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: streamName, Description: "who did what, as audit.room", Subjects: []string{"audit.*"},
		Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage, Replicas: max(1, cfg.Replicas),
		DenyDelete: true, DenyPurge: true, AllowDirect: false, AllowAtomicPublish: true, MaxAge: keep, MaxMsgSize: maxEntry, Duplicates: dedupe,
	})
	if err != nil {
		return nil, fmt.Errorf("audit: opening it: %w", err)
	}
	l := &Log{js: js, messages: stream, now: cfg.Now, log: cfg.Logger, queue: groupcommit.Queue{Patience: attemptTimeout}}
	for i := range l.turns {
		l.turns[i] = turn{make(chan struct{}, 1), map[string]link{}}
	}
	if l.unanchored, err = l.findUnanchored(ctx); err != nil {
		return nil, fmt.Errorf("audit: opening it: %w", err)
	}
	l.startAnchoring()
	l.refusals, l.soon = startSoon(l.Append, cfg.Now, cfg.Logger), startSoon(l.Append, cfg.Now, cfg.Logger)
	return l, nil
}

// Append returns once the entry is on the disk. After an error nobody knows
// whether it is: one with an ID may be appended again within half an hour, and
// is kept once. ctx bounds it; ErrUnavailable then.
func (l *Log) Append(ctx context.Context, e Entry) error {
	e = e.fit(l.now())
	id := e.ID
	if id == "" {
		id = nuid.Next() // our own attempts are one entry in any case
	}
	t := l.turnOf(subjectFor(e))
	select {
	case t.slot <- struct{}{}:
	case <-ctx.Done():
		return errors.Join(ErrUnavailable, ctx.Err())
	}
	defer func() { <-t.slot }()
	for {
		err := l.attempt(ctx, t, e, id)
		switch {
		case err == nil:
			return nil
		case isWrongLast(err) && ctx.Err() == nil:
			continue // another node came first; its entry is to be read
		case clock.Pause(ctx, retryPause) != nil:
			return errors.Join(ErrUnavailable, err)
		}
	}
}

// attempt appends an entry to where its room's chain has come to, if that has not
// gone on.
func (l *Log) attempt(ctx context.Context, t *turn, e Entry, id string) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	subject := subjectFor(e)
	head, known := t.heads[subject]
	if !known {
		m, err := l.lastOf(ctx, subject)
		if err != nil {
			return err
		}
		if m != nil {
			head = link{m.Sequence, digest(m.Data)}
		}
	}
	text, err := head.text(e)
	if err != nil {
		return err
	}
	delete(t.heads, subject)
	again := false // it is there already, and need not be the last
	sequence, err := l.queue.Do(ctx, l.js, groupcommit.Write{
		Key:     subject,
		Batched: groupcommit.Message{Subject: subject, Data: text, Expected: head.seq, ID: id},
		Alone: func(ctx context.Context) (uint64, error) {
			m := nats.NewMsg(subject)
			m.Data = text
			ack, err := l.js.PublishMsg(ctx, m, jetstream.WithMsgID(id), jetstream.WithExpectLastSequencePerSubject(head.seq))
			if err != nil {
				return 0, err
			}
			again = ack.Duplicate
			return ack.Sequence, nil
		},
	})
	if err != nil || again {
		return err
	}
	if len(t.heads) >= maxHeads {
		clear(t.heads) // all of them can be read again
	}
	t.heads[subject] = link{sequence, digest(text)}
	return nil
}

// lastOf is the newest entry of a subject, nil if there is none.
func (l *Log) lastOf(ctx context.Context, subject string) (*jetstream.RawStreamMsg, error) {
	m, err := l.messages.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	return m, err
}

// isWrongLast reports whether something else was appended first. Streams of one
// replica and of several say so by different codes.
func isWrongLast(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// AppendSoon appends an entry that nobody waits for. It never blocks. What is
// more than the audit takes is counted instead, and an entry later says how many
// they were. Refusals that anybody can cause leave room for everything else.
func (l *Log) AppendSoon(e Entry) {
	switch e.Kind {
	case event.APIRefused, event.ParticipantRefused:
		l.refusals.put(e)
	default:
		l.soon.put(e)
	}
}

// startAnchoring has what is appended anchored until stop.
func (l *Log) startAnchoring() {
	end := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() { l.keepAnchoring(end) })
	l.stop = sync.OnceFunc(func() { close(end); group.Wait() })
}

// Close appends what AppendSoon has taken, until ctx ends, and anchors it. AppendSoon
// leads nowhere afterwards, and nothing is anchored any more; everything else works on.
func (l *Log) Close(ctx context.Context) error {
	l.stop()
	err := errors.Join(l.refusals.close(ctx), l.soon.close(ctx))
	l.tryAnchor(ctx)
	return err
}
