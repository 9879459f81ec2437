package rooms_test

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// check holds what is in the store, and what people heard, against the
// promises: one grant for each window (I1), an acknowledged grant is kept (I2),
// an end never moves back (I3), an end is the end (I4), everyone hears each
// event once and in order (I5), nobody did what their role may not (I6), a role
// that was taken back stays taken back (I7), whoever left by choice comes back by
// nothing that they held (I8), and whoever lost their line finds no full room (I9),
// in which there are never more than twice as many people as it takes.
func (m *model) check() {
	rec := m.h.store.record("aaa")
	if rec.Session != nil {
		m.checkSession(*rec.Session)
	}
	for _, c := range m.tabs() {
		m.checkEvents(c)
	}
	m.checkPlaces(rec)
	m.noteLeft(rec)
	if len(rec.Outbox) > 128 || len(rec.Ops) > 256 {
		m.fail("the record holds %d events and %d operations", len(rec.Outbox), len(rec.Ops))
	}
}

// checkPlaces holds the places of the record against what newer tokens said.
func (m *model) checkPlaces(rec store.Record) {
	for _, p := range m.h.store.who("aaa").Here {
		if role, given := rec.Held.Of(p.Sub); given {
			p.Role = role // as whoever takes the room up reads it
		}
		if want, promised := m.roles[known{rec.Session.Number, p.Sub}]; promised && want != doubtful && p.Role != want {
			m.fail("%s has a place as %s, and the newest token said %s", p.Sub, p.Role, want)
		}
	}
}

// noteLeft notes which guests the record says to have left by choice.
func (m *model) noteLeft(rec store.Record) {
	who := m.h.store.who("aaa")
	for _, p := range m.people {
		f, known := who.FormerOf(p.welcome.You.ID)
		if known && f.Left && who.Session == p.welcome.Session.Number {
			p.left = true
		}
	}
	if len(who.Here) > 2*rec.Room.Capacity {
		m.fail("there are %d people in a room for %d", len(who.Here), rec.Room.Capacity)
	}
	if len(who.Former) > 64 || len(who.Left) > 128 {
		m.fail("it is remembered of %d people and %d who left", len(who.Former), len(who.Left))
	}
}

// checkRole holds what somebody came back as against their newest token.
func (m *model) checkRole(p *member) {
	want, promised := m.roles[known{p.welcome.Session.Number, p.sub}]
	if promised && want != doubtful && p.welcome.You.Role != want {
		m.fail("%s came back as %s, and the newest token said %s", p.sub, p.welcome.You.Role, want)
	}
}

func (m *model) tabs() []*tab {
	m.h.bus.mu.Lock()
	defer m.h.bus.mu.Unlock()
	var tabs []*tab
	for _, c := range m.h.bus.tabs {
		tabs = append(tabs, c)
	}
	return tabs
}

func (m *model) checkSession(s meeting.Session) {
	if _, err := meeting.Replay(s.Number, s.Ledger); err != nil {
		m.fail("no session has this ledger: %v", err) // I1 is among what Replay holds
	}
	known := m.last[s.Number]
	if len(s.Ledger) < len(known) || !reflect.DeepEqual(s.Ledger[:len(known)], known) && len(known) > 0 {
		m.fail("the ledger of session %d was %+v and is %+v", s.Number, known, s.Ledger)
	}
	if s.EndsAt.Before(m.ends[s.Number]) {
		m.fail("the end moved back from %v to %v", m.ends[s.Number], s.EndsAt)
	}
	if e, over := m.ending[s.Number]; over && (s.Ending == nil || *s.Ending != e) {
		m.fail("ended as %+v, then as %+v", e, s.Ending)
	}
	m.last[s.Number], m.ends[s.Number] = slices.Clone(s.Ledger), s.EndsAt
	if s.Ending != nil {
		m.ending[s.Number] = *s.Ending
	}
	answered := map[time.Time]bool{}
	for i, e := range s.Ledger {
		role := roleOf(e.By.Name)
		switch {
		case e.Kind == meeting.EntryExtended && role == meeting.RoleViewer,
			e.Kind == meeting.EntryEnded && e.Reason == meeting.ReasonEndedByModerator && role != meeting.RoleModerator && role != "user": // whose roles I7 holds
			m.fail("%s did that: %+v", role, e)
		case e.Kind == meeting.EntryExtended && answered[s.Ledger[i-1].EndsAt]:
			m.fail("the window before %v was answered twice", s.Ledger[i-1].EndsAt)
		case e.Kind == meeting.EntryExtended:
			answered[s.Ledger[i-1].EndsAt] = true
		}
	}
}

