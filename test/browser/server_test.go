package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// built is the server under test, as `make build` leaves it.
func built(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../bin/overtime")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the server is not built; run `make build` first: %v", err)
	}
	return path
}

// server is one running process of the product.
type server struct {
	t    *testing.T
	url  string
	args []string
	cmd  *exec.Cmd
	log  *syncBuffer
}

// startServer runs the server on a free port with its own data folder until
// the test ends. args come last and win.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{t: t, log: &syncBuffer{}, args: append([]string{
		"--addr", "127.0.0.1:0", "--rtc-port", "0", "--data", t.TempDir(),
	}, args...)}
	s.start()
	t.Cleanup(func() {
		if s.cmd != nil {
			s.stop()
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	return s
}

// start runs the process and waits for the line that names its address.
func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(built(s.t), s.args...)
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "Overtime is ready: "); ok {
			s.url = url
			return
		}
	}
	_ = s.cmd.Wait()
	s.cmd = nil
	s.t.Fatalf("the server did not start:\n%s", s.log)
}

// restartHere makes later starts use the address the server has now, so that
// open pages find it again.
func (s *server) keepAddress() {
	s.args = append(s.args, "--addr", strings.TrimPrefix(strings.TrimPrefix(s.url, "http://"), "https://"))
}

// data is the server's folder.
func (s *server) data() (folder string) {
	for i, arg := range s.args {
		if arg == "--data" {
			folder = s.args[i+1]
		}
	}
	return folder
}

// stop asks the process to stop and waits for it.
func (s *server) stop() {
	s.t.Helper()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("the server stopped badly: %v", err)
	}
	s.cmd = nil
}

// kill ends the process without a chance to say anything.
func (s *server) kill() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = s.cmd.Wait() // "signal: killed"
	s.cmd = nil
}

// room is a meeting that was made.
type room struct {
	ID    string `json:"id"`
	Links struct {
		Moderator string `json:"moderator"`
		Guest     string `json:"guest"`
	} `json:"links"`
}

// create makes a meeting through the API, as the home page does.
func (s *server) create(minutes int) room {
	s.t.Helper()
	body := fmt.Sprintf(`{"name":"Weekly design review","duration_minutes":%d}`, minutes)
	res, err := http.Post(s.url+"/api/v1/rooms", "application/json", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var r room
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil || res.StatusCode != http.StatusCreated {
		s.t.Fatalf("creating a room: %s, %v", res.Status, err)
	}
	return r
}

// syncBuffer collects what a process writes.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
