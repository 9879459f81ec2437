package client_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// serverBorn is the server's time when a test begins. The device's clock, in a
// bubble, says the year 2000: wherever it came in, a test would be years off.
var serverBorn = time.Date(2031, 5, 6, 15, 0, 0, 0, time.UTC)

// server is a scripted server. All fields are guarded by mu once a session runs.
type server struct {
	mu   sync.Mutex
	born time.Time // by the bubble's clock
	skew time.Duration

	// How a frame travels.
	up, down time.Duration

	dead    bool          // dials fail
	hole    bool          // dials get no answer at all
	slow    time.Duration // dials take so long, whatever the client wants
	clogged error         // writes wait for ever, or fail with something else than errStuck
	dials   []time.Duration
	conns   []*conn
	got     []protocol.ClientFrame

	// script answers a frame in the server's stead; nil is no answer, ok is
	// false to leave it to the server.
	script func(c *conn, f protocol.ClientFrame) (answer protocol.ServerMessage, ok bool)

	epoch, seq uint64
	room       protocol.Room
	session    protocol.Session
	guests     string            // the guests' link, if one is given
	people     []protocol.Person // others
	you        protocol.Person
	given      string // the name in the token
	notice     *meeting.Notice
	waiting    []protocol.Waiter
	door       bool // a moderator has to let people in, unless they have a place
	instance   string
	over       bool
	chat       func() *protocol.Chat // the newest of it; nil: none
}

func newServer() *server {
	return &server{
		born: time.Now(), epoch: 3, seq: 10, instance: "media-1", guests: "/r/room#guest",
		room: protocol.Room{
			ID: "room", Name: "Planning", DurationMinutes: 30, DefaultExtension: 15,
			ExtendBy: meeting.ExtendByAnyone, MinuteMS: 60000,
		},
		session: protocol.Session{
			Number: 1, StartedAt: serverBorn, EndsAt: serverBorn.Add(30 * time.Minute),
			Story: []protocol.StoryEntry{{Kind: meeting.EntryStarted, At: serverBorn, EndsAt: serverBorn.Add(30 * time.Minute)}},
		},
		people: []protocol.Person{{ID: "p_asha", Name: "Asha", Role: meeting.RoleParticipant, Sending: []protocol.Source{protocol.Camera}}},
		you:    protocol.Person{ID: "p_me", Name: "Me", Role: meeting.RoleModerator},
	}
}

func (v *server) with(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	f()
}

func (v *server) now() time.Time { return serverBorn.Add(time.Since(v.born) + v.skew) }

