package rooms_test

import (
	"cmp"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/clock"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
)

// step is one thing that happens to a room.
type step struct {
	do      string
	who     int // which person, or how
	minutes int
	pass    time.Duration // afterwards
}

var doings = []string{
	"join", "join", "join viewer", "join moderator", "leave", "lose", "close", "blink", "come back", "come back",
	"extend", "extend", "extend", "extend again", "end", "crash", "takeover", "jump", "forget", "slow", "deaf", "lock", "remove",
	"known moderator", "known participant", "old secret", "demote", "demote",
}

// passes has a liking for the boundaries of a meeting of 20 minutes.
var passes = []time.Duration{
	0, 0, time.Millisecond, time.Second, 31 * time.Second, 5*time.Minute - time.Millisecond, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute,
}

func drawSteps(t *rapid.T) []step {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			do: rapid.SampledFrom(doings).Draw(t, "do"), who: rapid.IntRange(0, 4).Draw(t, "who"),
			minutes: rapid.SampledFrom([]int{9, 10, 15, 30, 31}).Draw(t, "minutes"),
			pass:    rapid.SampledFrom(passes).Draw(t, "pass"),
		}
	}), 50, 50).Draw(t, "steps")
}

// TestModel (T2) has fifty things at a time happen to a room, in every order,
// and holds it against what is promised whatever happens: a few histories each
// time, and as many as the environment's HISTORIES says in make model.
func TestModel(t *testing.T) {
	if err := flag.Set("rapid.checks", cmp.Or(os.Getenv("HISTORIES"), "15")); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		steps, reusable := drawSteps(rt), rapid.Bool().Draw(rt, "reusable")
		var faults []string
		synctest.Test(t, func(t *testing.T) {
			m := newModel(t, reusable)
			defer func() { m.h.host.Close() }()
			for _, s := range steps {
				m.step(s)
				m.h.pass(s.pass)
				m.check()
			}
			m.settle()
			faults = m.faults
		})
		if len(faults) > 0 {
			rt.Fatalf("%s", strings.Join(faults, "\n"))
		}
	})
}

// model is a house with what is known to have been promised in it.
type model struct {
	h      *house
	jumped atomic.Int64 // of the wall clock, a time.Duration
	people []*member
	grants map[string]meeting.Grant // that were acknowledged, by operation
	ends   map[int]time.Time        // the last scheduled end seen, by session
	ending map[int]meeting.Ending
	last   map[int][]meeting.Entry // ledgers
	roles  map[known]meeting.Role  // by the newest token that somebody came in with
	faults []string
}

// known is somebody whom a portal knows, in one session.
type known struct {
	session int
	sub     string
}

// member is somebody with a connection or a place.
type member struct {
	tab     *tab
	welcome protocol.Welcome
	sub     string          // of whom a portal knows
	left    bool            // a guest's place was given up by choice, as the record says
	op      string          // of the last extension they asked for
	extend  protocol.Extend // that one
}

func newModel(t *testing.T, reusable bool) *model {
	h := &house{t: t, bus: newFakeBus(t), store: newFakeStore(), media: &fakeMedia{}, news: &fakeNews{}, began: time.Now().UTC()}
	var err error
	if h.keys, err = auth.NewKeyring(auth.Key{ID: "k", Secret: []byte(strings.Repeat("secret", 6))}); err != nil {
		t.Fatal(err)
	}
	h.addRoom("aaa", func(r *meeting.Room) { r.Duration, r.Reusable, r.Capacity = 20, reusable, 5 })
	m := &model{
		h: h, grants: map[string]meeting.Grant{}, ends: map[int]time.Time{},
		ending: map[int]meeting.Ending{}, last: map[int][]meeting.Entry{}, roles: map[known]meeting.Role{},
	}
	m.start()
	return m
}

