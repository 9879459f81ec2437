//go:build upgrade

package upgrade_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"overtime/internal/testkit"
	"overtime/test/program"
)

// version is a server, as `make upgrade` builds it.
type version struct{ name, path string }

type versions struct{ previous, current version }

func mustBuilt(t *testing.T) versions {
	t.Helper()
	v := versions{
		previous: version{"the previous version", os.Getenv("UPGRADE_PREVIOUS")},
		current:  version{"this version", os.Getenv("UPGRADE_CURRENT")},
	}
	for _, built := range []version{v.previous, v.current} {
		if _, err := os.Stat(built.path); err != nil {
			t.Fatalf("%s is not built; run `make upgrade`: %v", built.name, err)
		}
	}
	return v
}

// server is one process after the other, of either version, on one data folder
// and one address.
type server struct {
	t       *testing.T
	folder  string
	address string
	log     *program.Log

	process *program.Process // nil while nothing runs
	last    version          // which ran last
}

func newServer(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // the address is for the servers
	s := &server{t: t, folder: t.TempDir(), address: l.Addr().String(), log: &program.Log{}}
	t.Cleanup(func() {
		if s.process != nil {
			s.stop()
		}
		if t.Failed() {
			t.Logf("what the servers logged:\n%s", s.log)
		}
	})
	return s
}

// start runs a version until it is ready. Whoever goes back is shown the way by the
// version that they leave, and gets nowhere without.
func (s *server) start(v, current version) {
	s.t.Helper()
	if v != current && s.last == current {
		s.mustNotStart(v)
		out, err := exec.Command(current.path, "downgrade", "--data", s.folder).CombinedOutput()
		if err != nil {
			s.t.Fatalf("there is no way back: %v\n%s", err, out)
		}
		s.t.Logf("%s", out)
	}
	s.last = v
	begun := time.Now()
	s.process = program.Start(s.t, exec.Command(v.path,
		"--addr", s.address, "--rtc-port", "0", "--data", s.folder, "--minute", minute.String()), s.log)
	s.t.Logf("figure: %s is ready %d ms after its start", v.name, time.Since(begun).Milliseconds())
}

// mustNotStart shows that a version refuses a folder whose rooms it would not find.
func (s *server) mustNotStart(v version) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), testkit.Patience) // it would serve
	defer cancel()
	out, err := exec.CommandContext(ctx, v.path, "--addr", s.address, "--rtc-port", "0", "--data", s.folder).CombinedOutput()
	if err == nil || ctx.Err() != nil || !strings.Contains(string(out), "overlap") {
		s.t.Fatalf("%s starts on what it cannot read: %v\n%s", v.name, err, out)
	}
}

// stop asks the process to stop, as an upgrade does.
func (s *server) stop() {
	s.t.Helper()
	p := s.process
	s.process = nil
	p.Stop()
}

// room is a meeting that was made.
type room struct {
	ID    string `json:"id"`
	Links struct {
		Moderator string `json:"moderator"`
		Guest     string `json:"guest"`
	} `json:"links"`
}

func (s *server) create() (r room) {
	s.t.Helper()
	res, err := http.Post("http://"+s.address+"/api/v1/rooms", "application/json", strings.NewReader(`{"name":"Weekly review","duration_minutes":12}`))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil || res.StatusCode != http.StatusCreated {
		s.t.Fatalf("making a room: %s, %v", res.Status, err)
	}
	return r
}

// people waits for all of them, who act at once.
func people(all ...func()) {
	var acting sync.WaitGroup
	for _, act := range all {
		acting.Go(act)
	}
	acting.Wait()
}
