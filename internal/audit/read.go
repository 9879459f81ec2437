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
