package httpd_test

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/httpd"
)

// pipes is a listener whose connections have no system below them, so that time
// may pass as a test likes.
type pipes struct {
	calls  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{calls: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error { p.once.Do(func() { close(p.closed) }); return nil }
func (*pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.calls <- theirs
	return ours
}

// answersTo is the status of each answer to what is said on one connection, and
// whether the connection was closed after the last.
func (p *pipes) answersTo(t *testing.T, said string) (statuses []int, closed bool) {
	t.Helper()
	c := p.dial()
	defer c.Close()
	go func() { _, _ = io.WriteString(c, said) }() // cut short where the server closes
	for in := bufio.NewReader(c); ; {
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
		r, err := http.ReadResponse(in, nil)
		var silent net.Error
		switch {
		case errors.As(err, &silent) && silent.Timeout():
			return statuses, false
		case err != nil:
			return statuses, true
		}
		_, _ = io.Copy(io.Discard, r.Body) // it is the next answer that counts
		if r.StatusCode != http.StatusContinue {
			statuses = append(statuses, r.StatusCode)
		}
	}
}

// TestUnreadBody: whatever a handler leaves of a body, nothing in or behind it is
// taken for a request.
func TestUnreadBody(t *testing.T) {
	const second = "GET /second HTTP/1.1\r\nHost: x\r\n\r\n"
	handlers := map[string]http.HandlerFunc{
		"ReadsNothing": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
		"SaysNothing":  func(http.ResponseWriter, *http.Request) {},
		"ReadsALittle": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadFull(r.Body, make([]byte, 5))
			_, _ = io.WriteString(w, "enough")
		},
		"ClosesItEarly": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadFull(r.Body, make([]byte, 5))
			_ = r.Body.Close()
			_, _ = io.WriteString(w, "enough")
		},
		"ReadsBehindAWrapper": func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, 5) // in the request it was given, as careless handlers do
			_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 5))
			_ = r.Body.Close()
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		},
		"Panics": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	for name, h := range handlers {
		for way, body := range map[string]string{
			"Short":        "Content-Length: 50\r\n\r\n" + strings.Repeat(" ", 50),
			"Long":         "Content-Length: 400000\r\n\r\n" + strings.Repeat(" ", 1000),
			"Whole":        "Content-Length: 400000\r\n\r\n" + strings.Repeat(" ", 400000),
			"Chunks":       "Transfer-Encoding: chunked\r\n\r\n6\r\n      \r\n0\r\n\r\n",
			"BrokenChunk":  "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
			"LaterBroken":  "Transfer-Encoding: chunked\r\n\r\n6\r\n      \r\nZZ\r\n",
			"WaitsForWord": "Expect: 100-continue\r\nContent-Length: 50\r\n\r\n",
		} {
			t.Run(name+way, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := newPipes()
					seen := make(chan string, 10)
					running := httpd.Run(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						seen <- r.URL.Path
						if r.URL.Path == "/first" {
							h(w, r)
						}
					}), "", "", slog.New(slog.DiscardHandler))
					statuses, closed := l.answersTo(t, "POST /first HTTP/1.1\r\nHost: x\r\n"+body+second)
					if len(statuses) > 1 || !closed || len(seen) > 1 {
						t.Errorf("answered %v, closed %v, %d requests", statuses, closed, len(seen))
					}
					_ = running.Stop(t.Context())
				})
			})
		}
	}
}

// TestReadBody: after a body that was read to its end the connection goes on.
func TestReadBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		running := httpd.Run(l, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
		}), "", "", slog.New(slog.DiscardHandler))
		statuses, _ := l.answersTo(t, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"+
			"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"+"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if len(statuses) != 3 {
			t.Errorf("answered %v", statuses)
		}
		_ = running.Stop(t.Context())
	})
}

// TestServerWide: what is asked of the server and of no address goes by the same
// rules. (net/http would answer it by itself, and know of no body in HTTP/1.0.)
func TestServerWide(t *testing.T) {
	const hidden = "GET /second HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, said := range map[string]string{
		"Old": "OPTIONS * HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + hidden,
		"New": "OPTIONS * HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + strings.Repeat(" ", 4990) + hidden,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newPipes()
				seen := make(chan string, 10)
				running := httpd.Run(l, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r.URL.Path }), "", "", slog.New(slog.DiscardHandler))
				if statuses, closed := l.answersTo(t, said); len(statuses) != 1 || !closed || len(seen) > 1 {
					t.Errorf("answered %v, closed %v, %d requests", statuses, closed, len(seen))
				}
				_ = running.Stop(t.Context())
			})
		})
	}
}
