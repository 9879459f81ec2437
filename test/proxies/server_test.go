package proxies

import (
	"bufio"
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// binary is the server under test, as `make build` leaves it.
func binary(t *testing.T) string {
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

// server is one that runs until the test ends.
type server struct {
	address string // host:port
	data    string // its folder
	log     *syncBuffer
}

func startServer(t *testing.T, flags ...string) server {
	t.Helper()
	s := server{address: freeAddress(t), data: t.TempDir(), log: &syncBuffer{}}
	cmd := exec.Command(binary(t), append([]string{"--addr", s.address, "--rtc-port", "0", "--data", s.data}, flags...)...)
	cmd.Stderr = s.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server stopped badly: %v", err)
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "Overtime is ready: ") {
			return s
		}
	}
	t.Fatal("the server did not start")
	return s
}

// rooms is what the operator is told of all rooms.
func (s server) rooms(t *testing.T) string {
	t.Helper()
	text, err := exec.Command(binary(t), "room", "list", "--data", s.data).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return string(text)
}

// freeAddress is one of this machine that nobody has.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// syncBuffer collects what a process writes.
type syncBuffer struct {
	mu  sync.Mutex // guards what follows
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
