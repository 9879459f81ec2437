package rooms_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
)

// house is a node with everything around it in memory. It lives in a bubble
// of time: a whole meeting passes at once.
type house struct {
	t     *testing.T
	bus   *fakeBus
	store *fakeStore
	media *fakeMedia
	chats *fakeChats
	news  *fakeNews
	keys  *auth.Keyring
	host  *rooms.Host
	now   func() time.Time // the node's clock; nil is the bubble's
	began time.Time
	conns int
	// ahead is how far the actors' clock is before the bubble's. A jump of it
	// wakes no timer: an actor learns of it by what it is asked, or by its ticker.
	ahead atomic.Int64
}

// mostPeople is how many a room of the house takes.
const mostPeople = 3

// inHouse runs f in a bubble, in a house with room "aaa" of an hour, which
// each of how may change.
func inHouse(t *testing.T, f func(h *house), how ...func(*meeting.Room)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &house{t: t, bus: newFakeBus(t), store: newFakeStore(), chats: newFakeChats(), media: &fakeMedia{}, news: &fakeNews{}, began: time.Now().UTC()}
		var err error
		if h.keys, err = auth.NewKeyring(auth.Key{ID: "k", Secret: []byte(strings.Repeat("secret", 6))}); err != nil {
			t.Fatal(err)
		}
		h.addRoom("aaa", how...)
		h.start()
		defer func() { h.host.Close() }()
		f(h)
	})
}

func (h *house) addRoom(id string, how ...func(*meeting.Room)) {
	h.t.Helper()
	room := meeting.Room{ID: id, Name: "Room", CreatedAt: h.began, Duration: 60, Capacity: mostPeople}
	for _, f := range how {
		f(&room)
	}
	room, err := room.Validate()
	if err != nil {
		h.t.Fatal(err)
	}
	h.store.set(func(s *fakeStore) {
		r := s.records[id]
		r.Room, r.Write = room, "0"
		s.records[id] = r
	})
}

