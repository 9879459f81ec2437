package kill_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/store"
	"overtime/internal/testkit"
)

// started is when the first meeting starts.
var started = testkit.Began

// server is the server under the knife: one process after the other on one
// folder, one address and one clock.
type server struct {
	t       *testing.T
	folder  string
	address string
	socket  *os.File

	mu    sync.Mutex // guards what follows
	now   time.Time
	lives int
	cmd   *exec.Cmd
	tell  io.WriteCloser // the process's clock
	ended chan error     // why the process is no more
	dead  bool           // by our hand
	log   *tail
}

func newServer(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // the file is another handle of the socket
	s := &server{
		t: t, folder: t.TempDir(), address: l.Addr().String(), log: &tail{},
		now: started,
	}
	if s.socket, err = l.(*net.TCPListener).File(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.kill()
		_ = s.socket.Close()
		if t.Failed() {
			t.Logf("the last that the servers logged:\n%s", s.log)
		}
	})
	return s
}

// start begins a life and names it. died is called if it ends by itself.
func (s *server) start(room meeting.Room, died func(err error)) (life string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives++
	life = fmt.Sprintf("life-%d", s.lives)
	text, err := json.Marshal(orders{Folder: s.folder, Room: room, Now: s.now, Life: life})
	if err != nil {
		s.t.Fatal(err)
	}
	s.cmd = exec.Command(os.Args[0])
	s.cmd.Env = append(os.Environ(), ordersVariable+"="+string(text))
	s.cmd.ExtraFiles = []*os.File{s.socket} // becomes listener
	s.cmd.Stderr = s.log
	if s.tell, err = s.cmd.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.dead, s.ended = false, make(chan error, 1)
	go s.mourn(s.cmd, s.ended, died)
	return life
}

// mourn waits for the end of a process.
func (s *server) mourn(cmd *exec.Cmd, ended chan<- error, died func(err error)) {
	err := cmd.Wait()
	s.mu.Lock()
	killed := s.dead
	s.mu.Unlock()
	if !killed {
		died(fmt.Errorf("the server ended by itself: %v", err))
	}
	ended <- err
}

// kill ends the process without a chance to say or write anything more.
func (s *server) kill() {
	s.t.Helper()
	s.mu.Lock()
	cmd, ended := s.cmd, s.ended
	s.cmd, s.dead = nil, true
	s.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Kill() // SIGKILL; it may be gone already
	<-ended
}

// set moves the clock of this life and of those to come.
func (s *server) set(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
	if s.tell != nil {
		_, _ = io.WriteString(s.tell, now.Format(time.RFC3339Nano)+"\n") // a dead one needs no clock
	}
}

func (s *server) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// mustRead reads what is kept of rooms, while no server lives.
func (s *server) mustRead(ids ...string) []store.Record {
	s.t.Helper()
	kept, stop := testkit.Kept(s.t, s.folder)
	defer stop()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	var records []store.Record
	for _, id := range ids {
		v, err := kept.Load(ctx, id)
		if err != nil {
			s.t.Fatalf("reading %s: %v", id, err)
		}
		records = append(records, v.Record)
	}
	return records
}

// faults are what no server may log, however it is treated.
func (s *server) faults() []string { return s.log.faults() }

// tail keeps the end of what the processes wrote, and every line that shows a
// mistake of ours.
type tail struct {
	mu    sync.Mutex // guards what follows
	text  []byte
	fault []string
}

const longestTail = 16 << 10 // bytes

func (l *tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(string(p)) {
		for _, mark := range []string{"DATA RACE", "panic", "a mistake of the server's own", "is made anew", "a connection failed"} {
			if strings.Contains(line, mark) {
				l.fault = append(l.fault, strings.TrimSpace(line))
				break
			}
		}
	}
	l.text = append(l.text, p...)
	if over := len(l.text) - longestTail; over > 0 {
		l.text = bytes.Clone(l.text[over:])
	}
	return len(p), nil
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

func (l *tail) faults() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fault
}
