package room_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
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
	"extend", "extend", "extend", "extend again", "end", "crash", "forget", "lazy", "lock", "remove", "portal", "hand", "react",
	"known moderator", "known participant", "old secret", "demote", "demote",
}

// passes has a liking for the boundaries of a meeting of 20 minutes.
var passes = []time.Duration{
	0, 0, time.Millisecond, time.Second, 31 * time.Second, 5*time.Minute - time.Millisecond, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute,
}

// TestModel (T2) has fifty things at a time happen to a room, in every order, and
// holds it against what is promised whatever happens. It runs the rules and nothing
// else, so that it can run many: some each time, and as many as the environment's
// HISTORIES says in make model. How the shell loses writes, rooms and connections,
// the model test of package rooms tries.
func TestModel(t *testing.T) {
	if err := flag.Set("rapid.checks", cmp.Or(os.Getenv("HISTORIES"), "300")); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		steps := drawSteps(rt)
		m := newModel(rapid.Bool().Draw(rt, "reusable"))
		for _, s := range steps {
			m.step(s)
			m.h.wait(s.pass)
			m.check()
		}
		m.finish()
		if len(m.faults) > 0 {
			rt.Fatalf("%s", strings.Join(m.faults, "\n"))
		}
	})
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

// TestStateIsAValue: whoever holds a state of before, as what runs beside an actor
// does, has it as it was, whatever happens to the room.
func TestStateIsAValue(t *testing.T) {
	if err := flag.Set("rapid.checks", "20"); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		steps := drawSteps(rt)
		m := newModel(rapid.Bool().Draw(rt, "reusable"))
		text := func(s room.State) string {
			out, err := json.Marshal(s)
			if err != nil {
				rt.Fatal(err)
			}
			return string(out)
		}
		var states []room.State
		var texts []string
		for _, s := range steps {
			m.step(s)
			m.h.wait(s.pass)
			states, texts = append(states, m.h.state), append(texts, text(m.h.state))
		}
		for i, s := range states {
			if now := text(s); now != texts[i] {
				rt.Fatalf("the state after step %d was\n%s\nand is\n%s", i, texts[i], now)
			}
		}
	})
}

// model is a house with what is known to have been promised in it.
type model struct {
	h      *house
	people []*member
	grants map[string]meeting.Grant // that were acknowledged, by operation
	ends   map[int]time.Time        // the last scheduled end seen, by session
	ending map[int]meeting.Ending
	last   map[int][]meeting.Entry // ledgers
	roles  map[known]meeting.Role  // by the newest token that somebody came in with
	left   map[known]bool          // by choice, and nobody of them has come in since
	asks   int
	faults []string
}

// known is somebody whom a portal knows, in one session.
type known struct {
	session int
	sub     string
}

// member is somebody who came in once.
type member struct {
	place   room.Person
	session int
	op      string // of the last extension they asked for
	extend  protocol.Extend
}

func newModel(reusable bool) *model {
	return &model{
		h:      newHouse(newRoom(func(r *meeting.Room) { r.Reusable = reusable })),
		grants: map[string]meeting.Grant{}, ends: map[int]time.Time{}, ending: map[int]meeting.Ending{},
		last: map[int][]meeting.Entry{}, roles: map[known]meeting.Role{}, left: map[known]bool{},
	}
}

func (m *model) fail(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

func (m *model) somebody(n int) *member {
	if len(m.people) == 0 {
		return nil
	}
	return m.people[n%len(m.people)]
}

func (m *model) step(s step) {
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
			m.crash()
		}
		m.oldSecret(s)
	case "old secret":
		m.oldSecret(s)
	case "crash":
		m.crash()
	case "forget":
		m.h.forget = true
	case "lazy":
		m.h.lazy = s.who%2 == 0
	case "portal":
		m.portal(s)
	default:
		if p := m.somebody(s.who); p != nil {
			m.personal(s, p)
		}
	}
}