func (h *house) start() {
	h.t.Helper()
	var err error
	h.host, err = rooms.Start(h.t.Context(), rooms.Config{
		Node: "n", Bus: h.bus, Store: h.store, Chats: h.chats, Secrets: h.keys, Media: h.media, News: h.news,
		Logger: slog.New(slog.DiscardHandler), Now: h.clock,
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// clock is the node's.
func (h *house) clock() time.Time {
	if h.now != nil {
		return h.now()
	}
	return time.Now().Add(time.Duration(h.ahead.Load()))
}

// restart is a crash of the process and its next start.
func (h *house) restart() {
	h.t.Helper()
	h.host.Close()
	h.start()
}

// pass lets d pass, and then everything happen that happens at once.
func (h *house) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// until lets the time pass up to d after the house began.
func (h *house) until(d time.Duration) {
	h.t.Helper()
	left := d - time.Since(h.began)
	if left < 0 {
		h.t.Fatalf("%v is in the past", d)
	}
	h.pass(left)
}

// tab opens a connection to a room.
func (h *house) tab(room string) *tab {
	h.conns++
	c := &tab{bus: h.bus, conn: fmt.Sprintf("c%d", h.conns), room: room}
	h.bus.mu.Lock()
	defer h.bus.mu.Unlock()
	h.bus.tabs[c.conn] = c
	return c
}

// send relays a message as the edge does, opening the room if need be, and
// returns the request's id. It does not wait for the answer.
func (h *house) send(c *tab, m protocol.ClientMessage, e *bus.Entry) (id string) {
	h.t.Helper()
	id, err := h.trySend(c, m, e)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// trySend is send where the room may not be opened.
func (h *house) trySend(c *tab, m protocol.ClientMessage, e *bus.Entry) (id string, err error) {
	h.conns++
	id = fmt.Sprintf("r%d", h.conns)
	for range 3 {
		if line := h.bus.line(c.room); line != nil {
			line.heard(bus.Asked{Ask: bus.Ask{
				Conn: c.conn, Frame: protocol.ClientFrame{ID: id, Message: m}.Encode(), Entry: e,
			}})
			return id, nil
		}
		if err := h.bus.open(c.room); err != nil {
			return id, err
		}
	}
	return id, errors.New("the room does not listen")
}

// ask sends and waits for what happens at once; the answer must be an M.
func ask[M protocol.ServerMessage](h *house, c *tab, m protocol.ClientMessage, e *bus.Entry) M {
	h.t.Helper()
	id := h.send(c, m, e)
	synctest.Wait()
	return answered[M](h, c, id)
}

// answered is the answer to the request id, which must be an M.
func answered[M protocol.ServerMessage](h *house, c *tab, id string) M {
	h.t.Helper()
	m, is := c.answer(id).(M)
	if !is {
		h.t.Fatalf("the answer to %s is %#v, want %T", id, c.answer(id), m)
	}
	return m
}

// gone ends a connection without a word.
func (h *house) gone(c *tab) {
	if line := h.bus.line(c.room); line != nil {
		line.heard(bus.Asked{Ask: bus.Ask{Conn: c.conn, Gone: true}})
	}
	h.bus.mu.Lock()
	c.closed = 1006
	h.bus.mu.Unlock()
	synctest.Wait()
}

// lose ends a connection without a word, and lets the time pass that its place
// is held.
func (h *house) lose(c *tab) {
	h.t.Helper()
	h.gone(c)
	h.pass(31 * time.Second)
}

// enter comes in by an invitation.
func (h *house) enter(room, name string, role meeting.Role) (*tab, protocol.Welcome) {
	h.t.Helper()
	c := h.tab(room)
	return c, ask[protocol.Welcome](h, c, protocol.Hello{Name: name}, &bus.Entry{Role: role})
}

// back is the entry that a resume secret stands for.
func (h *house) back(w protocol.Welcome) *bus.Entry {
	h.t.Helper()
	p, err := h.keys.CheckResume(w.Resume)
	if err != nil {
		h.t.Fatal(err)
	}
	return &bus.Entry{Role: p.Role, Name: p.Name, Sub: p.Sub, Participant: p.Participant, Session: p.Session}
}

// mustRefuse sends what must be refused with code.
func (h *house) mustRefuse(code protocol.Code, c *tab, m protocol.ClientMessage, e *bus.Entry) protocol.Error {
	h.t.Helper()
	refused := ask[protocol.Error](h, c, m, e)
	if refused.Code != code || refused.Message == "" {
		h.t.Errorf("refused %T with %+v, want %s", m, refused, code)
	}
	return refused
}

// fakeMedia notes who has a seat.
type fakeMedia struct {
	mu     sync.Mutex // guards what follows
	seated map[string]int
	speak  func(ids []string)
	obs    map[string]rooms.MediaObserver
	on     map[string][]protocol.Source // what each sends, by the room's word
	shown  map[string][]protocol.Picture
	panics bool          // the next join is a mistake of ours
	cursed bool          // so is each
	slow   time.Duration // of the next join, on the actor's goroutine
}

func (m *fakeMedia) Instance() string          { return "media-1" }
func (m *fakeMedia) Seats() (audio, video int) { return 5, 9 }

func (m *fakeMedia) NewRoom(speaking func(ids []string)) rooms.MediaRoom {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.speak = speaking
	return fakeMediaRoom{m}
}

func (m *fakeMedia) seats() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.seated)
}

func (m *fakeMedia) observer(id string) rooms.MediaObserver {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.obs[id]
}

// sends is what the media forwards of somebody.
func (m *fakeMedia) sends(id string) []protocol.Source {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.on[id]
}

// shows is what somebody's page shows.
func (m *fakeMedia) shows(id string) []protocol.Picture {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.shown[id]
}

type fakeMediaRoom struct{ media *fakeMedia }

func (r fakeMediaRoom) Join(id string, obs rooms.MediaObserver) rooms.MediaPeer {
	m := r.media
	m.mu.Lock()
	slow := m.slow
	m.slow = 0
	m.mu.Unlock()
	if slow > 0 {
		<-time.After(slow)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.panics || m.cursed {
		m.panics = false
		panic("a mistake")
	}
	if m.seated == nil {
		m.seated, m.obs = map[string]int{}, map[string]rooms.MediaObserver{}
		m.on, m.shown = map[string][]protocol.Source{}, map[string][]protocol.Picture{}
	}
	m.seated[id]++
	m.obs[id] = obs
	return fakePeer{m, id}
}

func (r fakeMediaRoom) Close() {
	r.media.mu.Lock()
	defer r.media.mu.Unlock()
	r.media.seated = nil
}

type fakePeer struct {
	media *fakeMedia
	id    string
}

func (p fakePeer) Answer(_ context.Context, o protocol.Offer) (string, error) {
	if o.SDP == "panic" {
		panic("a mistake")
	}
	if o.SDP == "bad" {
		return "", protocol.Error{Code: protocol.CodeBadOffer, Message: "no"}
	}
	return "answer to " + o.SDP, nil
}

func (p fakePeer) Sending(sources []protocol.Source) {
	p.media.mu.Lock()
	defer p.media.mu.Unlock()
	p.media.on[p.id] = sources
}

func (p fakePeer) Show(pictures []protocol.Picture) {
	p.media.mu.Lock()
	defer p.media.mu.Unlock()
	p.media.shown[p.id] = pictures
}

func (p fakePeer) Close() {
	p.media.mu.Lock()
	defer p.media.mu.Unlock()
	delete(p.media.seated, p.id)
}
