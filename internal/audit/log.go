package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"overtime/internal/event"
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
	PublishMsg(ctx context.Context, msg *nats.Msg, opts ...jetstream.PublishOpt) (*jetstream.PubAck, error)
}

// messages is what is needed of a stream.
type messages interface {
	GetMsg(ctx context.Context, seq uint64, opts ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error)
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

	// turn holds one slot, for whoever appends; it guards what follows.
	turn  chan struct{}
	last  link
	known bool // last is what the stream has, unless another node appended
}

// Open makes the stream if need be.
func Open(ctx context.Context, js Streams, cfg Config) (*Log, error) {
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: streamName, Description: "who did what, as audit.room", Subjects: []string{"audit.*"},
		Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage, Replicas: max(1, cfg.Replicas),
		DenyDelete: true, DenyPurge: true, MaxAge: keep, MaxMsgSize: maxEntry, Duplicates: dedupe,
	})
	if err != nil {
		return nil, fmt.Errorf("audit: opening it: %w", err)
	}
	l := &Log{js: js, messages: stream, now: cfg.Now, log: cfg.Logger, turn: make(chan struct{}, 1)}
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
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return errors.Join(ErrUnavailable, ctx.Err())
	}
	defer func() { <-l.turn }()
	for {
		err := l.attempt(ctx, e, id)
		switch {
		case err == nil:
			return nil
		case isWrongLast(err) && ctx.Err() == nil:
			continue // another node came first; its entry is to be read
		case pause(ctx) != nil:
			return errors.Join(ErrUnavailable, err)
		}
	}
}

// attempt appends an entry to where the chain has come to, if it has not gone on.
func (l *Log) attempt(ctx context.Context, e Entry, id string) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	if !l.known {
		last, err := l.readLast(ctx)
		if err != nil {
			return err
		}
		l.last, l.known = last, true
	}
	text, err := l.last.text(e)
	if err != nil {
		return err
	}
	m := nats.NewMsg(subjectOf(e.Room))
	m.Data = text
	ack, err := l.js.PublishMsg(ctx, m, jetstream.WithMsgID(id), jetstream.WithExpectLastSequence(l.last.seq))
	switch {
	case err != nil:
		l.known = false
		return err
	case ack.Duplicate: // it is there already, and is not the last
		return nil
	}
	l.last = link{ack.Sequence, digest(text)}
	return nil
}

// readLast is where the chain has come to in the stream.
func (l *Log) readLast(ctx context.Context) (link, error) {
	info, err := l.messages.Info(ctx)
	if err != nil {
		return link{}, err
	}
	last := link{seq: info.State.LastSeq}
	if info.State.Msgs == 0 { // a new stream, or all have gone by age
		return last, nil
	}
	m, err := l.messages.GetMsg(ctx, last.seq)
	if err != nil {
		return link{}, err
	}
	last.digest = digest(m.Data)
	return last, nil
}

// isWrongLast reports whether something else was appended first. Streams of one
// replica and of several say so by different codes.
func isWrongLast(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

func pause(ctx context.Context) error {
	t := time.NewTimer(retryPause)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
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

// Close appends what AppendSoon has taken, until ctx ends. AppendSoon leads
// nowhere afterwards; everything else works on.
func (l *Log) Close(ctx context.Context) error {
	return errors.Join(l.refusals.close(ctx), l.soon.close(ctx))
}
