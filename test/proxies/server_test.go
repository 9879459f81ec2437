package proxies

import (
	"net"
	"os/exec"
	"testing"

	"overtime/test/program"
)

// server is one that runs until the test ends.
type server struct {
	address string // host:port
	data    string // its folder
	log     *program.Log
}

func startServer(t *testing.T, flags ...string) server {
	t.Helper()
	s := server{address: freeAddress(t), data: t.TempDir()}
	_, s.log = program.Run(t, exec.Command(program.Server(t), append([]string{"--addr", s.address, "--rtc-port", "0", "--data", s.data}, flags...)...))
	return s
}

// rooms is what the operator is told of all rooms.
func (s server) rooms(t *testing.T) string {
	t.Helper()
	text, err := exec.Command(program.Server(t), "room", "list", "--data", s.data).CombinedOutput()
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