// personal is what one of the people does.
func (m *model) personal(s step, p *member) {
	switch s.do {
	case "leave":
		m.leave(p)
	case "lose", "close":
		m.lose(p, s.do == "close")
	case "blink":
		m.blink(p, s.minutes > 15)
	case "come back":
		m.comeBack(p)
	case "extend":
		if m.h.store.Session != nil {
			p.extend = protocol.Extend{Window: m.h.store.Session.EndsAt, Minutes: &s.minutes}
			p.op = m.ask(p, p.extend)
		}
	case "extend again":
		if p.op != "" {
			m.extend(p)
		}
	case "end":
		m.ask(p, protocol.End{})
	case "lock":
		m.ask(p, protocol.Lock{Locked: s.minutes > 15})
	case "remove":
		m.ask(p, protocol.Remove{Participant: m.somebody(s.minutes).place.ID})
	case "hand":
		m.hand(p, s.minutes > 15)
	case "react":
		m.ask(p, protocol.React{Name: protocol.ReactionClap})
	}
}

// ask has p ask something under an id of its own.
func (m *model) ask(p *member, msg protocol.ClientMessage) string {
	m.asks++
	id := fmt.Sprint("r", m.asks)
	if _, extends := msg.(protocol.Extend); extends {
		p.op = id
		m.extend(p)
		return id
	}
	_, _ = m.h.ask(p.place, id, msg) // what came of it is checked
	return id
}

// extend has p ask for their extension, perhaps again: it is granted once, and what
// was acknowledged is in the ledger for good (I2).
func (m *model) extend(p *member) {
	op, err := m.h.ask(p.place, p.op, p.extend)
	if err != nil || op.Grant == nil {
		return
	}
	id := p.place.Sub + p.op
	if before, asked := m.grants[id]; asked && before != *op.Grant {
		m.fail("%s was granted %+v, and then %+v", id, before, *op.Grant)
	}
	m.grants[id] = *op.Grant
	if !slices.ContainsFunc(m.h.store.Session.Ledger, func(e meeting.Entry) bool {
		return e.Kind == meeting.EntryExtended && e.EndsAt.Equal(op.Grant.EndsAt) && e.Minutes == op.Grant.Minutes
	}) {
		m.fail("%s was granted %+v, and the ledger has it not", id, *op.Grant)
	}
}

// portal is another role on the same path.
func (m *model) portal(s step) {
	ask := room.PortalAsks(m.h.state, portalCommands[s.who](s), m.h.now)
	_, _ = m.h.carryOut(ask)
}

// crash takes what was not saved of who is here.
func (m *model) crash() {
	if m.h.saved != m.h.state.Attended {
		clear(m.left)
	}
	m.h.open()
}

func (m *model) leave(p *member) {
	now, here := m.h.state.Here.ByID(p.place.ID)
	m.ask(p, protocol.Leave{})
	if here && now.Conn == p.place.Conn && m.h.state.Number() == p.session {
		m.left[known{p.session, p.place.Sub}] = true
	}
}

// came notes who has a place.
func (m *model) came(p room.Person) { delete(m.left, known{m.h.state.Number(), p.Sub}) }

func (m *model) lose(p *member, closed bool) {
	m.h.happen(m.h.state.Lost(p.place.Conn, m.h.now, closed, false)...)
	m.h.settle()
}

// hand has p raise or lower their hand. Raised again it keeps its place in the order.
func (m *model) hand(p *member, up bool) {
	before, here := m.h.state.Here.ByID(p.place.ID)
	value := ""
	if up {
		value = protocol.HandUp
	}
	m.asks++
	_, err := m.h.ask(p.place, fmt.Sprint("r", m.asks), protocol.SetAttribute{Name: protocol.AttributeHand, Value: value})
	after, _ := m.h.state.Here.ByID(p.place.ID)
	was, is := before.Attributes[protocol.AttributeHand], after.Attributes[protocol.AttributeHand]
	if here && err == nil && (up != (is != "") || was != "" && up && is != was) {
		m.fail("%s had the hand %q and has %q, raised: %v", p.place.Name, was, is, up)
	}
}

// blink has somebody lose their line and come back in time: they have their place
// again, and all that was said of them, also if somebody new came in meanwhile (I9).
func (m *model) blink(p *member, newcomer bool) {
	now, here := m.h.state.Here.ByID(p.place.ID)
	if !here || now.Conn != p.place.Conn || m.h.state.Number() != p.session || m.h.state.Saved.Session.Over(m.h.now) || m.h.doubtful || m.h.forget {
		return
	}
	m.lose(p, false)
	if newcomer {
		m.join(meeting.RoleParticipant)
	}
	_, held := m.h.state.Here.ByID(p.place.ID)
	again, refusal := m.h.hello(m.h.back(p.place, p.session), protocol.Hello{})
	switch {
	case refusal == protocol.CodeRoomFull:
		m.fail("%s lost their line for a moment, and the room was full", p.place.Name)
	case again.ID == "":
	case held && !reflect.DeepEqual(again.Attributes, now.Attributes):
		m.fail("%s had %v and came back with %v", p.place.Name, now.Attributes, again.Attributes)
	}
	if again.ID != "" {
		p.place = again
	}
}

