package sfu

import (
	"log/slog"
)

// Config is what New needs. The zero value works.
type Config struct {
	Host      string   // address to bind; "" binds all
	Port      int      // one number for UDP and TCP; 0 takes any that is free for both
	Advertise []string // addresses given to browsers; empty: every one of this machine, loopback included
	AllowCM   bool     // also agree to AES-CM, at five times the cost for each packet
	Logger    *slog.Logger
}

// SFU is the media of one process. All methods are safe for concurrent use.
type SFU struct {
	instance string
	port     int
}

// New binds the port and starts to listen.
func New(cfg Config) (*SFU, error) { return &SFU{}, nil }

// Port is the number that was bound, for UDP and TCP.
func (s *SFU) Port() int { return s.port }

// Instance is a random id of this process's media. Connections do not survive it: a
// browser that is told another one makes a new connection at once.
func (s *SFU) Instance() string { return s.instance }

// NewRoom opens a room without peers. obs may be nil.
func (s *SFU) NewRoom(obs RoomObserver) *Room { return &Room{} }

// Close ends every room and connection and gives the port back. When it returns no
// goroutine of this package is left.
func (s *SFU) Close() error { return nil }
