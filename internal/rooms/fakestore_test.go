package rooms_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/store"
)

// fakeStore is a compare-and-set store in memory, with faults.
type fakeStore struct {
	mu      sync.Mutex // guards what follows
	records map[string]store.Record
	people  map[string]store.Attendance
	ledgers map[string]meeting.Session
	writes  int

	delay  time.Duration // of each write
	down   bool          // writes fail when their time is over
	broken bool          // writes are given up soon
	forget int           // so many writes are made and then not acknowledged
	fail   int           // so many ledgers are not kept
	panics bool          // the next change is a mistake of ours
	most   int           // bytes of a record
	refuse int           // so many changes more are refused at once
	hidden bool          // Each gives nobody
	damage error         // what Each says in the end
}

func newFakeStore() *fakeStore {
	return &fakeStore{records: map[string]store.Record{}, people: map[string]store.Attendance{}, ledgers: map[string]meeting.Session{}, most: 64 << 10}
}

// set changes the faults.
func (s *fakeStore) set(f func(s *fakeStore)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

func (s *fakeStore) record(id string) store.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.records[id]
}

func (s *fakeStore) Load(_ context.Context, id string) (store.Versioned, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, there := s.records[id]
	if !there {
		return store.Versioned{}, store.ErrNotFound
	}
	return store.Versioned{Record: r}, nil
}

func (s *fakeStore) Change(
	ctx context.Context, have store.Versioned, change func(store.Record) (store.Record, error),
) (store.Versioned, error) {
	for {
		next, err := change(have.Record)
		switch err {
		case nil:
		case store.ErrUnchanged:
			return have, nil
		default:
			return have, err
		}
		if s.tooLarge(next) {
			return have, store.ErrTooLarge
		}
		if s.isBroken() {
			<-time.After(500 * time.Millisecond)
			return have, errors.Join(store.ErrUnavailable, store.ErrBroken)
		}
		if !s.wait(ctx) {
			return have, store.ErrUnavailable
		}
		now, written, err := s.compareAndSet(have.Record, next)
		if written || err != nil {
			return store.Versioned{Record: now}, err
		}
		have = store.Versioned{Record: now}
	}
}

// tooLarge counts the newest entries of a ledger only; the others have pages.
func (s *fakeStore) tooLarge(r store.Record) bool {
	if r.Session != nil && len(r.Session.Ledger) > 64 {
		session := *r.Session
		session.Ledger = session.Ledger[len(session.Ledger)-64:]
		r.Session = &session
	}
	text, err := json.Marshal(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse > 0 {
		s.refuse--
		return true
	}
	return err != nil || len(text) > s.most
}

func (s *fakeStore) isBroken() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broken
}

// wait is the time that a write takes; false if it is never made.
func (s *fakeStore) wait(ctx context.Context) bool {
	s.mu.Lock()
	delay, down, panics := s.delay, s.down, s.panics
	s.panics = false
	s.mu.Unlock()
	if panics {
		panic("a mistake")
	}
	if down {
		<-ctx.Done()
		return false
	}
	t := time.NewTimer(delay)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *fakeStore) compareAndSet(have, next store.Record) (now store.Record, written bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := have.Room.ID
	if s.records[id].Write != have.Write {
		return s.records[id], false, nil
	}
	s.writes++
	next.Write = fmt.Sprint(s.writes)
	s.records[id] = next
	if s.forget > 0 {
		s.forget--
		return have, false, errors.Join(store.ErrUnavailable, store.ErrUnknown)
	}
	return next, true, nil
}

// who is who is in a room, as far as it was saved.
func (s *fakeStore) who(id string) store.Attendance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.people[id]
}

// roleOf is the role that somebody holds by what is saved.
func (s *fakeStore) roleOf(id, sub string) (role meeting.Role, known bool) {
	if role, known = s.record(id).Held.Of(sub); known {
		return role, true
	}
	return s.who(id).Held.Of(sub)
}

func (s *fakeStore) Attendance(_ context.Context, id string) (a store.Attendance, revision uint64, err error) {
	a = s.who(id)
	return a, a.Epoch, nil
}

// SaveAttendance is compared by epochs: an owner writes one after the other.
func (s *fakeStore) SaveAttendance(ctx context.Context, id string, a store.Attendance, have uint64) (revision uint64, err error) {
	if s.isBroken() {
		<-time.After(500 * time.Millisecond)
		return have, errors.Join(store.ErrUnavailable, store.ErrBroken)
	}
	if !s.wait(ctx) {
		return have, store.ErrUnavailable
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people[id].Epoch > a.Epoch {
		return have, store.ErrClaimed
	}
	s.people[id] = a
	if s.forget > 0 {
		s.forget--
		return have, errors.Join(store.ErrUnavailable, store.ErrUnknown)
	}
	return a.Epoch, nil
}

func (s *fakeStore) SaveLedger(_ context.Context, room string, session meeting.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail > 0 {
		s.fail--
		return store.ErrUnavailable
	}
	s.ledgers[fmt.Sprintf("%s.%d", room, session.Number)] = session
	return nil
}

func (s *fakeStore) Ledger(_ context.Context, room string, number int) (meeting.Session, error) {
	l, there := s.ledger(fmt.Sprintf("%s.%d", room, number))
	if !there {
		return l, store.ErrNotFound
	}
	return l, nil
}

func (s *fakeStore) ledger(key string) (meeting.Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, there := s.ledgers[key]
	return l, there
}

func (s *fakeStore) Each(_ context.Context, f func(store.Versioned) bool) error {
	s.mu.Lock()
	var all []store.Record
	for _, r := range s.records {
		all = append(all, r)
	}
	s.mu.Unlock()
	for _, r := range all {
		if s.hidden || !f(store.Versioned{Record: r}) {
			break
		}
	}
	return s.damage
}