func (m *model) join(role meeting.Role) {
	name := fmt.Sprintf("%s %d", role, len(m.people))
	if p, _ := m.h.hello(room.Entry{Role: role, Name: name}, protocol.Hello{}); p.ID != "" {
		m.came(p)
		m.people = append(m.people, &member{place: p, session: m.h.state.Number()})
	}
}

// doubtful is the role of whoever was not told what came of their token.
const doubtful meeting.Role = "doubtful"

// joinKnown has one of two people come in with a token of their own. From then
// on the role that it gave is theirs (I7), if the one before was in the record.
func (m *model) joinKnown(role meeting.Role, n int) {
	sub := meeting.UserSub(fmt.Sprint(n % 2))
	before := m.h.store
	_, recorded := before.Held.Of(sub)
	if _, held := m.h.who.Held.Of(sub); held && before.Session != nil && m.h.who.Session == before.Session.Number {
		recorded = true
	}
	e := room.Entry{Role: role, Name: fmt.Sprintf("user %d", len(m.people)), Sub: sub, Ticket: fmt.Sprint("t", len(m.people))}
	p, _ := m.h.hello(e, protocol.Hello{})
	if p.ID != "" {
		m.came(p)
		m.people = append(m.people, &member{place: p, session: m.h.state.Number()})
	}
	switch {
	case before.Session == nil:
	case p.ID == "": // perhaps it counts, and perhaps it will
		m.promise(known{before.Session.Number, sub}, doubtful)
	case recorded && before.Session.Number == m.h.state.Number():
		m.promise(known{before.Session.Number, sub}, role)
	}
}

func (m *model) promise(to known, role meeting.Role) {
	if m.roles[to] != doubtful {
		m.roles[to] = role
	}
}

