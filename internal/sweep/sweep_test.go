package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/chatlog"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/store"
	"overtime/internal/sweep"
)

const keep = 90 * 24 * time.Hour

// house is a store and an audit that note what is done, in order.
type house struct {
	mu    sync.Mutex // guards what follows
	rooms []store.Rest
	done  []string
	fail  error // of the audit
	// What was written, and what is known of the sessions: of each room its record,
	// of each chat its ledger.
	chats   []chatlog.Session
	records map[string]store.Record
	ledgers map[chatlog.Session]meeting.Session
}

// room is one that was over so long ago.
func room(id string, ago time.Duration) store.Rest {
	return store.Rest{Record: store.Record{Room: meeting.Room{ID: id, Duration: 60}, Deleted: time.Now().Add(-ago)}}
}

func (h *house) Rests(_ context.Context, after uint64, limit int) ([]store.Rest, uint64, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	from := min(int(after), len(h.rooms))
	to := min(from+limit, len(h.rooms))
	return slices.Clone(h.rooms[from:to]), uint64(to), to-from == limit, nil
}

func (h *house) Bury(_ context.Context, r store.Rest, now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.rooms, func(o store.Rest) bool { return o.Room.ID == r.Room.ID })
	h.rooms[i].Swept = now
	h.done = append(h.done, "buried "+r.Room.ID)
	return nil
}

func (h *house) OldLedgers(_ context.Context, after uint64, before time.Time, _ int) ([]store.OldLedger, uint64, bool, error) {
	if after > 0 {
		return nil, after, false, nil
	}
	return []store.OldLedger{{Room: "again", Number: 7}}, 1, false, nil
}

func (h *house) Forget(_ context.Context, l store.OldLedger) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done = append(h.done, fmt.Sprint("forgot ", l.Room, " ", l.Number))
	return nil
}

func (h *house) Load(_ context.Context, id string) (store.Versioned, error) {
	r, there := h.records[id]
	switch {
	case id == "damaged":
		return store.Versioned{}, errors.New("a record that cannot be read")
	case !there:
		return store.Versioned{}, store.ErrNotFound
	}
	return store.Versioned{Record: r}, nil
}

func (h *house) Ledger(_ context.Context, room string, number int) (meeting.Session, error) {
	s, there := h.ledgers[chatlog.Session{Room: room, Number: number}]
	if !there {
		return s, store.ErrNotFound
	}
	return s, nil
}

// chats are what the house keeps of what was written.
type chats struct{ *house }

func (c chats) Sessions(context.Context) ([]chatlog.Session, error) {
	return slices.Clone(c.chats), nil
}

func (c chats) Forget(_ context.Context, s chatlog.Session) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.house.chats = slices.DeleteFunc(c.house.chats, func(o chatlog.Session) bool { return o == s })
	c.done = append(c.done, fmt.Sprint("forgot what was written in ", s.Room, " ", s.Number))
	return nil
}

func (h *house) Record(_ context.Context, e event.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fail != nil {
		return h.fail
	}
	h.done = append(h.done, fmt.Sprint("told ", e.Kind, " ", e.ID))
	return nil
}

// take is what was done since it was taken last.
func (h *house) take() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	defer func() { h.done = nil }()
	return h.done
}

func (h *house) config() sweep.Config {
	return sweep.Config{Store: h, Audit: h, Keep: keep, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
}

// TestInPieces: a round goes through everything, some at a time, tells the audit
// before each thing, and comes again in an hour.
func TestInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{}
		for i := range 120 {
			h.rooms = append(h.rooms, room(fmt.Sprint("young", i), keep-2*time.Hour))
		}
		h.rooms[10], h.rooms[60] = room("old10", keep+time.Second), room("old60", keep+time.Second)
		stop := sweep.Start(h.config())
		defer stop()
		for _, c := range []struct {
			after time.Duration
			want  []string
		}{
			{time.Minute - time.Millisecond, nil},
			{2 * time.Millisecond, []string{"told room.swept old10-swept", "buried old10", "told session.swept again-7-swept", "forgot again 7"}},
			{time.Second, []string{"told room.swept old60-swept", "buried old60"}},
			{30 * time.Minute, nil},
			{31 * time.Minute, []string{"told session.swept again-7-swept", "forgot again 7"}},
		} {
			time.Sleep(c.after)
			synctest.Wait()
			if got := h.take(); !slices.Equal(got, c.want) {
				t.Errorf("after %v more: %q, want %q", c.after, got, c.want)
			}
		}
	})
}

