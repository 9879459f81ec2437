package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/meeting"
	"overtime/internal/store"
)

func TestCreate(t *testing.T) {
	s, _ := mustStore(t)
	if _, err := s.Load(t.Context(), "aaa"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	v := mustCreate(t, s, "aaa")
	if !reflect.DeepEqual(v.Room, mustRoom(t, "aaa")) || v.Session != nil || v.Version != 1 || v.Epoch != 0 {
		t.Errorf("read %+v", v.Record)
	}
	if err := s.Create(t.Context(), mustRoom(t, "aaa")); !errors.Is(err, store.ErrExists) {
		t.Errorf("again: %v", err)
	}
}

// TestKept: what was written is there after a restart, to the millisecond.
func TestKept(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	s, err := store.Open(t.Context(), b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	session, err := meeting.Start(mustRoom(t, "aaa"), 1, now.Add(123*time.Millisecond), meeting.Person{Sub: "p", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.Change(t.Context(), mustCreate(t, s, "aaa"), func(r store.Record) (store.Record, error) {
		r.Session, r.Owner, r.Epoch = &session, store.Owner{Node: "n", Incarnation: "i"}, 7
		return r, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Close()

	b = mustBus(t, folder)
	defer b.Close()
	if s, err = store.Open(t.Context(), b.JetStream()); err != nil {
		t.Fatal(err)
	}
	after := mustLoad(t, s, "aaa")
	before.Version = 1
	if !reflect.DeepEqual(after.Record, before.Record) {
		t.Errorf("was %+v, is %+v", before.Record, after.Record)
	}
	asked := 0
	if _, err := s.Change(t.Context(), after, raise(&asked)); err != nil || asked != 1 {
		t.Errorf("a change after the restart: %v, asked %d times", err, asked)
	}
}

// TestMismatch: a change whose record has moved on is asked again with the new
// one.
func TestMismatch(t *testing.T) {
	s, _ := mustStore(t)
	old := mustCreate(t, s, "aaa")
	asked := 0
	if _, err := s.Change(t.Context(), old, raise(&asked)); err != nil {
		t.Fatal(err)
	}
	var seen []uint64
	v, err := s.Change(t.Context(), old, func(r store.Record) (store.Record, error) {
		seen = append(seen, r.Epoch)
		r.Epoch += 10
		return r, nil
	})
	if err != nil || v.Epoch != 11 || !slices.Equal(seen, []uint64{0, 1}) {
		t.Errorf("got epoch %d, %v, having seen %v", v.Epoch, err, seen)
	}
}

// TestRace: of many writers each change counts exactly once.
func TestRace(t *testing.T) {
	s, _ := mustStore(t)
	have := mustCreate(t, s, "aaa")
	const writers = 20
	var group sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		group.Go(func() {
			asked := 0
			_, errs[i] = s.Change(t.Context(), have, raise(&asked))
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if v := mustLoad(t, s, "aaa"); v.Epoch != writers {
		t.Errorf("counted to %d, want %d", v.Epoch, writers)
	}
}

// TestRefusal: a change that refuses leaves the record, and is told with what
// it saw.
func TestRefusal(t *testing.T) {
	s, _ := mustStore(t)
	old := mustCreate(t, s, "aaa")
	asked := 0
	now, err := s.Change(t.Context(), old, raise(&asked))
	if err != nil {
		t.Fatal(err)
	}
	no := errors.New("no")
	got, err := s.Change(t.Context(), old, func(r store.Record) (store.Record, error) {
		if r.Epoch == 0 {
			return r, nil // on what is no longer there
		}
		r.Epoch = 99
		return r, no
	})
	if !errors.Is(err, no) || got.Epoch != 1 {
		t.Errorf("got epoch %d, %v", got.Epoch, err)
	}
	got, err = s.Change(t.Context(), now, func(r store.Record) (store.Record, error) { return r, store.ErrUnchanged })
	if err != nil || !reflect.DeepEqual(got, now) {
		t.Errorf("unchanged: %+v, %v", got, err)
	}
	if v := mustLoad(t, s, "aaa"); !reflect.DeepEqual(v, now) {
		t.Errorf("the record became %+v", v)
	}
}

// TestUnknownOutcome: a write that fails without saying whether it was made is
// looked for, and made once.
func TestUnknownOutcome(t *testing.T) {
	lost := errors.New("the answer was lost")
	for name, made := range map[string]bool{"Made": true, "NotMade": false} {
		t.Run(name, func(t *testing.T) {
			s, f := mustStore(t)
			have := mustCreate(t, s, "aaa")
			f.set(func(f *faults) {
				f.update = func(real func() (uint64, error)) (uint64, error) {
					f.set(func(f *faults) { f.update = nil })
					if made {
						if _, err := real(); err != nil {
							return 0, err
						}
					}
					return 0, lost
				}
			})
			asked := 0
			v, err := s.Change(t.Context(), have, raise(&asked))
			want := map[bool]int{true: 1, false: 2}[made]
			if err != nil || v.Epoch != 1 || asked != want {
				t.Errorf("got epoch %d, %v, asked %d times, want %d", v.Epoch, err, asked, want)
			}
			if v := mustLoad(t, s, "aaa"); v.Epoch != 1 {
				t.Errorf("the record has epoch %d", v.Epoch)
			}
			if v, err := s.Change(t.Context(), v, raise(&asked)); err != nil || v.Epoch != 2 {
				t.Errorf("the next change: %d, %v", v.Epoch, err)
			}
		})
	}
}

// TestLandsLate: a write that lands after it was given up is not made twice.
func TestLandsLate(t *testing.T) {
	s, f := mustStore(t)
	have := mustCreate(t, s, "aaa")
	var late func() (uint64, error)
	f.set(func(f *faults) {
		f.update = func(real func() (uint64, error)) (uint64, error) {
			if late == nil { // the first one is on its way
				late = real
				return 0, errors.New("timeout")
			}
			f.set(func(f *faults) { f.update = nil })
			if _, err := late(); err != nil { // and lands just before the second
				return 0, fmt.Errorf("the late write: %w", err)
			}
			return real()
		}
	})
	asked := 0
	v, err := s.Change(t.Context(), have, raise(&asked))
	if err != nil || v.Epoch != 1 || mustLoad(t, s, "aaa").Epoch != 1 {
		t.Errorf("got epoch %d, %v; the record has %d", v.Epoch, err, mustLoad(t, s, "aaa").Epoch)
	}
}

// TestDoubt: a write that may still come is not said to be refused, though it is not
// there yet and may not be tried again.
func TestDoubt(t *testing.T) {
	s, f := mustStore(t)
	have := mustCreate(t, s, "aaa")
	f.set(func(f *faults) {
		f.update = func(func() (uint64, error)) (uint64, error) { return 0, errors.New("timeout") }
	})
	asked, no := 0, errors.New("the time is over")
	_, err := s.Change(t.Context(), have, func(r store.Record) (store.Record, error) {
		if asked++; asked > 1 {
			return r, no
		}
		r.Epoch++
		return r, nil
	})
	if !errors.Is(err, store.ErrUnknown) || !errors.Is(err, store.ErrUnavailable) || errors.Is(err, no) {
		t.Errorf("refused by %v", err)
	}
}

// TestUnavailable: a store that is away keeps nobody longer than the context.
func TestUnavailable(t *testing.T) {
	s, f := mustStore(t)
	have := mustCreate(t, s, "aaa")
	away := errors.New("away")
	reads := make(chan struct{}, 1000)
	f.set(func(f *faults) {
		f.create = func(func() (uint64, error)) (uint64, error) { return 0, away }
		f.update = f.create
		f.get = func(func() (jetstream.KeyValueEntry, error)) (jetstream.KeyValueEntry, error) {
			reads <- struct{}{}
			return nil, away
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // its time is over once it has looked three times
		for range 3 {
			<-reads
		}
		cancel()
	}()
	asked := 0
	v, err := s.Change(ctx, have, raise(&asked))
	if !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, store.ErrUnknown) || !errors.Is(err, away) || !reflect.DeepEqual(v, have) || asked != 1 {
		t.Errorf("got %+v, %v, asked %d times", v, err, asked)
	}
	if _, err := s.Change(ctx, have, raise(&asked)); !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) || asked != 1 {
		t.Errorf("with a context that is over: %v, asked %d times", err, asked)
	}
	if _, err := s.Load(t.Context(), "aaa"); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("load: %v", err)
	}
	if err := s.Create(t.Context(), mustRoom(t, "bbb")); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("create: %v", err)
	}
	if err := s.SaveLedger(t.Context(), "aaa", meeting.Session{Number: 1}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("ledger: %v", err)
	}
	if _, err := s.Ledger(t.Context(), "aaa", 1); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("ledger: %v", err)
	}
	f.set(func(f *faults) { f.create, f.update, f.get = nil, nil, nil })
	if v := mustLoad(t, s, "aaa"); !reflect.DeepEqual(v, have) {
		t.Errorf("the record became %+v", v)
	}
}

// TestFoundAndLost: a write that could be read and is gone with the store's restart
// was not made.
func TestFoundAndLost(t *testing.T) {
	s, f := mustStore(t)
	have := mustCreate(t, s, "aaa")
	var old jetstream.KeyValueEntry
	writes, asked := 0, 0
	f.set(func(f *faults) {
		f.get = func(real func() (jetstream.KeyValueEntry, error)) (jetstream.KeyValueEntry, error) {
			if writes == 2 {
				return old, nil
			}
			entry, err := real()
			if old == nil {
				old = entry
			}
			return entry, err
		}
		f.update = func(real func() (uint64, error)) (uint64, error) {
			switch writes++; writes {
			case 1:
				_, err := real()
				return 0, errors.Join(errors.New("timeout"), err)
			case 2:
				return 0, jetstream.ErrKeyRevisionMismatch
			}
			return real()
		}
	})
	mustLoad(t, s, "aaa")
	v, err := s.Change(t.Context(), have, raise(&asked))
	if err != nil || v.Epoch != 1 || asked != 2 {
		t.Errorf("got epoch %d, %v, asked %d times", v.Epoch, err, asked)
	}
}

// TestBroken: a change of a store that is known to be broken gives up instead
// of trying until its time is over, and is made if it heals soon.
func TestBroken(t *testing.T) {
	full, timeout := errors.New("the disk is full"), errors.New("timeout")
	for name, c := range map[string]struct {
		known  bool // before the write is tried
		read   bool // reads fail as well
		heals  bool // while the change waits
		writes int  // that reach the bucket
	}{
		"Known":     {known: true},
		"FoundOut":  {writes: 1},
		"NoReads":   {writes: 1, read: true},
		"HealsSoon": {known: true, heals: true, writes: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, f := mustStore(t)
			have := mustCreate(t, s, "aaa")
			broken, writes, asked := c.known, 0, 0
			s.Broken = func() error {
				if !broken {
					return nil
				}
				broken = !c.heals // when it is asked again
				return full
			}
			f.set(func(f *faults) {
				f.update = func(real func() (uint64, error)) (uint64, error) {
					writes++
					if c.heals {
						return real()
					}
					broken = true
					return 0, timeout
				}
				if c.read {
					f.get = func(func() (jetstream.KeyValueEntry, error)) (jetstream.KeyValueEntry, error) { return nil, timeout }
				}
			})
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			v, err := s.Change(ctx, have, raise(&asked))
			if writes != c.writes {
				t.Errorf("%d writes, want %d", writes, c.writes)
			}
			if c.heals {
				if err != nil || v.Epoch != 1 {
					t.Errorf("got epoch %d, %v", v.Epoch, err)
				}
				return
			}
			if !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, store.ErrBroken) || !errors.Is(err, full) {
				t.Errorf("gave up with %v", err)
			}
			if errors.Is(err, store.ErrUnknown) != c.read {
				t.Errorf("whether it was saved is known or not: %v", err)
			}
			f.set(func(f *faults) { f.update, f.get = nil, nil })
			if v := mustLoad(t, s, "aaa"); v.Epoch != 0 {
				t.Errorf("the record has epoch %d", v.Epoch)
			}
		})
	}
}

// mustDamage overwrites a room by what no server wrote.
func mustDamage(t *testing.T, js jetstream.JetStream, id string) {
	t.Helper()
	kv, err := js.KeyValue(t.Context(), store.BucketOf(id))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`{`, `{"v":99}`} {
		if _, err := kv.PutString(t.Context(), id, text); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEach(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	js := b.JetStream()
	s, err := store.Open(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	seen := func(most int) (ids []string) {
		err := s.Each(t.Context(), func(v store.Versioned) bool {
			ids = append(ids, v.Room.ID)
			return len(ids) < most
		})
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	if ids := seen(10); len(ids) != 0 {
		t.Errorf("an empty store holds %v", ids)
	}
	for _, id := range []string{"aaa", "bbb", "ccc"} {
		mustCreate(t, s, id)
	}
	asked := 0
	if _, err := s.Change(t.Context(), mustLoad(t, s, "aaa"), raise(&asked)); err != nil {
		t.Fatal(err)
	}
	ids := seen(10)
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"aaa", "bbb", "ccc"}) {
		t.Errorf("saw %v", ids)
	}
	if ids := seen(2); len(ids) != 2 {
		t.Errorf("was to stop after two, saw %v", ids)
	}
	mustDamage(t, js, "bbb")
	var left []string
	err = s.Each(t.Context(), func(v store.Versioned) bool { left = append(left, v.Room.ID); return true })
	slices.Sort(left)
	if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "bbb") || !slices.Equal(left, []string{"aaa", "ccc"}) {
		t.Errorf("with a damaged one: saw %v, %v", left, err)
	}
	// What Each gives can be changed as it is.
	err = s.Each(t.Context(), func(v store.Versioned) bool {
		asked = 0
		if _, err := s.Change(t.Context(), v, raise(&asked)); err != nil || asked != 1 {
			t.Errorf("%s: %v, asked %d times", v.Room.ID, err, asked)
		}
		return false
	})
	if err != nil {
		t.Error(err)
	}
}
