package webhook

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/clock"
	"overtime/internal/event"
)

const (
	streamName = "HOOKS"
	// maxQueue bounds what waits on the disk, in bytes: some million events.
	// What comes then is dropped and reported; a meeting never waits for it.
	maxQueue = 1 << 30
	// maxEvent bounds one event, in bytes: the end of a session has its whole
	// story, which may have 1,500 entries. It is read as base64, in a message of
	// at most 1 MiB.
	maxEvent = 640 << 10
	// maxHeader bounds what stands around an event in the stream, in bytes.
	maxHeader = 4 << 10
	// maxWait is when events go that wait for an endpoint that is not in the
	// file any more. All others have been given up long before.
	maxWait = 7 * 24 * time.Hour
	// dedupe is how long the queue knows an event that is put in again.
	dedupe = 30 * time.Minute
	// attemptTimeout bounds one read or write; the caller's context bounds all.
	attemptTimeout = 5 * time.Second
	// maxAsks is how many questions the stream is asked at a time. More would
	// wait for their answers until nobody listens any more.
	maxAsks = 8
)

// Why an event was not delivered.
const (
	ReasonGaveUp = "gave_up"    // the endpoint did not take it for three days
	ReasonGone   = "gone"       // the endpoint answered 410: it wants no more of it
	ReasonFull   = "queue_full" // too much waits already
	ReasonUnfit  = "unfit"      // it is too large, or not made as events are: our mistake
)

// ErrUnavailable wraps what keeps the queue from taking an event.
var ErrUnavailable = errors.New("webhook: the queue is unavailable")

// errNone is returned where there is no such event.
var errNone = errors.New("webhook: nothing more")

// Streams makes streams and publishes to them; jetstream.JetStream is one.
type Streams interface {
	CreateOrUpdateStream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error)
	PublishMsg(ctx context.Context, msg *nats.Msg, opts ...jetstream.PublishOpt) (*jetstream.PubAck, error)
}

// messages is what is needed of a stream.
type messages interface {
	GetMsg(ctx context.Context, seq uint64, opts ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error)
	DeleteMsg(ctx context.Context, seq uint64) error
	SecureDeleteMsg(ctx context.Context, seq uint64) error
	Info(ctx context.Context, opts ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error)
}

// Config says who is told.
type Config struct {
	Endpoints []Endpoint
	// AllowPrivate lets endpoints be on this machine and in private networks.
	AllowPrivate bool
	Replicas     int // of the stream; 0 is 1
	// MaxBytes is how much may wait on the disk; 0 is a GiB.
	MaxBytes int64
	// Dropped is told of each event that an endpoint will not get, and why. It
	// is called from any goroutine and holds up one room; nil is nobody.
	Dropped func(e event.Event, endpoint, reason string)
	Now     func() time.Time
	Logger  *slog.Logger
	// Resolver finds the endpoints' addresses; nil is the system's.
	Resolver *net.Resolver
	// Wait waits before an event is tried again, until ctx ends; nil waits as
	// long as it is told.
	Wait func(ctx context.Context, d time.Duration) error
}

// Queue is what waits for each endpoint. It is safe for concurrent use.
type Queue struct {
	cfg      Config
	js       Streams
	messages messages
	bells    map[string]chan struct{} // by endpoint; rung when something was put in
	asks     chan struct{}            // one slot for each question
	lines    int                      // how many rooms of an endpoint are seen to at a time
	look     time.Duration            // how often it is looked for events though no bell rang
}

// Open makes the stream if need be.
func Open(ctx context.Context, js Streams, cfg Config) (*Queue, error) {
	if cfg.Wait == nil {
		cfg.Wait = clock.Pause
	}
	if cfg.Dropped == nil {
		cfg.Dropped = func(event.Event, string, string) {}
	}
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: streamName, Description: "events for portals, as hook.endpoint.room", Subjects: []string{"hook.*.*"},
		Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage, Replicas: max(1, cfg.Replicas),
		MaxAge: maxWait, MaxBytes: cmp.Or(cfg.MaxBytes, maxQueue), MaxMsgSize: maxEvent + maxHeader, Discard: jetstream.DiscardNew, Duplicates: dedupe,
	})
	if err != nil {
		return nil, fmt.Errorf("webhook: opening the queue: %w", err)
	}
	q := &Queue{cfg: cfg, js: js, messages: stream, bells: map[string]chan struct{}{}, asks: make(chan struct{}, maxAsks), lines: maxLines, look: lookEvery}
	for _, to := range cfg.Endpoints {
		q.bells[to.ID] = make(chan struct{}, 1)
	}
	return q, q.tellLeft(ctx)
}

