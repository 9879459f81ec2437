package edge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/edge"
	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// wayTo is a request as it arrives behind what stands in front of the server.
type wayTo struct{ host, page, upgrade string }

// tried is what an edge says of a page that tried to connect, and then asked why
// it could not.
func tried(t *testing.T, e *edge.Edge, w wayTo) (status int, why protocol.Reach) {
	t.Helper()
	at := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080})
	r := httptest.NewRequestWithContext(at, http.MethodGet, "http://"+w.host+"/ws", nil)
	r.Header.Set("Origin", w.page)
	r.Header.Set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")
	r.Header.Set("Sec-WebSocket-Version", "13")
	if w.upgrade != "" {
		r.Header.Set("Upgrade", w.upgrade)
	}
	socket := httptest.NewRecorder()
	e.ServeHTTP(socket, r)
	r = httptest.NewRequestWithContext(at, http.MethodPost, "http://"+w.host+protocol.ReachPath, strings.NewReader("{}"))
	r.Header.Set("Origin", w.page)
	answer := httptest.NewRecorder()
	e.Reach().ServeHTTP(answer, r)
	if err := json.Unmarshal(answer.Body.Bytes(), &why); err != nil {
		t.Errorf("%+v: %d %s", w, answer.Code, answer.Body)
	}
	return socket.Code, why
}

// TestReach: a page that cannot connect is told why, and the log says it once a
// minute.
func TestReach(t *testing.T) {
	const public = "https://meet.example"
	for name, c := range map[string]struct {
		origins []string
		way     wayTo
		status  int
		want    protocol.Reach
		says    string
	}{
		"WrongAddress": {
			[]string{public}, wayTo{host: "10.0.0.5:8080", page: "http://10.0.0.5:8080", upgrade: "websocket"},
			http.StatusForbidden, protocol.Reach{Problem: protocol.WrongAddress, Open: public}, "--public-url",
		},
		"NameThatAnybodyMayHaveLedHere": {
			nil, wayTo{host: "evil.com:8080", page: "http://evil.com:8080", upgrade: "websocket"},
			http.StatusForbidden, protocol.Reach{Problem: protocol.UnknownName}, "have it started with --public-url",
		},
		"HostIsLost": {
			nil, wayTo{host: "127.0.0.1:8080", page: public, upgrade: "websocket"},
			http.StatusForbidden, protocol.Reach{Problem: protocol.ProxyProblem}, "keep the Host header",
		},
		"BothAreLost": {
			nil, wayTo{host: "127.0.0.1:8080", page: public},
			http.StatusForbidden, protocol.Reach{Problem: protocol.ProxyProblem}, "keep the Host header",
		},
		"UpgradeIsLost": {
			nil, wayTo{host: "meet.example", page: public},
			http.StatusUpgradeRequired, protocol.Reach{Problem: protocol.ProxyProblem}, "pass Upgrade and Connection on",
		},
		"UpgradeIsLostAtThePublicAddress": {
			[]string{public}, wayTo{host: "127.0.0.1:8080", page: public},
			http.StatusUpgradeRequired, protocol.Reach{Problem: protocol.ProxyProblem}, "pass Upgrade and Connection on",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				e := edge.New(edge.Config{Limits: throttle.Default, Origins: c.origins, Logger: slog.New(slog.NewTextHandler(&log, nil))})
				for range 20 {
					if status, why := tried(t, e, c.way); status != c.status || why != c.want {
						t.Fatalf("the WebSocket is answered %d and the page %+v, want %d and %+v", status, why, c.status, c.want)
					}
				}
				if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, c.says) || !strings.Contains(text, c.way.page) {
					t.Errorf("the log says:\n%s", text)
				}
				time.Sleep(time.Minute) // of the test's own time
				tried(t, e, c.way)
				if text := log.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, "others_meanwhile=19") {
					t.Errorf("a minute later the log says:\n%s", text)
				}
			})
		})
	}
}

// TestReachWell: a page that may connect is told nothing, also after somebody else's
// proxy left something out.
func TestReachWell(t *testing.T) {
	e := edge.New(edge.Config{Limits: throttle.Default, Logger: slog.New(slog.DiscardHandler)})
	other := httptest.NewRequest(http.MethodGet, "http://meet.example/ws", nil)
	other.RemoteAddr = "203.0.113.7:1"
	other.Header.Set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")
	e.ServeHTTP(httptest.NewRecorder(), other)
	if _, why := tried(t, e, wayTo{host: "meet.example", page: "https://meet.example", upgrade: "websocket"}); why != (protocol.Reach{}) {
		t.Errorf("told %+v", why)
	}
	e.Drain(t.Context(), 0)
	answer := httptest.NewRecorder()
	e.Reach().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "http://meet.example/reach", nil))
	if answer.Code != http.StatusServiceUnavailable {
		t.Errorf("a server that stops says %d", answer.Code)
	}
}
