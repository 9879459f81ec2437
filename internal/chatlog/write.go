package chatlog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/clock"
	"overtime/internal/protocol"
)

// Append writes a message at the end of a session's chat, and returns once it is on
// the disk. Under an Op that is there already nothing is written, and the message of
// then is returned. ErrFull and ErrUnavailable say that nothing was written, unless
// it is ErrUnknown as well: the same Op again then finds out.
func (l *Log) Append(ctx context.Context, s Session, d Draft) (Message, error) {
	x, err := l.enter(ctx, s)
	if err != nil {
		return Message{}, err
	}
	defer l.leave(s, x)
	e := entry{At: d.At, From: d.From.Participant, Name: d.From.Name, Sub: d.Sub, Op: d.Op, Text: d.Text}
	had := 0 // the number that it has already
	err = l.write(ctx, s, x, func() (*entry, error) {
		if had = x.ops[d.Op]; had > 0 {
			return nil, nil
		}
		e.Number = len(x.slots) + 1
		return &e, l.space(ctx, x, len(d.Text))
	})
	switch {
	case err != nil:
		return Message{}, err
	case had > 0:
		return l.read(ctx, s, x, had)
	}
	return e.message(), nil
}

// Delete takes the text of a message away for good. may is asked with the message,
// and says by whom it is deleted, or why not: its error is returned as it is. What
// is deleted already stays so, and may is not asked.
func (l *Log) Delete(ctx context.Context, s Session, number int, may func(Message) (protocol.DeletedBy, error)) (Message, error) {
	x, err := l.enter(ctx, s)
	if err != nil {
		return Message{}, err
	}
	defer l.leave(s, x)
	var m Message
	err = l.write(ctx, s, x, func() (*entry, error) {
		var err error
		if m, err = l.read(ctx, s, x, number); err != nil || m.Deleted != "" {
			return nil, err
		}
		by, err := may(m)
		if err != nil {
			return nil, err
		}
		m.Text, m.Deleted = "", by
		return &entry{
			At: m.At, From: m.From.Participant, Name: m.From.Name, Sub: m.Sub, Op: x.opOf(number), Number: number, Deleted: by,
		}, nil
	})
	l.eraseAll(ctx, x)
	return m, err
}

// write has next say what is to be written, by what the index holds, and writes it
// if nothing came in between. Whatever comes in between is read, and next is asked
// again. A write whose outcome is not known is looked for before it is tried again.
func (l *Log) write(ctx context.Context, s Session, x *index, next func() (*entry, error)) error {
	var doubt error // ErrUnknown, once a write was tried that may have been done
	behind := uint64(math.MaxUint64)
	for {
		err := l.intact(ctx)
		if err == nil && !x.known {
			err = l.catchUp(ctx, s, x)
		}
		if err == nil {
			e, refusal := next()
			if e == nil || refusal != nil {
				return errors.Join(refusal, doubtOf(refusal, doubt))
			}
			if err = l.publish(ctx, s, x, *e); err == nil {
				return nil
			}
			if isWrongLast(err) && ctx.Err() == nil {
				if x.last == behind { // nothing was added: another node has taken all away
					x.reset()
				}
				behind = x.last
				continue
			}
			doubt = ErrUnknown
		}
		if errors.Is(err, errBroken) || clock.Pause(ctx, retryPause) != nil {
			return errors.Join(ErrUnavailable, doubt, err)
		}
	}
}

// doubtOf is doubt where a refusal leaves it open whether it was done.
func doubtOf(refusal, doubt error) error {
	if errors.Is(refusal, ErrUnavailable) {
		return doubt
	}
	return nil
}

// publish writes an entry behind the newest that the index has.
func (l *Log) publish(ctx context.Context, s Session, x *index, e entry) error {
	text, err := e.encode()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	m := nats.NewMsg(s.subject())
	m.Data = text
	ack, err := l.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(x.last))
	if err != nil {
		x.known = false
		return err
	}
	x.add(e, ack.Sequence)
	return nil
}

func (e entry) encode() ([]byte, error) {
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false) // a text of "<" would take six times its size
	err := to.Encode(e)
	return bytes.TrimSpace(text.Bytes()), err
}

// isWrongLast reports whether something else was written first. Streams of one
// replica and of several say so by different codes.
func isWrongLast(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// errBroken wraps why no write can succeed now.
var errBroken = errors.New("chatlog: the store is broken")

// intact waits a little for a store that is broken, and says if it stays so.
func (l *Log) intact(ctx context.Context) error {
	if ctx.Err() != nil || l.cfg.Broken == nil || l.cfg.Broken() == nil {
		return ctx.Err()
	}
	if err := clock.Pause(ctx, brokenPause); err != nil {
		return err
	}
	if why := l.cfg.Broken(); why != nil {
		return errors.Join(errBroken, why)
	}
	return nil
}
