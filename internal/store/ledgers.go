package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/meeting"
)

// SaveLedger keeps a finished session for good. Saving it again changes nothing.
func (s *Store) SaveLedger(ctx context.Context, room string, session meeting.Session) error {
	text, err := json.Marshal(session)
	if err != nil {
		return fmt.Errorf("store: encoding a ledger of %s: %w", room, err)
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	_, err = s.ledgers.Create(ctx, ledgerKey(room, session.Number), text)
	if err != nil && !errors.Is(err, jetstream.ErrKeyExists) && !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return errors.Join(ErrUnavailable, err)
	}
	return nil
}

// Ledger reads a finished session. ErrNotFound if there is none.
func (s *Store) Ledger(ctx context.Context, room string, number int) (meeting.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	entry, err := s.ledgers.Get(ctx, ledgerKey(room, number))
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return meeting.Session{}, ErrNotFound
	case err != nil:
		return meeting.Session{}, errors.Join(ErrUnavailable, err)
	}
	var session meeting.Session
	if err := json.Unmarshal(entry.Value(), &session); err != nil {
		return meeting.Session{}, fmt.Errorf("store: a ledger of %s does not decode: %w", room, err)
	}
	return session, nil
}

func ledgerKey(room string, number int) string { return fmt.Sprintf("%s.%d", room, number) }
