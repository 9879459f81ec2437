package testkit

import (
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/httpd"
	"overtime/internal/meeting"
	"overtime/internal/node"
	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// Key signs what a Server gives out, so that a test can forge it.
var Key = datafolder.Secret{ID: "k1", Value: []byte(strings.Repeat("secret", 6))}

// Server is a whole server but for pages and, unless a test gives it some, media.
// Its data folder and its clock outlive a restart. It is used by the test's
// goroutine.
type Server struct {
	*node.Node // nil while it does not run

	// Config is read by Start. A test changes it before.
	Config node.Config
	Clock  *Clock
	Logs   *Logs
	// From says at which address a request comes in; nil leaves it as it is.
	From func(*http.Request) string
	// Network, if it is set, is given each of the server's connections.
	Network func(net.Conn)
	// Browsers and API are the handlers of what is running.
	Browsers, API http.Handler

	t       testing.TB
	address string
}

// New is a server that is not started, with flags as its operator may write them.
// It is stopped at the end of the test.
func New(t testing.TB, flags ...string) *Server {
	t.Helper()
	s := &Server{t: t, Clock: NewClock(Began), Logs: NewLogs()}
	flags = append([]string{"--data", Folder(t), "--rtc-port", "0", "--keep", "0"}, flags...)
	command, err := config.Parse(flags, func(string) string { return "" }, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	s.Config = node.Config{
		Flags: *command.(*config.Config), Logger: slog.New(s.Logs), Now: s.Clock.Now, Limits: throttle.Default,
		Media: Silence{}, Site: s.site, StopTimeout: 4 * Patience,
	}
	s.sign()
	t.Cleanup(s.Stop)
	return s
}

// sign gives the data folder its identity.
func (s *Server) sign() {
	s.t.Helper()
	text, err := json.Marshal(datafolder.Identity{Node: "node", Tickets: []datafolder.Secret{Key}})
	if err != nil {
		s.t.Fatal(err)
	}
	folder, err := datafolder.Fill(s.Config.Flags.Data, text)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := folder.Close(); err != nil {
		s.t.Error(err)
	}
}

// Open is New, and Start.
func Open(t testing.TB, flags ...string) *Server {
	t.Helper()
	s := New(t, flags...)
	s.Start()
	return s
}

// Start runs the server until Stop, on an address of this machine.
func (s *Server) Start() {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = l.Addr().String()
	s.Config.Listener = tuned{l, s.Network}
	if s.Node, err = node.Open(s.Config); err != nil {
		s.t.Fatal(err)
	}
}

// Stop takes everything down, as a server does that is told to stop.
func (s *Server) Stop() {
	s.t.Helper()
	if s.Node == nil {
		return
	}
	const stayed = "some browsers did not take their leave"
	before := s.Logs.count(stayed)
	if err := s.Close(); err != nil {
		s.t.Error(err)
	}
	if s.Node = nil; s.Logs.count(stayed) > before {
		s.t.Error(stayed)
	}
}

// Address is where it listens, as host:port.
func (s *Server) Address() string { return s.address }

// URL is where it answers requests.
func (s *Server) URL() string { return "http://" + s.address }

// site is what httpd serves, without the pages.
func (s *Server) site(d httpd.Deps) http.Handler {
	s.Browsers, s.API = d.WebSocket, d.API
	mux := http.NewServeMux()
	mux.Handle("/ws", d.WebSocket)
	mux.Handle("/api/", d.API)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.From != nil {
			r.RemoteAddr = net.JoinHostPort(s.From(r), "1")
		}
		mux.ServeHTTP(w, r)
	})
}

// Room makes a room of an hour, changed by each of how.
func (s *Server) Room(id string, how ...func(*meeting.Room)) meeting.Room {
	s.t.Helper()
	room := meeting.Room{ID: id, Name: "Room " + id, CreatedAt: s.Clock.Now(), Duration: 60}
	for _, f := range how {
		f(&room)
	}
	room, err := room.Validate()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.Store().Create(s.t.Context(), room); err != nil {
		s.t.Fatal(err)
	}
	return room
}

// Link is the token of a room's link for a role: anybody's, as often as wanted.
func (s *Server) Link(room string, role meeting.Role) string {
	s.t.Helper()
	path, err := s.Secrets().Invitation(meeting.Room{ID: room, CreatedAt: s.Clock.Now()}, role)
	if err != nil {
		s.t.Fatal(err)
	}
	return TokenOf(path)
}

// TokenOf is what a link lets in with.
func TokenOf(link string) string {
	_, token, _ := strings.Cut(link, "#")
	return token
}

// Socket is where browsers connect.
func (s *Server) Socket() string { return "ws://" + s.address + "/ws" }

// Dial connects somebody for as long as t runs.
func (s *Server) Dial(t testing.TB, options *websocket.DialOptions) *Person {
	t.Helper()
	return Dial(t, s.Socket(), options)
}

// Enter has somebody come in by a token.
func (s *Server) Enter(t testing.TB, token, name string) (*Person, protocol.Welcome) {
	t.Helper()
	p := s.Dial(t, nil)
	return p, Ask[protocol.Welcome](p, protocol.Hello{Token: token, Name: name})
}

// Until waits for something to become true, about which nobody tells, and says
// how long that took.
func Until(t testing.TB, what string, so func() error) time.Duration {
	t.Helper()
	began, late := time.Now(), time.After(Patience)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		err := so()
		if err == nil {
			return time.Since(began)
		}
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// Folder is one until the end of the test, in memory where there is some to spare:
// what is asked here is not what a disk keeps. Its path is short enough for the
// name of a socket in it.
func Folder(t testing.TB) string {
	t.Helper()
	const memory, spare = "/dev/shm", 1 << 30
	parent := ""
	var fs syscall.Statfs_t
	if syscall.Statfs(memory, &fs) == nil && fs.Bavail*uint64(fs.Bsize) > spare {
		parent = memory
	}
	path, err := os.MkdirTemp(parent, "overtime")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(path); err != nil {
			t.Error(err)
		}
	})
	return path
}

// tuned is a listener that has something done to each connection.
type tuned struct {
	net.Listener
	tune func(net.Conn)
}

func (l tuned) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil && l.tune != nil {
		l.tune(c)
	}
	return c, err
}
