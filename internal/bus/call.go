package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
)

// tries is how often a call has the room opened: more than once, because an
// idle actor may stop in between.
const tries = 3

// ErrUnknown is returned where no answer came in time: what was asked may have
// been done.
var ErrUnknown = errors.New("bus: no answer came in time")

// Call asks a room's actor something that is no person's, opens the room if
// need be and waits for the answer. ErrNoRoom: there is no such room; ErrNobody:
// no node would open it, and nothing was done; ErrUnknown: ctx ended first.
func (b *Bus) Call(ctx context.Context, room string, command []byte) (answer []byte, err error) {
	data, err := json.Marshal(Ask{Command: command})
	if err != nil {
		return nil, fmt.Errorf("bus: encoding a command: %w", err)
	}
	for range tries {
		m, err := b.conn.RequestWithContext(ctx, askSubject(room), data)
		switch {
		case errors.Is(err, nats.ErrNoResponders):
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
		case Kind(m.Header.Get(headerKind)) != KindNobody:
			return m.Data, nil
		}
		if err := b.OpenRoom(room); err != nil {
			return nil, err
		}
	}
	return nil, ErrNobody
}