// oldSecret has one of those whom a portal knows come back by any secret that
// they ever got, mostly after their place was lost, or given up.
func (m *model) oldSecret(s step) {
	var all []*member
	for _, p := range m.people {
		if p.place.Sub == meeting.UserSub(fmt.Sprint(s.who%2)) {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return
	}
	switch last := all[len(all)-1]; {
	case s.minutes > 15:
		m.leave(last)
	case s.minutes > 9:
		m.lose(last, false)
		m.h.wait(31 * time.Second)
	}
	m.comeBack(all[s.minutes%len(all)])
}

// comeBack has somebody come back by the secret of their place: in the role that
// their newest token gave (I7), and not at all if they left by choice (I8).
func (m *model) comeBack(p *member) {
	left := m.left[known{p.session, p.place.Sub}] && m.h.state.Number() == p.session
	again, _ := m.h.hello(m.h.back(p.place, p.session), protocol.Hello{})
	if again.ID == "" {
		return
	}
	if want := m.roles[known{p.session, p.place.Sub}]; want != "" && want != doubtful && again.Role != want {
		m.fail("%s came back as %s, and the newest token said %s", p.place.Sub, again.Role, want)
	}
	if left {
		m.fail("%s left by choice and came back by the secret of that place", p.place.Name)
	}
	p.place = again
}

// check holds the store and the state against the promises: one grant for each window
// (I1), an end never moves back (I3), an end is the end (I4), nobody did what their
// role may not (I6), a role that was taken back stays taken back (I7), and there are
// never more than twice as many people as the room takes.
func (m *model) check() {
	rec := m.h.store
	if rec.Session != nil {
		m.checkSession(*rec.Session)
		for _, p := range m.h.state.Here {
			if want, promised := m.roles[known{rec.Session.Number, p.Sub}]; promised && want != doubtful && p.Role != want {
				m.fail("%s has a place as %s, and the newest token said %s", p.Sub, p.Role, want)
			}
		}
	}
	who := m.h.who
	if most := 2 * rec.Room.Capacity; len(who.Here) > most || len(m.h.state.Here) > most {
		m.fail("there are %d people, and %d in the store, in a room for %d", len(m.h.state.Here), len(who.Here), rec.Room.Capacity)
	}
	if len(who.Former) > 64 || len(who.Left) > 128 || len(rec.Ops) > 256 || len(rec.Outbox) > 128 || rec.Any() {
		m.fail("the store remembers %d people, %d who left, %d operations and %d events", len(who.Former), len(who.Left), len(rec.Ops), len(rec.Outbox))
	}
	ids := map[string]bool{}
	for _, p := range m.h.state.Here {
		if ids[p.ID] || p.Conn != "" && ids[p.Conn] {
			m.fail("%s is here twice", p.Name)
		}
		ids[p.ID], ids[p.Conn] = true, true
	}
}

func (m *model) checkSession(s meeting.Session) {
	if _, err := meeting.Replay(s.Number, s.Ledger); err != nil {
		m.fail("no session has this ledger: %v", err) // I1 is among what Replay holds
	}
	before := m.last[s.Number]
	if len(s.Ledger) < len(before) || len(before) > 0 && !reflect.DeepEqual(s.Ledger[:len(before)], before) {
		m.fail("the ledger of session %d was %+v and is %+v", s.Number, before, s.Ledger)
	}
	if s.EndsAt.Before(m.ends[s.Number]) {
		m.fail("the end moved back from %v to %v", m.ends[s.Number], s.EndsAt)
	}
	if e, over := m.ending[s.Number]; over && (s.Ending == nil || *s.Ending != e) {
		m.fail("ended as %+v, then as %+v", e, s.Ending)
	}
	m.last[s.Number], m.ends[s.Number] = s.Ledger, s.EndsAt
	if s.Ending != nil {
		m.ending[s.Number] = *s.Ending
	}
	for i, e := range s.Ledger {
		role, _, _ := strings.Cut(e.By.Name, " ")
		switch {
		case e.Kind == meeting.EntryExtended && role == string(meeting.RoleViewer),
			e.Kind == meeting.EntryEnded && e.Reason == meeting.ReasonEndedByModerator && role != string(meeting.RoleModerator) && role != "user": // whose roles I7 holds
			m.fail("%s did that: %+v", role, e)
		case e.Kind == meeting.EntryExtended && slices.ContainsFunc(s.Ledger[:i], func(o meeting.Entry) bool {
			return o.Kind == meeting.EntryExtended && o.EndsAt.Equal(e.EndsAt)
		}):
			m.fail("a window was answered twice: %+v", s.Ledger)
		}
	}
}

// finish lets everything come to rest, and then wants everything told to portals: each
// entry of each ledger once, in order, who came before who left, and nothing else.
func (m *model) finish() {
	m.h.forget, m.h.lazy = false, false
	m.h.open()
	m.h.wait(3 * time.Hour)
	m.check()
	var got, want []string
	inside := map[string]bool{}
	numbers := map[bool]int{} // of comings and goings, and of the others
	for _, e := range m.h.events {
		number, behind := strings.CutPrefix(e.ID, "aaa-p")
		numbers[behind]++
		if !behind {
			number = strings.TrimPrefix(e.ID, "aaa-")
		}
		if number != fmt.Sprint(numbers[behind]) {
			m.fail("event %d has the id %s", numbers[behind], e.ID)
		}
		n := mustRead(e)
		switch e.Kind {
		case event.SessionStarted, event.WindowOpened, event.SessionExtended, event.SessionEnded:
			got = append(got, fmt.Sprint(n.Session, e.Kind, e.At))
			if e.Kind == event.SessionEnded {
				clear(inside)
			}
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
	for number := 1; number <= len(m.last); number++ {
		for _, e := range m.last[number] {
			want = append(want, fmt.Sprint(number, kinds[e.Kind], e.At))
		}
	}
	if !slices.Equal(got, want) {
		m.fail("told\n%v\nthe ledgers say\n%v", got, want)
	}
	if len(m.h.who.Here) != 0 || len(m.h.state.Here) != 0 {
		m.fail("left over: %+v and %+v", m.h.who.Here, m.h.state.Here)
	}
	if err := m.replays(); err != nil {
		m.fail("%v", err)
	}
}

// replays: the facts since the process began make the same state again.
func (m *model) replays() error {
	s := m.h.opened
	for _, f := range m.h.facts {
		s, _ = s.Apply(f)
	}
	if !reflect.DeepEqual(s, m.h.state) {
		return fmt.Errorf("the facts make\n%+v\nand not\n%+v", s, m.h.state)
	}
	return nil
}
