package kill_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// patience is how long anything may take; nothing passes or fails by how fast
// it comes.
const patience = 30 * time.Second

// cast are the people of a room, who all want its time extended.
var cast = []string{"Ada", "Bob", "Cem", "Dan", "Eve", "Fay", "Gil"}

// act is one room from its start, through some kills, to what is left of it.
type act struct {
	t       *testing.T
	server  *server
	room    meeting.Room
	history *history
	figures *figures // guarded by mu

	mu       sync.Mutex // guards what follows
	changed  chan struct{}
	life     string    // of the last welcome
	end      time.Time // the last scheduled end that anybody heard of
	notice   time.Time // the last that a notice was about
	notices  int       // windows whose opening anybody heard of
	faults   []string  // what went against a promise
	settled  []outcome
	heard    []hearing
	accounts []account
	// acknowledged are the numbers of what was written, by operation; texts are what
	// anybody was told of the chat, by number.
	acknowledged map[string]int
	texts        map[int]string
}

// outcome is an operation that was answered.
type outcome struct {
	asked asked
	told  told
}

// hearing is an extension that somebody was told of as it happened.
type hearing struct {
	by    string
	entry protocol.StoryEntry
}

// account is the story that somebody was told.
type account struct {
	to    string
	story []protocol.StoryEntry
}

func newAct(t *testing.T, s *server, number int, f *figures) *act {
	t.Helper()
	room, err := meeting.Room{
		ID: fmt.Sprintf("act-%d", number), Name: "A room that is fought over", CreatedAt: s.clock(), Duration: 60,
	}.Validate()
	if err != nil {
		t.Fatal(err)
	}
	return &act{t: t, server: s, room: room, history: newHistory(), figures: f, changed: make(chan struct{}),
		acknowledged: map[string]int{}, texts: map[int]string{}}
}

// play has the people race through so many kills. It returns once all are gone.
func (a *act) play(kills int) {
	a.t.Helper()
	ctx, cancel := context.WithCancel(a.t.Context())
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	for i, name := range cast {
		p := &person{act: a, n: i, name: name, ticket: a.mustTicket(name)}
		group.Go(func() { p.live(ctx) })
	}
	v := &visitor{act: a, n: len(cast), ticket: a.mustTicket(visitorName)}
	group.Go(func() { v.live(ctx) })
	for i := range kills {
		begun := time.Now()
		life := a.server.start(a.room, func(err error) { a.broken("%v", err) })
		if !a.await("a welcome of "+life, func() bool { return a.life == life }) {
			break
		}
		if i > 0 {
			a.count(func(f *figures) { f.recoveries = append(f.recoveries, time.Since(begun)) })
		}
		windows := a.windows() + 2 + rand.N(3)
		if !a.await("a window", func() bool { return a.notices >= windows }) {
			break
		}
		<-time.After(moment())
		a.server.kill()
		a.count(func(f *figures) { f.kills++ })
	}
	a.server.kill()
}

// moment is how long after a window's opening the server is killed: up to 120
// ms, and half of them in the first 15, where the first press is being saved.
func moment() time.Duration {
	x := rand.Float64()
	return time.Duration(x * x * x * float64(120*time.Millisecond))
}

// mustTicket is a token of somebody in particular.
func (a *act) mustTicket(name string) string {
	a.t.Helper()
	keys, err := newKeys()
	if err != nil {
		a.t.Fatal(err)
	}
	token, err := keys.Ticket(auth.Ticket{
		Room: a.room.ID, Role: meeting.RoleParticipant, Name: name, Sub: subOf(name), ExpiresAt: started.Add(time.Minute),
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return token
}

func subOf(name string) string { return "sub-" + name }

// await waits until so holds, which it is asked with mu held. It gives up when
// a promise is broken.
func (a *act) await(what string, so func() bool) bool {
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		a.mu.Lock()
		there, broken, changed := so(), len(a.faults) > 0, a.changed
		a.mu.Unlock()
		if there || broken {
			return there && !broken
		}
		select {
		case <-changed:
		case <-late.C:
			a.broken("there was no sign of %s for %v", what, patience)
			return false
		}
	}
}

// change runs f with mu held and has whoever awaits look again.
func (a *act) change(f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f()
	close(a.changed)
	a.changed = make(chan struct{})
}

// broken notes what went against a promise; the act ends soon.
func (a *act) broken(format string, v ...any) {
	a.change(func() { a.faults = append(a.faults, fmt.Sprintf(format, v...)) })
}

func (a *act) count(f func(*figures)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f(a.figures)
}

func (a *act) windows() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.notices
}

func (a *act) welcomed(life string) { a.change(func() { a.life = life }) }

// heardEnd notes a scheduled end. At a new one the clock goes to some moment
// within its window.
func (a *act) heardEnd(end time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !end.After(a.end) {
		return
	}
	a.end = end
	a.server.set(end.Add(-1 - rand.N(10*time.Minute)).Truncate(time.Millisecond))
}

func (a *act) heardNotice(end time.Time) {
	a.change(func() {
		if end.After(a.notice) {
			a.notice = end
			a.notices++
		}
	})
}

// looked notes what somebody saw of the session. It must be how it went so far,
// whoever told it. As a look at the last windows, which must show all that was
// answered before, it counts unless others had heard already that the node
// which gave it had lost the room.
func (a *act) looked(who int, name string, call int64, fresh bool, s protocol.Session) {
	a.change(func() {
		a.accounts = append(a.accounts, account{name, s.Story})
		a.figures.looks++
		if !fresh {
			a.figures.stale++
		}
	})
	if !fresh {
		return
	}
	looks := looksAt(a.room.ID, s)
	for _, l := range looks[max(0, len(looks)-lastWindows):] {
		a.history.record(who, call, l.asked, l.told)
	}
}

// lastWindows is how many windows of a story are compared with everything that
// others did meanwhile. The rest must be what the ledger says in the end.
const lastWindows = 4

// looksAt is what a story says of each window, oldest first.
func looksAt(room string, s protocol.Session) []outcome {
	var out []outcome
	end := s.StartedAt
	for _, e := range s.Story {
		if e.Kind == meeting.EntryExtended {
			out = append(out, outcome{
				asked{window: window{room, end.UnixMilli()}},
				told{kind: extended, by: e.By, minutes: e.Minutes, end: e.EndsAt.UnixMilli()},
			})
		}
		end = e.EndsAt
	}
	return append(out, outcome{asked{window: window{room, s.EndsAt.UnixMilli()}}, told{kind: open}})
}

func (a *act) told(name string, e protocol.StoryEntry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard = append(a.heard, hearing{name, e})
}

// answered notes the outcome of an operation.
func (a *act) answered(p press, t told) {
	if t.kind == impossible {
		a.broken("%s, who pressed while a window was open, was told %s", p.by, t.words)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.settled = append(a.settled, outcome{p.asked, t})
	switch {
	case p.again:
		a.figures.again++
	case t.kind == granted:
		a.figures.granted++
		if p.lost {
			a.figures.grantedLater++
		}
	case t.kind == refused:
		a.figures.refused++
	}
}
