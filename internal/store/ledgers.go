package store

import (
	"context"
	"encoding/json"
	"fmt"

	"overtime/internal/meeting"
)

// SaveLedger keeps a finished session until it is swept. Saving it again changes nothing.
func (s *Store) SaveLedger(ctx context.Context, room string, session meeting.Session) error {
	text, err := json.Marshal(session)
	if err != nil {
		return fmt.Errorf("store: encoding a ledger of %s: %w", room, err)
	}
	return s.keep(ctx, ledgerKey(room, session.Number), text)
}

// Ledger reads a finished session. ErrNotFound if there is none.
func (s *Store) Ledger(ctx context.Context, room string, number int) (meeting.Session, error) {
	entry, err := get(ctx, s.ledgers.bucket, ledgerKey(room, number), onceTimeout)
	if err != nil {
		return meeting.Session{}, err
	}
	var session meeting.Session
	if err := json.Unmarshal(entry.Value(), &session); err != nil {
		return meeting.Session{}, fmt.Errorf("store: a ledger of %s does not decode: %w", room, err)
	}
	return session, nil
}

func ledgerKey(room string, number int) string { return fmt.Sprintf("%s.%d", room, number) }