func (v *server) Dial(ctx context.Context) (client.Conn, error) {
	if v.slow > 0 {
		<-time.After(v.slow)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dials = append(v.dials, time.Since(v.born))
	if v.hole {
		v.mu.Unlock()
		<-ctx.Done()
		v.mu.Lock()
		return nil, ctx.Err()
	}
	if v.dead {
		return nil, errors.New("nobody there")
	}
	c := &conn{server: v, in: make(chan []byte, 1024), gone: make(chan struct{})}
	v.conns = append(v.conns, c)
	return c, nil
}

// conn is one WebSocket, seen from both ends.
type conn struct {
	server *server
	in     chan []byte // to the client
	gone   chan struct{}
	once   sync.Once
	why    *client.Closed // set before gone is closed
	mute   bool           // guarded by server.mu: neither hears the other any more
	let    bool           // guarded by server.mu: a moderator let it in
	mine   bool           // guarded by server.mu: the client closed it

	toServer, toClient way
}

// way is one direction of a connection: what is sent takes its time, and arrives
// in the order in which it was sent.
type way struct {
	mu    sync.Mutex // held while something arrives
	queue chan func()
	once  sync.Once
}

func (y *way) later(d time.Duration, arrive func()) {
	y.once.Do(func() { y.queue = make(chan func(), 1024) })
	y.queue <- arrive
	time.AfterFunc(d, func() {
		y.mu.Lock()
		defer y.mu.Unlock()
		(<-y.queue)()
	})
}

func (c *conn) Read(ctx context.Context) ([]byte, error) {
	select {
	case text := <-c.in:
		return text, nil
	case <-c.gone:
		select { // what came before the end is read before it
		case text := <-c.in:
			return text, nil
		default:
			return nil, c.why
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// errStuck is of a network that takes nothing.
var errStuck = errors.New("stuck")

func (c *conn) Write(ctx context.Context, text []byte) error {
	select {
	case <-c.gone:
		return c.why
	default:
	}
	f, err := protocol.DecodeClient(text)
	if err != nil {
		panic(err)
	}
	c.server.mu.Lock()
	up, mute, clogged := c.server.up, c.mute, c.server.clogged
	c.server.mu.Unlock()
	if clogged == errStuck {
		<-ctx.Done()
	}
	if clogged != nil {
		return clogged
	}
	switch {
	case mute:
	case up > 0:
		c.toServer.later(up, func() { c.server.take(c, f) })
	default:
		c.server.take(c, f)
	}
	return nil
}

func (c *conn) Close() {
	c.server.with(func() { c.mine = true })
	c.end(1006)
}

// end closes the connection with a code.
func (c *conn) end(code protocol.CloseCode) {
	c.once.Do(func() {
		c.why = &client.Closed{Code: code, Reason: "scripted"}
		close(c.gone)
	})
}

// send delivers a frame to the client.
func (c *conn) send(f protocol.ServerFrame) {
	c.server.mu.Lock()
	down, mute := c.server.down, c.mute
	c.server.mu.Unlock()
	switch {
	case mute:
	case down > 0:
		c.toClient.later(down, func() { c.in <- f.Encode() })
	default:
		c.in <- f.Encode()
	}
}

func (v *server) take(c *conn, f protocol.ClientFrame) {
	v.mu.Lock()
	v.got = append(v.got, f)
	script := v.script
	v.mu.Unlock()
	if script != nil {
		if m, ok := script(c, f); ok {
			if m != nil {
				v.answer(c, f.ID, m)
			}
			return
		}
	}
	v.mu.Lock()
	m := v.reply(c, f)
	v.mu.Unlock()
	v.answer(c, f.ID, m)
	if _, leave := f.Message.(protocol.Leave); leave {
		c.end(protocol.CloseNormal)
	}
	if _, over := m.(protocol.Over); over {
		c.end(protocol.CloseOver)
	}
}

func (v *server) answer(c *conn, id string, m protocol.ServerMessage) {
	v.mu.Lock()
	f := protocol.ServerFrame{ID: id, Epoch: v.epoch, Seq: v.seq, Message: m}
	v.mu.Unlock()
	c.send(f)
}

func (v *server) reply(c *conn, f protocol.ClientFrame) protocol.ServerMessage {
	switch m := f.Message.(type) {
	case protocol.Peek:
		if v.over {
			return protocol.Over{Room: v.room, Session: v.session, ServerTime: v.now()}
		}
		session := v.session
		return protocol.RoomState{
			Room: v.room, Session: &session, People: len(v.people), ServerTime: v.now(),
			Role: v.you.Role, Name: v.given,
		}
	case protocol.Hello:
		if v.over {
			return protocol.Over{Room: v.room, Session: v.session, ServerTime: v.now()}
		}
		if v.door && !c.let && m.Resume == "" {
			return protocol.Waiting{Room: v.room, ServerTime: v.now()}
		}
		return v.welcome(m)
	case protocol.AskClock:
		return protocol.OK{Clock: &protocol.Clock{Now: v.now()}}
	case protocol.Offer:
		return protocol.OK{SDP: "answer"}
	}
	return protocol.OK{}
}

func (v *server) welcome(m protocol.Hello) protocol.Welcome {
	if m.Name != "" {
		v.you.Name = m.Name
	}
	v.you.Sending = m.Sending
	var chat *protocol.Chat
	if v.chat != nil {
		chat = v.chat()
	}
	return protocol.Welcome{
		Chat: chat,
		Room: v.room, Session: v.session, ServerTime: v.now(), You: v.you,
		Resume: "secret", Guests: v.guests,
		People: append([]protocol.Person{v.you}, v.people...), Notice: v.notice,
		Waiting: v.waiting,
		Media:   protocol.Media{Instance: v.instance, AudioSeats: 3, VideoSeats: 9},
	}
}

// event tells everyone something, as the room's next numbered event.
func (v *server) event(m protocol.ServerMessage) {
	v.mu.Lock()
	v.seq++
	f := protocol.ServerFrame{Epoch: v.epoch, Seq: v.seq, Message: m}
	c := v.conns[len(v.conns)-1]
	v.mu.Unlock()
	c.send(f)
}

// admit lets the newest connection in.
func (v *server) admit() {
	c := v.last()
	v.with(func() { c.let = true })
	c.send(protocol.ServerFrame{Epoch: 3, Seq: 10, Message: protocol.Admitted{}})
}

// push sends a frame as it is over the newest connection.
func (v *server) push(f protocol.ServerFrame) { v.last().send(f) }

// raw sends a frame that no type of this program makes.
func (v *server) raw(text string) { v.last().in <- []byte(text) }

func (v *server) last() *conn {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.conns[len(v.conns)-1]
}

// all are the messages of type M that the server got, in order.
func all[M protocol.ClientMessage](v *server) (out []M) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, f := range v.got {
		if m, ok := f.Message.(M); ok {
			out = append(out, m)
		}
	}
	return out
}

func (v *server) dialed() []time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.dials)
}
