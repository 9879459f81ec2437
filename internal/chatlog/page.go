package chatlog

import (
	"context"
	"slices"

	"overtime/internal/protocol"
)

// Range says which messages of a session are asked for.
type Range struct {
	Before int // below this number; 0: the newest
	Limit  int // so many at most
	Bytes  int // with so much text at most, in bytes; one comes in any case
}

// Page reads messages of a session, the newest that are asked for. None is returned
// where there is none before.
func (l *Log) Page(ctx context.Context, s Session, r Range) (protocol.Chat, error) {
	x, err := l.enter(ctx, s)
	if err != nil {
		return protocol.Chat{}, err
	}
	defer l.leave(s, x)
	if err := l.catchUp(ctx, s, x); err != nil {
		return protocol.Chat{}, err
	}
	chat := protocol.Chat{Last: len(x.slots)}
	number, bytes := chat.Last, 0
	if r.Before > 0 {
		number = min(number, r.Before-1)
	}
	for ; number > 0 && len(chat.Messages) < r.Limit; number-- {
		at := x.slots[number-1]
		if at.seq == 0 {
			continue
		}
		if bytes += at.size; bytes > r.Bytes && len(chat.Messages) > 0 {
			break
		}
		m, err := l.read(ctx, s, x, number)
		if err != nil {
			return protocol.Chat{}, err
		}
		chat.Messages = append(chat.Messages, m.ChatMessage)
	}
	slices.Reverse(chat.Messages)
	return chat, nil
}