// roleOf reads the role from a name that join made.
func roleOf(name string) meeting.Role {
	var role string
	_, _ = fmt.Sscanf(name, "%s", &role)
	return meeting.Role(role)
}

// checkEvents holds what one connection got.
func (m *model) checkEvents(c *tab) {
	var epoch, seq uint64
	welcomed := false
	for _, f := range c.all() {
		if _, is := f.Message.(protocol.Welcome); is {
			epoch, seq, welcomed = f.Epoch, f.Seq, true
			continue
		}
		if ok, is := f.Message.(protocol.OK); is && ok.Grant != nil {
			m.acknowledged(c, f.ID, *ok.Grant)
		}
		if !welcomed || !f.Event() {
			continue
		}
		if f.Epoch > epoch { // from another owner: a client asks for a snapshot
			welcomed = false
			continue
		}
		if f.Epoch < epoch || f.Seq != seq+1 {
			m.fail("%s got event %d/%d after %d/%d", c.conn, f.Epoch, f.Seq, epoch, seq)
		}
		seq = f.Seq
	}
}

// acknowledged notes a grant that somebody was told of: an operation is granted
// once, and the ledger has it for good.
func (m *model) acknowledged(c *tab, op string, g meeting.Grant) {
	if before, known := m.grants[op]; known && before != g {
		m.fail("%s was granted %+v, and then %+v", op, before, g)
	}
	m.grants[op] = g
	for _, ledger := range m.last {
		for i, e := range ledger {
			if e.Kind == meeting.EntryExtended && e.EndsAt.Equal(g.EndsAt) && e.Minutes == g.Minutes &&
				e.EndsAt.Sub(ledger[i-1].EndsAt) == time.Duration(g.Minutes)*time.Minute {
				return
			}
		}
	}
	m.fail("%s was granted %+v, and no ledger has it", c.conn, g)
}

// settle lets everything come to rest, and then wants everything told: each
// entry of each ledger once, in order, and nothing that did not happen.
func (m *model) settle() {
	m.h.store.set(func(f *fakeStore) { f.forget, f.delay = 0, 0 })
	m.h.news.set(func(n *fakeNews) { n.down, n.forget = false, 0 })
	m.h.host.Close()
	m.start() // also where another took the room and then nobody asked
	m.h.pass(3 * time.Hour)
	m.check()
	var got, want []string
	inside := map[string]bool{}
	if err := counted(m.h.news.all()); err != nil {
		m.fail("%v", err)
	}
	for _, e := range m.h.news.all() {
		n := mustRead(m.h.t, e.Data)
		switch e.Kind {
		case event.SessionStarted, event.WindowOpened, event.SessionExtended:
			got = append(got, fmt.Sprint(n.Session, e.Kind, e.At))
		case event.SessionEnded:
			got = append(got, fmt.Sprint(n.Session, e.Kind, e.At))
			clear(inside)
		case event.ParticipantJoined, event.ParticipantLeft:
			if inside[n.Participant.ID] == (e.Kind == event.ParticipantJoined) {
				m.fail("%s of %s, who was inside: %v", e.Kind, n.Participant.Name, inside[n.Participant.ID])
			}
			inside[n.Participant.ID] = e.Kind == event.ParticipantJoined
		}
	}
	kinds := map[meeting.EntryKind]event.Kind{
		meeting.EntryStarted: event.SessionStarted, meeting.EntryWindowOpened: event.WindowOpened,
		meeting.EntryExtended: event.SessionExtended, meeting.EntryEnded: event.SessionEnded,
	}
	var last int
	if s := m.h.store.record("aaa").Session; s != nil {
		last = s.Number
	}
	for number := 1; number <= last; number++ {
		s, kept := m.h.store.ledger(fmt.Sprintf("aaa.%d", number))
		if !kept {
			m.fail("the ledger of session %d is not kept", number)
		}
		m.checkSession(s)
		for _, e := range s.Ledger {
			want = append(want, fmt.Sprint(number, kinds[e.Kind], e.At))
		}
	}
	if !slices.Equal(got, want) {
		m.fail("told\n%v\nthe ledgers say\n%v", got, want)
	}
	if r, who := m.h.store.record("aaa"), m.h.store.who("aaa"); len(r.Outbox)+len(who.Outbox) != 0 || len(who.Here) != 0 {
		m.fail("left over: %+v, %+v and %+v", r.Outbox, who.Outbox, who.Here)
	}
}
