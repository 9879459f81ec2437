package sfu

import (
	"crypto/rand"
	"log/slog"
	"net"
	"sync"

	"github.com/pion/webrtc/v3"
)

// Config is what New needs. The zero value works.
type Config struct {
	Host      string   // IPv4 address to bind; "" binds all
	Port      int      // one number for UDP and TCP; 0 takes any that is free for both
	Advertise []string // IPv4 addresses given to browsers; empty: every one of this machine, loopback included
	AllowCM   bool     // also agree to AES-CM, at five times the cost for each packet
	// Guard wraps the TCP listener: the place for limits by address. A connection
	// that is still open after Unproven belongs to somebody. nil: no limits.
	Guard  func(net.Listener) net.Listener
	Logger *slog.Logger
}

// SFU is the media of one process. All methods are safe for concurrent use.
type SFU struct {
	instance  string
	log       *slog.Logger
	transport *transport
	// newPC makes pion's side of a connection. Never changed, but for tests that count.
	newPC func(*rtcpInbox) (*webrtc.PeerConnection, error)

	mu     sync.Mutex
	rooms  map[*Room]struct{}
	closed bool
	tasks  sync.WaitGroup // every goroutine of this package but those of connections
}

// New binds the port and starts to listen.
func New(cfg Config) (*SFU, error) {
	log := cfg.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	logs := pionLogs{log}
	t, err := openTransport(cfg, logs)
	if err != nil {
		return nil, err
	}
	return &SFU{
		instance: rand.Text(), log: log, transport: t, rooms: map[*Room]struct{}{},
		newPC: func(inbox *rtcpInbox) (*webrtc.PeerConnection, error) {
			return newPeerConnection(t, cfg.AllowCM, logs, inbox)
		},
	}, nil
}

// Port is the number that was bound, for UDP and TCP.
func (s *SFU) Port() int { return s.transport.port }

// Instance is a random id of this process's media. Connections do not survive it: a
// browser that is told another one makes a new connection at once.
func (s *SFU) Instance() string { return s.instance }

// NewRoom opens a room without peers. obs may be nil. After Close it gives a room that is
// closed.
func (s *SFU) NewRoom(obs RoomObserver) *Room {
	r := newRoom(s, obs)
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.rooms[r] = struct{}{}
		s.tasks.Add(2)
	}
	s.mu.Unlock()
	if closed {
		r.Close()
		return r
	}
	go func() { defer s.tasks.Done(); r.mail.run(obs, r.deliver) }()
	go func() { defer s.tasks.Done(); r.run() }()
	return r
}

// Close ends every room and connection and gives the port back. When it returns no
// goroutine of this package is left, so it must not be called by an observer.
func (s *SFU) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	rooms := s.rooms
	s.rooms = map[*Room]struct{}{}
	s.mu.Unlock()
	for r := range rooms {
		r.Close()
	}
	s.tasks.Wait()
	return s.transport.close()
}

func (s *SFU) forget(r *Room) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rooms, r)
}

// begin counts a call as a task, unless the SFU is closed. Every true needs one end.
func (s *SFU) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.tasks.Add(1)
	return true
}

func (s *SFU) end() { s.tasks.Done() }

// spawn runs f in a goroutine that Close waits for. It must be called either within a
// task or under the lock of a room that is open, so that Close cannot be past waiting.
func (s *SFU) spawn(f func()) {
	s.tasks.Add(1)
	go func() { defer s.tasks.Done(); f() }()
}
