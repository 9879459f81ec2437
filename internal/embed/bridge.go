package embed

import (
	"encoding/json"
	"sync"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// Host is the page around this one.
type Host interface {
	// Listen has f called with each message of the page, in order, those that
	// came before included. The origin of the page was checked.
	Listen(f func(text string)) (stop func())
	Post(text string)
}

// Session is the part of client.Session that a page around may see and steer.
type Session interface {
	View() client.View
	Subscribe(f func(client.View)) (stop func())
	Now() time.Time
	Do(client.Intent)
}

// Config is what a Bridge needs of the embedded page.
type Config struct {
	Host Host
	// Enter opens the session; the page draws it. It is called once.
	Enter func(Entry) Session
	// Restyle shows the meeting in another style.
	Restyle func(Style)
	// SayTrouble puts a trouble into a sentence that says what to do.
	SayTrouble func(client.Trouble, client.View) string
	// SayDevice says what is the matter with a device; empty if nothing is.
	SayDevice func(client.DeviceKind, client.DeviceTrouble) string
	Words     *words.Catalogue // nil: in English
}

// Bridge is the talk between the page around and one session. Messages of the
// page and views of the session come from different goroutines; a mutex makes
// one of the two wait, for no longer than a message takes to be written.
type Bridge struct {
	cfg  Config
	stop func() // of listening

	mu        sync.Mutex
	session   Session // nil before enter
	unfollow  func()
	entry     Entry
	last      client.View
	joining   []int // calls of join that wait for the room
	leaving   []int
	switching []switching // devices that are being turned on or off
	announced window      // the window that was told of last
	connected string      // as last told
}

// switching is a call that turns a device on or off and waits for it.
type switching struct {
	id   int
	kind client.DeviceKind
	on   bool
}

// nobody is shown where neither the token nor the page names the person.
const nobody = "Guest"

// New starts listening to the page.
func New(cfg Config) *Bridge {
	b := &Bridge{cfg: cfg, last: client.View{}.Complete(), connected: connectionGood, unfollow: func() {}}
	b.stop = cfg.Host.Listen(b.heard)
	return b
}

// Close ends the talk; the session is the page's to close.
func (b *Bridge) Close() {
	b.stop()
	b.mu.Lock()
	unfollow := b.unfollow
	b.mu.Unlock()
	unfollow()
}

// Notify tells the page what an app of its own would show as a notification:
// a frame may not.
func (b *Bridge) Notify(title, body string) { b.tell("notify", notification{title, body}) }

// Complain tells the page that something of what it wants cannot be had.
func (b *Bridge) Complain(code, message string) {
	b.tell("trouble", saying{protocol.Code(code), message})
}

func (b *Bridge) tell(name string, detail any) { b.post(event{name, detail}) }

func (b *Bridge) post(m any) {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // every message is made of texts, numbers and instants
	}
	b.cfg.Host.Post(string(text))
}

func (b *Bridge) done(id int, result any) {
	if result == nil {
		result = struct{}{}
	}
	b.post(reply{ID: id, Result: result})
}

func (b *Bridge) refuse(id int, r *refusal) { b.post(reply{ID: id, Error: r}) }

// trouble puts what kept the session from doing something into a refusal.
func (b *Bridge) trouble(t client.Trouble) *refusal {
	return &refusal{
		Code: t.Code, Message: b.cfg.SayTrouble(t, b.session.View()),
		By: t.By, Minutes: t.Minutes, EndsAt: t.EndsAt, OpensAt: t.OpensAt,
	}
}