// TestUntoldIsKept: nothing goes that the audit was not told of; it is tried again.
func TestUntoldIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{rooms: []store.Rest{room("old", keep+time.Second)}, fail: errors.New("away")}
		stop := sweep.Start(h.config())
		defer stop()
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		if got := h.take(); len(got) > 0 {
			t.Errorf("without an audit: %q", got)
		}
		h.mu.Lock()
		h.fail = nil
		h.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := h.take(); !slices.Contains(got, "buried old") {
			t.Errorf("with it: %q", got)
		}
	})
}

// TestForEver: nothing is swept that is kept for ever, and stopping waits for
// nobody.
func TestForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{rooms: []store.Rest{room("old", 100*keep)}}
		cfg := h.config()
		cfg.Keep = 0
		stop := sweep.Start(cfg)
		time.Sleep(24 * time.Hour)
		stop()
		if got := h.take(); len(got) > 0 {
			t.Errorf("swept: %q", got)
		}
	})
}

// TestChats: what was written goes a day after the end of its session, or with the
// last that is known of it.
func TestChats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := func(ago time.Duration) meeting.Session {
			return meeting.Session{Number: 2, Ending: &meeting.Ending{At: time.Now().Add(-ago)}}
		}
		runs, young, old := meeting.Session{Number: 2}, ended(23*time.Hour), ended(25*time.Hour)
		h := &house{
			records: map[string]store.Record{
				"runs": {Session: &runs}, "young": {Session: &young}, "old": {Session: &old}, "buried": {Swept: time.Now()}, "again": {Session: &runs},
			},
			ledgers: map[chatlog.Session]meeting.Session{{Room: "again", Number: 1}: old},
			chats: []chatlog.Session{
				{Room: "damaged", Number: 1}, {Room: "runs", Number: 2}, {Room: "young", Number: 2}, {Room: "old", Number: 2}, {Room: "buried", Number: 1},
				{Room: "nowhere", Number: 1}, {Room: "again", Number: 1}, {Room: "again", Number: 2}, {Room: "runs", Number: 1},
			},
		}
		cfg := h.config()
		cfg.Keep, cfg.Chats, cfg.KeepChat = 0, chats{h}, 24*time.Hour
		stop := sweep.Start(cfg)
		defer stop()
		for _, want := range [][]string{
			{
				"told chat.swept old-2-chat-swept", "forgot what was written in old 2",
				"told chat.swept buried-1-chat-swept", "forgot what was written in buried 1",
				"told chat.swept nowhere-1-chat-swept", "forgot what was written in nowhere 1",
				"told chat.swept again-1-chat-swept", "forgot what was written in again 1",
				"told chat.swept runs-1-chat-swept", "forgot what was written in runs 1",
			},
			{"told chat.swept young-2-chat-swept", "forgot what was written in young 2"},
		} {
			time.Sleep(45 * time.Minute)
			synctest.Wait()
			if got := h.take(); !slices.Equal(got, want) {
				t.Errorf("done: %q, want %q", got, want)
			}
		}
	})
}

// TestChatsAreKept: without a time of their own they go with the session.
func TestChatsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := meeting.Session{Number: 1, Ending: &meeting.Ending{At: time.Now().Add(-1000 * time.Hour)}}
		h := &house{
			records: map[string]store.Record{"old": {Session: &old}},
			chats:   []chatlog.Session{{Room: "old", Number: 1}, {Room: "gone", Number: 1}},
		}
		cfg := h.config()
		cfg.Keep, cfg.Chats = 0, chats{h}
		stop := sweep.Start(cfg)
		defer stop()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got, want := h.take(), []string{"told chat.swept gone-1-chat-swept", "forgot what was written in gone 1"}; !slices.Equal(got, want) {
			t.Errorf("done: %q, want %q", got, want)
		}
	})
}
