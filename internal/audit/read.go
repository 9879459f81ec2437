package audit

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"
)

// maxPage bounds how many entries are read at a time.
const maxPage = 500

// everything is the subject of all entries; JetStream knows a short way for it.
const everything = ">"

// errNone is returned where there is no such entry.
var errNone = errors.New("audit: nothing more")

// Read gives entries in their order, up to limit: those after the one numbered
// after, of one room, of no room if that is -, or of all if it is empty. more says
// that there are more. Entries go after 90 days, so that the first may have any
// number.
func (l *Log) Read(ctx context.Context, after uint64, room string, limit int) (entries []Stored, more bool, err error) {
	limit = max(1, min(limit, maxPage))
	subject := everything
	if room != "" {
		subject = subjectOf(room)
	}
	if subject == subjectOf(noRoom) && room != noRoom {
		return nil, false, nil // no room has that name
	}
	for {
		m, err := l.next(ctx, subject, after+1)
		switch {
		case errors.Is(err, errNone):
			return entries, false, nil
		case err != nil:
			return nil, false, err
		case len(entries) == limit:
			return entries, true, nil
		}
		s, err := decode(m.Sequence, m.Data)
		if err != nil {
			return nil, false, err
		}
		after = s.Seq
		entries = append(entries, s)
	}
}

// Verify reads everything and checks that each entry is followed by the one that
// was written after it. It says how many it has checked; a BrokenError names the
// first that is not what it should be.
func (l *Log) Verify(ctx context.Context) (checked int, err error) {
	var at link
	for {
		m, err := l.next(ctx, everything, at.seq+1)
		switch {
		case errors.Is(err, errNone):
			return checked, l.reached(ctx, at)
		case err != nil:
			return checked, err
		}
		if at, err = l.oldest(ctx, at, m.Sequence); err != nil {
			return checked, err
		}
		if at, err = at.follow(m.Sequence, m.Subject, m.Data); err != nil {
			return checked, err
		}
		checked++
	}
}

// oldest is at, or where the chain begins anew because seq is the oldest entry by
// now: what was between has gone by age, while we read or when nothing else was
// written for so long.
func (l *Log) oldest(ctx context.Context, at link, seq uint64) (link, error) {
	if at.seq == 0 || seq == at.seq+1 {
		return at, nil
	}
	info, err := l.info(ctx)
	if err != nil {
		return at, err
	}
	if info.State.FirstSeq >= seq {
		return link{}, nil
	}
	return at, nil
}

// reached checks that there is nothing after at that cannot be read.
func (l *Log) reached(ctx context.Context, at link) error {
	info, err := l.info(ctx)
	if err != nil {
		return err
	}
	if info.State.Msgs > 0 && info.State.LastSeq > at.seq {
		if _, err := l.next(ctx, everything, at.seq+1); errors.Is(err, errNone) {
			return &BrokenError{at.seq + 1, "it is gone"}
		}
	}
	return nil
}

// next is the first message from seq on of a subject; errNone if there is none.
func (l *Log) next(ctx context.Context, subject string, seq uint64) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	m, err := l.messages.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return nil, errNone
	case err != nil:
		return nil, errors.Join(ErrUnavailable, err)
	}
	return m, nil
}

func (l *Log) info(ctx context.Context) (*jetstream.StreamInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	info, err := l.messages.Info(ctx)
	if err != nil {
		return nil, errors.Join(ErrUnavailable, err)
	}
	return info, nil
}
