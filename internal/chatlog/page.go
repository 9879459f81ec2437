package chatlog

import (
	"context"
	"errors"
	"slices"

	"overtime/internal/protocol"
)

// Range says which messages of a session are asked for.
type Range struct {
	Before int // below this number; 0: the newest
	Limit  int // so many at most
	Bytes  int // with so much text at most, in bytes; one comes in any case
}

// Part is some messages of a session, in their order.
type Part struct {
	Last     int // the number of the newest of all; 0: none was written
	Messages []Message
}

// Page is what Read reads, as people get it.
func (l *Log) Page(ctx context.Context, s Session, r Range) (protocol.Chat, error) {
	part, err := l.Read(ctx, s, r)
	chat := protocol.Chat{Last: part.Last}
	for _, m := range part.Messages {
		chat.Messages = append(chat.Messages, m.ChatMessage)
	}
	return chat, err
}

// Read reads messages of a session, the newest that are asked for. None is returned
// where there is none before.
func (l *Log) Read(ctx context.Context, s Session, r Range) (Part, error) {
	x, err := l.enter(ctx, s)
	if err != nil {
		return Part{}, err
	}
	defer l.leave(s, x)
	if err := l.catchUp(ctx, s, x); err != nil {
		return Part{}, err
	}
	part := Part{Last: len(x.slots)}
	number, bytes := part.Last, 0
	if r.Before > 0 {
		number = min(number, r.Before-1)
	}
	for ; number > 0 && len(part.Messages) < r.Limit; number-- {
		at := x.slots[number-1]
		if at.seq == 0 {
			continue
		}
		if bytes += at.size; bytes > r.Bytes && len(part.Messages) > 0 {
			break
		}
		m, err := l.read(ctx, s, x, number)
		if errors.Is(err, ErrNotFound) { // it was taken away since the index was made
			x.bytes -= at.size
			x.slots[number-1] = slot{}
			continue
		}
		if err != nil {
			return Part{}, err
		}
		part.Messages = append(part.Messages, m)
	}
	slices.Reverse(part.Messages)
	return part, nil
}