// start runs a node on the real clock of meetings, whose wall clock jumps.
func (m *model) start() {
	began := time.Now()
	c := clock.New(func() time.Time { return time.Now().Add(time.Duration(m.jumped.Load())) }, func() time.Duration { return time.Since(began) }, slog.New(slog.DiscardHandler))
	jumped := time.Duration(m.jumped.Load()) // a restart takes the wall clock as it is
	var err error
	m.h.host, err = rooms.Start(m.h.t.Context(), rooms.Config{
		Node: "n", Bus: m.h.bus, Store: m.h.store, Secrets: m.h.keys, Media: m.h.media, News: m.h.news,
		Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return c.Now().Add(-jumped) },
	})
	if err != nil {
		m.h.t.Fatal(err)
	}
}

func (m *model) fail(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

// somebody is one of those who came; nil if nobody did.
func (m *model) somebody(n int) *member {
	if len(m.people) == 0 {
		return nil
	}
	return m.people[n%len(m.people)]
}

func (m *model) step(s step) {
	p := m.somebody(s.who)
	switch s.do {
	case "join":
		m.join(meeting.RoleParticipant)
	case "join viewer":
		m.join(meeting.RoleViewer)
	case "join moderator":
		m.join(meeting.RoleModerator)
	case "known moderator":
		m.joinKnown(meeting.RoleModerator, s.who)
	case "known participant":
		m.joinKnown(meeting.RoleParticipant, s.who)
	case "demote": // which hardly ever comes together by chance while a session lasts
		m.joinKnown(meeting.RoleModerator, s.who)
		m.joinKnown(meeting.RoleParticipant, s.who)
		if s.minutes%2 == 0 {
			m.step(step{do: "crash"})
		}
		m.oldSecret(s)
	case "old secret":
		m.oldSecret(s)
	case "crash":
		m.h.host.Close()
		for _, c := range m.tabs() {
			m.h.gone(c)
		}
		m.start()
	case "takeover":
		m.h.store.set(func(f *fakeStore) {
			r := f.records["aaa"]
			r.Epoch++
			r.Owner.Node, r.Write = "another", fmt.Sprintf("taken %d", r.Epoch)
			f.records["aaa"] = r
		})
	case "jump":
		m.jumped.Add(int64([]time.Duration{time.Hour, -time.Hour, 3 * time.Second, -3 * time.Second, 24 * time.Hour}[s.who]))
	case "forget":
		m.h.store.set(func(f *fakeStore) { f.forget = 1 })
	case "slow":
		m.h.store.set(func(f *fakeStore) { f.delay = time.Duration(s.who) * 500 * time.Millisecond })
	case "deaf":
		m.h.news.set(func(n *fakeNews) { n.down = s.who%2 == 0 })
	default:
		if p != nil {
			m.personal(s, p)
		}
	}
}

// personal is what one of the people does.
func (m *model) personal(s step, p *member) {
	switch s.do {
	case "leave":
		m.send(p.tab, protocol.Leave{}, nil)
	case "lose":
		m.h.gone(p.tab)
	case "close":
		m.h.closes(p.tab)
	case "blink":
		m.blink(p, s.minutes > 15)
	case "come back":
		left := p.left
		if m.hello(p, m.h.back(p.welcome), "") {
			m.checkRole(p)
			if left {
				m.fail("%s left by choice and came back by the secret of that place", p.welcome.You.Name)
			}
		}
	case "extend":
		minutes := s.minutes
		p.extend = protocol.Extend{Window: m.h.store.record("aaa").Session.EndsAt, Minutes: &minutes}
		p.op = m.send(p.tab, p.extend, nil)
	case "extend again":
		if line := m.h.bus.line("aaa"); p.op != "" && line != nil {
			line.heard(bus.Asked{Ask: bus.Ask{Conn: p.tab.conn, Frame: protocol.ClientFrame{ID: p.op, Message: p.extend}.Encode()}})
		}
	case "end":
		m.send(p.tab, protocol.End{}, nil)
	case "lock":
		m.send(p.tab, protocol.Lock{Locked: s.minutes > 15}, nil)
	case "remove":
		m.send(p.tab, protocol.Remove{Participant: m.somebody(s.minutes).welcome.You.ID}, nil)
	}
}

// blink has somebody lose their line and come back in time: they have their place
// again, also if somebody new came in meanwhile (I9).
func (m *model) blink(p *member, newcomer bool) {
	line, rec := m.h.bus.line("aaa"), m.h.store.record("aaa")
	if line == nil || p.tab.close() != 0 || rec.Session.Number != p.welcome.Session.Number || rec.Session.Over(time.Now()) {
		return
	}
	m.h.gone(p.tab)
	if newcomer {
		m.join(meeting.RoleParticipant)
	}
	c := m.h.tab("aaa")
	id := m.send(c, protocol.Hello{}, m.h.back(p.welcome))
	m.h.pass(3 * time.Second)
	switch a := c.answer(id).(type) {
	case protocol.Welcome:
		p.tab, p.welcome = c, a
	case protocol.Error:
		if a.Code == protocol.CodeRoomFull {
			m.fail("%s lost their line for a moment, and the room was full", p.welcome.You.Name)
		}
	}
}

func (m *model) join(role meeting.Role) {
	p := &member{}
	if m.hello(p, &bus.Entry{Role: role, Name: fmt.Sprintf("%s %d", role, len(m.people))}, string(role)) {
		m.people = append(m.people, p)
	}
}

// joinKnown has one of two people come in with a token of their own. From then
// on the role that it gave is theirs (I7), if the one before was in the record.
func (m *model) joinKnown(role meeting.Role, n int) {
	p := &member{sub: meeting.UserSub(fmt.Sprint(n % 2))}
	before := m.h.store.record("aaa")
	_, recorded := m.h.store.roleOf("aaa", p.sub)
	e := &bus.Entry{Role: role, Name: fmt.Sprintf("user %d", len(m.people)), Sub: p.sub, Ticket: fmt.Sprint("t", len(m.people))}
	in := m.hello(p, e, "")
	if in {
		m.people = append(m.people, p)
	}
	switch {
	case before.Session == nil:
	case !in: // perhaps it counts, and perhaps it will
		m.promise(known{before.Session.Number, p.sub}, doubtful)
	case recorded && before.Session.Number == p.welcome.Session.Number:
		m.promise(known{before.Session.Number, p.sub}, role)
	}
}

// oldSecret has one of those whom a portal knows come back by any secret that
// they ever got, mostly after their place was lost, or given up.
func (m *model) oldSecret(s step) {
	var all []*member
	for _, p := range m.people {
		if p.sub == meeting.UserSub(fmt.Sprint(s.who%2)) {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return
	}
	switch last := all[len(all)-1].tab; {
	case s.minutes > 15:
		m.send(last, protocol.Leave{}, nil)
	case s.minutes > 9:
		m.h.lose(last)
	}
	if p := all[s.minutes%len(all)]; m.hello(p, m.h.back(p.welcome), "") {
		m.checkRole(p)
	}
}

// doubtful is the role of whoever was not told what came of their token.
const doubtful meeting.Role = "doubtful"

func (m *model) promise(to known, role meeting.Role) {
	if m.roles[to] != doubtful {
		m.roles[to] = role
	}
}

// hello opens a connection for p and reports whether it was welcomed, at once or
// after a slow store.
func (m *model) hello(p *member, e *bus.Entry, _ string) bool {
	c := m.h.tab("aaa")
	id := m.send(c, protocol.Hello{Name: e.Name}, e)
	m.h.pass(3 * time.Second)
	w, in := c.answer(id).(protocol.Welcome)
	if in {
		p.tab, p.welcome = c, w
	}
	return in
}

// send says something on a connection; a store that fails may keep the room
// from being opened, which its people are told.
func (m *model) send(c *tab, msg protocol.ClientMessage, e *bus.Entry) string {
	id, _ := m.h.trySend(c, msg, e) // what came of it is checked
	return id
}
