// Package program runs what `make build` and `make example` built, as an
// operator would: as processes, of which a test sees an address and a log.
//
// It is called by the tests that see the product from outside (test/browser,
// test/portal, test/proxies, test/upgrade). It must not import the product's
// packages, and knows of the programs only that they say "… is ready: ADDRESS"
// and stop well on SIGTERM.
package program

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Server is the path of the built server.
func Server(t *testing.T) string {
	t.Helper()
	return built(t, "bin/overtime", "build")
}

// Example is the path of the built portal of examples/portal.
func Example(t *testing.T) string {
	t.Helper()
	return built(t, "build/portal", "example")
}

// built is the path of a program, from a test in a folder below test.
func built(t *testing.T, path, target string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../..", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the program is not built; run `make %s` first: %v", target, err)
	}
	return path
}

// Process is a program that runs. It is used by the test's goroutine.
type Process struct {
	Address string // where it said that it can be reached

	t   *testing.T
	cmd *exec.Cmd
}

// Start runs a program, which logs to log, and waits until it says where it can
// be reached. The caller stops it.
func Start(t *testing.T, cmd *exec.Cmd, log *Log) *Process {
	t.Helper()
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), " is ready: "); ok {
			return &Process{Address: address, t: t, cmd: cmd}
		}
	}
	_ = cmd.Wait() // the log says why
	t.Fatalf("%s did not start:\n%s", filepath.Base(cmd.Path), log)
	return nil
}

// Run is Start, and a stop when the test ends. If the test failed, it shows the
// log.
func Run(t *testing.T, cmd *exec.Cmd) (address string, log *Log) {
	t.Helper()
	log = &Log{}
	p := Start(t, cmd, log)
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("the log of %s:\n%s", filepath.Base(cmd.Path), log)
		}
	})
	return p.Address, log
}

// Stop asks the program to stop and waits for it.
func (p *Process) Stop() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("%s stopped badly: %v", filepath.Base(p.cmd.Path), err)
	}
}

// Kill ends the program without a chance to say anything.
func (p *Process) Kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait() // "signal: killed"
}

// Log collects what a process, or a page, writes. The zero value is empty. It
// may be used by several goroutines.
type Log struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String is all that was written so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
