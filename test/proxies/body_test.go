package proxies

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait; nothing takes so long but a body that pauses.
const patience = 20 * time.Second

// smuggled is the request that nobody may answer.
const smuggled = "GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"

// route is an address, and how it is asked.
type route struct {
	network, address string // of the server
	ask              string // the request line and its headers
	// takesBodies: a body is read there, so that only a broken one is left.
	takesBodies bool
}

// way is how a body is left unread.
type way struct {
	says string // the rest of the header, and the body
	// later is said once the first answer is there: nothing else can be.
	later bool
	// whole: it could be read, where bodies are.
	whole bool
	// status is what a route that takes bodies answers.
	status int
}

var ways = map[string]way{
	"Large":           {says: "Content-Length: 400000\r\n\r\n" + strings.Repeat(" ", 65536), status: 413},
	"LargeAndWhole":   {says: "Content-Length: 400000\r\n\r\n" + strings.Repeat(" ", 400000), status: 413},
	"Small":           {says: "Content-Length: 5\r\n\r\n     ", whole: true},
	"Chunks":          {says: "Transfer-Encoding: chunked\r\n\r\n5\r\n     \r\n0\r\n\r\n", whole: true},
	"BrokenChunk":     {says: "Transfer-Encoding: chunked\r\n\r\nZZ\r\n", status: 400},
	"SecondBroken":    {says: "Transfer-Encoding: chunked\r\n\r\n5\r\n     \r\nZZ\r\n", status: 400},
	"ChunkTooLong":    {says: "Transfer-Encoding: chunked\r\n\r\n5\r\n          \r\n0\r\n\r\n", status: 400},
	"ChunkOverflows":  {says: "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", status: 400},
	"LargeThenBroken": {says: "Transfer-Encoding: chunked\r\n\r\n10400\r\n" + strings.Repeat(" ", 0x10400) + "\r\nZZ\r\n", status: 413},
	"LargeChunks":     {says: "Transfer-Encoding: chunked\r\n\r\n61a80\r\n" + strings.Repeat(" ", 0x61a80) + "\r\n0\r\n\r\n", status: 413},
	"BadTrailer":      {says: "Transfer-Encoding: chunked\r\n\r\n0\r\nno trailer\r\n\r\n", status: 400},
	"Pauses":          {says: "Content-Length: 500\r\n\r\n   ", later: true, status: 408},
	"NoWord":          {says: "Expect: 100-continue\r\nContent-Length: 500\r\n\r\n", later: true, status: 408},
}

// TestUnreadBodies: whatever is left of a body, at whatever address, there is one
// answer and the connection is closed. What follows is no request.
func TestUnreadBodies(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	socket := filepath.Join(s.data, "operator.sock")
	routes := map[string]route{
		"CreateRoom": {ask: "POST /api/v1/rooms", takesBodies: true},
		"BadKey":     {ask: "GET /api/v1/rooms HTTP/1.1\r\nAuthorization: Bearer x:y", takesBodies: true},
		"Delete":     {ask: "DELETE /api/v1/rooms/x", takesBodies: true},
		"BadMethod":  {ask: "PUT /api/v1/rooms", takesBodies: true},
		"NoSuchAPI":  {ask: "GET /api/none", takesBodies: true},
		"Document":   {ask: "GET /api/v1/", takesBodies: true},
		"Home":       {ask: "GET /"},
		"PostHome":   {ask: "POST /"},
		"Room":       {ask: "GET /r/abc"},
		"Frame":      {ask: "GET /embed/abc"},
		"Origin":     {ask: "GET /embed/origin"},
		"Script":     {ask: "GET /embed.js"},
		"File":       {ask: "GET /web/loader.js"},
		"Robots":     {ask: "GET /robots.txt"},
		"Nowhere":    {ask: "GET /nowhere"},
		"Health":     {ask: "GET /healthz"},
		"Readiness":  {ask: "POST /readyz"},
		"Socket":     {ask: "GET /ws"},
		"Upgrade": {ask: "GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
			"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="},
		"Old":            {ask: "GET /healthz HTTP/1.0\r\nConnection: keep-alive"},
		"OperatorCreate": {network: "unix", address: socket, ask: "POST /api/v1/rooms", takesBodies: true},
		"OperatorVerify": {network: "unix", address: socket, ask: "GET /operator/audit"},
		"OperatorNone":   {network: "unix", address: socket, ask: "GET /none", takesBodies: true},
	}
	var all sync.WaitGroup
	for at, r := range routes {
		for how, w := range ways {
			if w.whole && r.takesBodies { // it is read there, and the connection goes on
				continue
			}
			all.Go(func() {
				statuses, closed, err := r.or(s).answers(w)
				switch {
				case err != nil:
					t.Errorf("%s, %s: %v", at, how, err)
				case len(statuses) != 1 || !closed:
					t.Errorf("%s, %s: answered %v; the connection is closed: %v", at, how, statuses, closed)
				case r.takesBodies && w.status != statuses[0]:
					t.Errorf("%s, %s: answered %d, want %d", at, how, statuses[0], w.status)
				case at == "Upgrade" && statuses[0] != http.StatusBadRequest:
					t.Errorf("%s, %s: upgraded, %d", at, how, statuses[0])
				}
			})
		}
	}
	all.Wait()
}

// or is r, at the server's address if it has none.
func (r route) or(s server) route {
	if r.address == "" {
		r.network, r.address = "tcp", s.address
	}
	return r
}

// answers asks, and hides a request in or behind the body. It returns the status
// of each answer, and whether the server closed the connection.
func (r route) answers(w way) (statuses []int, closed bool, err error) {
	c, err := net.Dial(r.network, r.address)
	if err != nil {
		return nil, false, err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	line, rest, more := strings.Cut(r.ask, " HTTP/1")
	if version, headers, _ := strings.Cut(rest, "\r\n"); more {
		line += " HTTP/1" + version + "\r\n" + headers
	} else {
		line += " HTTP/1.1"
	}
	said := line + "\r\nHost: x\r\nContent-Type: application/json\r\n" + w.says
	if !w.later {
		said += smuggled
	}
	go func() { _, _ = io.WriteString(c, said) }() // cut short where the server closes
	for in := bufio.NewReader(c); ; {
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			return statuses, !isTimeout(err), nil
		}
		if answer.StatusCode == http.StatusContinue {
			continue
		}
		statuses = append(statuses, answer.StatusCode)
		if answer.StatusCode == http.StatusSwitchingProtocols {
			return statuses, false, nil
		}
		_, _ = io.Copy(io.Discard, answer.Body) // cut short, it is an answer all the same
		if w.later && len(statuses) == 1 {
			_, _ = fmt.Fprint(c, strings.Repeat(" ", 500), smuggled) // nobody may be there to take it
		}
	}
}

func isTimeout(err error) bool {
	silent, ok := err.(net.Error)
	return ok && silent.Timeout()
}
