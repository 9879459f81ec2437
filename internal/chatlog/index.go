package chatlog

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/protocol"
)

// entry is what stands in the stream. One with Deleted takes the place of the
// message of its number, whose text is taken out of the stream then.
type entry struct {
	Number  int                `json:"n"`
	At      time.Time          `json:"at"`
	From    string             `json:"from"`
	Name    string             `json:"name"`
	Sub     string             `json:"sub"`
	Op      string             `json:"op"`
	Text    string             `json:"text,omitempty"`
	Deleted protocol.DeletedBy `json:"deleted,omitempty"`
}

func (e entry) message() Message {
	return Message{Sub: e.Sub, ChatMessage: protocol.ChatMessage{
		Number: e.Number, At: e.At, From: protocol.ChatAuthor{Participant: e.From, Name: e.Name}, Text: e.Text, Deleted: e.Deleted,
	}}
}

// slot is where a message is in the stream, and how long its text is, in bytes.
type slot struct {
	seq  uint64 // 0: damage to the store has taken it
	size int
}

// index is what is known of a session's messages. Two of one session may be in use
// for a moment: what is written is held against the stream, and not against them.
type index struct {
	turn chan struct{} // holds one, for whoever uses it; it guards what follows

	slots  []slot         // by number, from 1 on
	ops    map[string]int // the numbers of operations
	bytes  int            // of all texts
	last   uint64         // the session's newest entry
	known  bool           // there is none after it, unless another node wrote it
	erase  []uint64       // entries whose text is still to be taken out
	weight int            // what was counted of it: itself, and its numbers; Log.mu guards it
}

// enter gives a session's index to the caller alone, until leave.
func (l *Log) enter(ctx context.Context, s Session) (*index, error) {
	l.mu.Lock()
	x := l.indices[s]
	if x == nil {
		x = &index{turn: make(chan struct{}, 1), ops: map[string]int{}}
		l.indices[s] = x
	}
	l.mu.Unlock()
	select {
	case x.turn <- struct{}{}:
		return x, nil
	case <-ctx.Done():
		return nil, errors.Join(ErrUnavailable, ctx.Err())
	}
}

func (l *Log) leave(s Session, x *index) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.indices[s] == x {
		l.indexed += 1 + len(x.slots) - x.weight
		x.weight = 1 + len(x.slots)
	}
	if len(x.slots) == 0 {
		l.drop(s) // there is nothing to find in it again
	}
	for other := range l.indices {
		if l.indexed <= maxIndexed {
			break
		}
		if other != s {
			l.drop(other)
		}
	}
	<-x.turn
}

// drop forgets a session's index. The caller holds mu.
func (l *Log) drop(s Session) {
	if x := l.indices[s]; x != nil {
		l.indexed -= x.weight
		delete(l.indices, s)
	}
}

// catchUp reads what was written since.
func (l *Log) catchUp(ctx context.Context, s Session, x *index) error {
	for {
		e, seq, err := l.next(ctx, s, x.last+1)
		if errors.Is(err, ErrNotFound) {
			x.known = true
			l.eraseAll(ctx, x)
			return nil
		}
		if err != nil {
			return err
		}
		x.add(e, seq)
	}
}

// reset forgets what was read: all of it was taken away since.
func (x *index) reset() {
	x.slots, x.ops, x.bytes, x.last, x.known, x.erase = nil, map[string]int{}, 0, 0, false, nil
}

// add takes an entry in.
func (x *index) add(e entry, seq uint64) {
	x.last = seq
	if e.Number < 1 || e.Number > MaxMessages {
		return // it is none of ours
	}
	for len(x.slots) < e.Number {
		x.slots = append(x.slots, slot{})
	}
	at := &x.slots[e.Number-1]
	if at.seq != 0 {
		x.erase = append(x.erase, at.seq)
	}
	x.bytes += len(e.Text) - at.size
	*at = slot{seq, len(e.Text)}
	x.ops[e.Op] = e.Number
}

// opOf is the operation that wrote a message; empty if it is not known.
func (x *index) opOf(number int) string {
	for op, of := range x.ops {
		if of == number {
			return op
		}
	}
	return ""
}

// eraseAll takes the text of what was deleted out of the stream. What cannot be done
// now is tried again with the next that is read or written.
func (l *Log) eraseAll(ctx context.Context, x *index) {
	for len(x.erase) > 0 {
		ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
		err := l.messages.SecureDeleteMsg(ctx, x.erase[0])
		cancel()
		if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) && !isGone(err) {
			return
		}
		x.erase = x.erase[1:]
	}
}

// isGone reports whether a message could not be deleted because it was before.
func isGone(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.Code == 404
}

// next is the session's first entry at seq or behind it.
func (l *Log) next(ctx context.Context, s Session, seq uint64) (entry, uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	m, err := l.messages.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(s.subject()))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return entry{}, 0, ErrNotFound
	case err != nil:
		return entry{}, 0, errors.Join(ErrUnavailable, err)
	}
	var e entry
	if json.Unmarshal(m.Data, &e) != nil {
		e = entry{} // of a version to come: it has no number that is known
	}
	return e, m.Sequence, nil
}

// read is the message of a number.
func (l *Log) read(ctx context.Context, s Session, x *index, number int) (Message, error) {
	if number < 1 || number > len(x.slots) || x.slots[number-1].seq == 0 {
		return Message{}, ErrNotFound
	}
	at := x.slots[number-1].seq
	e, seq, err := l.next(ctx, s, at)
	if err == nil && seq != at { // another node deleted it
		err = ErrNotFound
	}
	return e.message(), err
}
