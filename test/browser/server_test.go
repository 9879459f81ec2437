package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"overtime/test/program"
)

// server is one running process of the product.
type server struct {
	t    *testing.T
	url  string
	args []string
	log  *program.Log

	process *program.Process // nil while it does not run
}

// startServer runs the server on a free port with its own data folder until
// the test ends. args come last and win.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{t: t, log: &program.Log{}, args: append([]string{
		"--addr", "127.0.0.1:0", "--rtc-port", "0", "--data", t.TempDir(),
	}, args...)}
	s.start()
	t.Cleanup(func() {
		if s.process != nil {
			s.stop()
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	return s
}

// start runs the process.
func (s *server) start() {
	s.t.Helper()
	s.process = program.Start(s.t, exec.Command(program.Server(s.t), s.args...), s.log)
	s.url = s.process.Address
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
	p := s.process
	s.process = nil
	p.Stop()
}

// kill ends the process without a chance to say anything.
func (s *server) kill() {
	s.t.Helper()
	s.process.Kill()
	s.process = nil
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
