package proxies

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"overtime/test/program"
)

// attacks is how many times each way of hiding a request is tried.
const attacks = 60

// TestProxies: behind a proxy that sends everybody's requests down the same
// connections a meeting and the API work, and nobody gets the answer to what
// somebody else hid in a body.
func TestProxies(t *testing.T) {
	for name, start := range map[string]func(*testing.T, certificate, string, server) proxy{"Nginx": startNginx, "HAProxy": startHAProxy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cert := makeCertificate(t)
			address := freeAddress(t)
			s := startServer(t, "--public-url", "https://"+address, "--trusted-proxies", "127.0.0.1")
			p := start(t, cert, address, s)
			p.waitUntilItAnswers(t)
			link := p.createRoom(t)
			stay := p.join(t, link)
			p.checkUpgrades(t)
			p.checkAttacks(t)
			stay()
		})
	}
}

// createRoom makes a room by the API, and returns the guests' link.
func (p proxy) createRoom(t *testing.T) (link string) {
	t.Helper()
	r, err := p.client().Post("https://"+p.address+"/api/v1/rooms", "application/json", strings.NewReader(`{"duration_minutes":60}`))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var room struct{ Links struct{ Guest string } }
	if err := json.NewDecoder(r.Body).Decode(&room); err != nil || r.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %v", r.Status, err)
	}
	if !strings.HasPrefix(room.Links.Guest, "https://"+p.address+"/r/") {
		t.Errorf("the link is %q, and leads elsewhere", room.Links.Guest)
	}
	return room.Links.Guest
}

// join has somebody come in by a link, who must still be there when stay is
// called.
func (p proxy) join(t *testing.T, link string) (stay func()) {
	t.Helper()
	cmd := exec.Command(program.Server(t), "join", link, "--name", "Mina")
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+p.cert.file)
	var trouble program.Log
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var gone atomic.Bool
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 4<<20)
	if !lines.Scan() || !strings.Contains(lines.Text(), `"type":"welcome"`) {
		t.Fatalf("not let in: %s %s", lines.Text(), &trouble)
	}
	done := make(chan error, 1)
	go func() {
		_, _ = io.Copy(io.Discard, out)
		gone.Store(true)
		done <- cmd.Wait()
	}()
	return func() {
		if gone.Load() {
			t.Errorf("the person did not stay: %s", &trouble)
		}
		_ = cmd.Process.Signal(os.Interrupt) // which is to leave
		if err := <-done; err != nil {
			t.Errorf("the person left badly: %v %s", err, &trouble)
		}
	}
}

// checkUpgrades: a page at the public address may connect, others may not.
func (p proxy) checkUpgrades(t *testing.T) {
	t.Helper()
	for page, want := range map[string]int{"https://" + p.address: http.StatusSwitchingProtocols, "https://elsewhere.example": http.StatusForbidden} {
		c := p.dial(t)
		_, _ = fmt.Fprintf(c, "GET /ws HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", p.address, page)
		if r, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || r.StatusCode != want {
			t.Errorf("a page of %s is answered %v, %v, want %d", page, r, err, want)
		}
	}
}

// hidden are requests with another in their bodies, which are whole: a proxy
// passes them on.
func hidden(host string) map[string]string {
	room := `{"duration_minutes":60,"name":"hidden"}`
	inner := fmt.Sprintf("POST /api/v1/rooms HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", host, len(room), room) +
		"GET /robots.txt HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
	large := strings.Repeat(" ", 65536) + inner
	large += strings.Repeat(" ", 400000-len(large))
	post := "POST /api/v1/rooms HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\n"
	return map[string]string{
		"Large":  post + "Content-Length: 400000\r\n\r\n" + large,
		"Chunks": post + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(large), large),
		"Page":   "GET /healthz HTTP/1.1\r\nHost: " + host + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"Socket": "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
			fmt.Sprintf("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"Broken": post + "Transfer-Encoding: chunked\r\n\r\n5\r\n     \r\nZZ\r\n" + inner,
	}
}

// checkAttacks attacks beside victims, each of whom asks for one thing and must
// get that.
func (p proxy) checkAttacks(t *testing.T) {
	t.Helper()
	stop := make(chan struct{})
	var asked, foreign atomic.Int64
	var victims, attackers sync.WaitGroup
	for range 4 {
		victims.Go(func() {
			for client := p.client(); ; asked.Add(1) {
				select {
				case <-stop:
					return
				default:
				}
				if text, status, err := p.get(client, "/healthz"); err == nil && (text != "ok\n" || status != http.StatusOK) {
					foreign.Add(1)
					t.Errorf("somebody who asked for /healthz got %d %.100q", status, text)
				} else if err != nil {
					t.Errorf("somebody who asked for /healthz got nothing: %v", err)
				}
			}
		})
	}
	for way, text := range hidden(p.address) {
		attackers.Go(func() {
			for range attacks {
				c := p.dial(t)
				_, _ = io.WriteString(c, text)
				_ = c.SetReadDeadline(time.Now().Add(patience))
				if r, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil && r.StatusCode < http.StatusBadRequest && way != "Page" {
					t.Errorf("%s was answered %s", way, r.Status)
				}
				_ = c.Close()
			}
		})
	}
	attackers.Wait()
	close(stop)
	victims.Wait()
	t.Logf("%d requests beside %d attacks, %d foreign answers", asked.Load(), attacks*len(hidden("")), foreign.Load())
	if asked.Load() < 100 {
		t.Errorf("only %d requests were made beside the attacks", asked.Load())
	}
	if text := p.server.rooms(t); strings.Contains(text, "hidden") {
		t.Errorf("a request that was hidden in a body was carried out: %s", text)
	}
}

// proxy is one in front of a server.
type proxy struct {
	address string // host:port
	cert    certificate
	server  server // behind it
}

// client is somebody's browser, which keeps its connections.
func (p proxy) client() *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.cert.pool}}}
}

func (p proxy) get(client *http.Client, path string) (text string, status int, err error) {
	r, err := client.Get("https://" + p.address + path)
	if err != nil {
		return "", 0, err
	}
	defer r.Body.Close()
	var all bytes.Buffer
	_, err = all.ReadFrom(r.Body)
	return all.String(), r.StatusCode, err
}

// dial is a connection to say anything on, until the test ends.
func (p proxy) dial(t *testing.T) net.Conn {
	c, err := tls.Dial("tcp", p.address, &tls.Config{RootCAs: p.cert.pool})
	if err != nil {
		t.Errorf("the proxy cannot be reached: %v", err)
		closed, _ := net.Pipe()
		_ = closed.Close()
		return closed
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (p proxy) waitUntilItAnswers(t *testing.T) {
	t.Helper()
	late, again := time.After(patience), time.NewTicker(20*time.Millisecond)
	defer again.Stop()
	for client := p.client(); ; {
		if _, status, err := p.get(client, "/healthz"); err == nil && status == http.StatusOK {
			return
		}
		select {
		case <-again.C:
		case <-late:
			t.Fatal("the proxy does not answer")
		}
	}
}