// tellLeft logs how many events wait for endpoints that are not there any more.
func (q *Queue) tellLeft(ctx context.Context) error {
	info, err := q.messages.Info(ctx, jetstream.WithSubjectFilter("hook.>"))
	if err != nil {
		return fmt.Errorf("webhook: looking into the queue: %w", err)
	}
	left := map[string]uint64{}
	for subject, n := range info.State.Subjects {
		endpoint, _ := split(subject)
		if q.bells[endpoint] == nil {
			left[endpoint] += n
		}
	}
	for endpoint, n := range left {
		q.cfg.Logger.Warn("webhook: events wait for an endpoint that is not in the file of endpoints; write its URL there again or they go after 7 days",
			"endpoint", endpoint, "events", n)
	}
	return nil
}

// subjectOf is the subject of a room's events for an endpoint; of all its rooms,
// if room is *.
func subjectOf(endpoint, room string) string { return "hook." + endpoint + "." + room }

// split is the reverse.
func split(subject string) (endpoint, room string) {
	endpoint, room, _ = strings.Cut(strings.TrimPrefix(subject, "hook."), ".")
	return endpoint, room
}

// Enqueue puts an event into the queue of each endpoint, on the disk. After an
// error the caller is to try again with the same event, before any later one of
// its room: what was put in is not put in twice. What can never be put in is
// dropped and reported, without an error.
func (q *Queue) Enqueue(ctx context.Context, e event.Event) error {
	if !e.Kind.Hook() && !e.Kind.Optional() {
		return nil
	}
	e.Who = event.Who{} // portals are not told, so that it need not wait here
	text, err := json.Marshal(e)
	fit := err == nil && len(text) <= maxEvent && isToken(e.ID) && isToken(e.Room)
	for _, to := range q.cfg.Endpoints {
		if !to.wants(e.Kind) {
			continue
		}
		if !fit {
			q.drop(e, to, ReasonUnfit)
			continue
		}
		if err := q.put(ctx, to, e, text); err != nil {
			return errors.Join(ErrUnavailable, err)
		}
	}
	return nil
}

func (q *Queue) put(ctx context.Context, to Endpoint, e event.Event, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	m := nats.NewMsg(subjectOf(to.ID, e.Room))
	m.Data = text
	_, err := q.js.PublishMsg(ctx, m, jetstream.WithMsgID(e.ID+"."+to.ID))
	if isFull(err) {
		q.drop(e, to, ReasonFull)
		return nil
	}
	if err != nil {
		return err
	}
	select {
	case q.bells[to.ID] <- struct{}{}:
	default: // it rings already
	}
	return nil
}

// isFull reports whether the stream holds as much as it may. JetStream has one
// code for that and for trouble with the disk, so that only the text tells.
func isFull(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && strings.HasPrefix(api.Description, "maximum bytes exceeded")
}

// drop reports an event that an endpoint will not get.
func (q *Queue) drop(e event.Event, to Endpoint, reason string) {
	q.cfg.Logger.Error("webhook: an endpoint was not told of an event",
		"reason", reason, "endpoint", to.Where(), "room", e.Room, "event", e.ID, "type", e.Kind)
	q.cfg.Dropped(e, to.Where(), reason)
}

// ask asks the stream something when it is its turn.
func (q *Queue) ask(ctx context.Context, question func(context.Context) error) error {
	select {
	case q.asks <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-q.asks }()
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return question(ctx)
}

// next is the first message from seq on of a subject; errNone if there is none.
func (q *Queue) next(ctx context.Context, subject string, seq uint64) (m *jetstream.RawStreamMsg, err error) {
	err = q.ask(ctx, func(ctx context.Context) error {
		m, err = q.messages.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
		return err
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, errNone
	}
	return m, err
}

// Recall takes an event out that is not to be told any more, wherever it was not yet.
func (q *Queue) Recall(ctx context.Context, e event.Event) error {
	for seq := uint64(1); ; {
		m, err := q.next(ctx, subjectOf("*", e.Room), seq)
		switch {
		case errors.Is(err, errNone):
			return nil
		case err == nil && strings.HasPrefix(m.Header.Get(jetstream.MsgIDHeader), e.ID+"."):
			err = q.remove(ctx, m.Sequence, e.Kind)
		}
		if err != nil {
			return errors.Join(ErrUnavailable, err)
		}
		seq = m.Sequence + 1
	}
}

// remove takes a message out; of what people wrote nothing is left on the disk. One that
// is not there is out.
func (q *Queue) remove(ctx context.Context, seq uint64, kind event.Kind) error {
	remove := q.messages.DeleteMsg
	if kind == event.ChatMessage {
		remove = q.messages.SecureDeleteMsg
	}
	return q.ask(ctx, func(ctx context.Context) error {
		err := remove(ctx, seq)
		if err == nil {
			return nil
		}
		if _, gone := q.messages.GetMsg(ctx, seq); errors.Is(gone, jetstream.ErrMsgNotFound) {
			return nil
		}
		return err
	})
}

// isToken reports whether text can stand in a subject and in a header: letters,
// digits, - and _.
func isToken(text string) bool {
	strange := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
	}
	return text != "" && len(text) <= 128 && !strings.ContainsFunc(text, strange)
}
