package httpd_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"overtime/internal/httpd"
	"overtime/internal/throttle"
)

// addressed is a connection from an address.
type addressed struct {
	net.Conn
	from net.Addr
}

func (a addressed) RemoteAddr() net.Addr { return a.from }

// addressedListener is one whose connections come from whatever address they are
// said to.
type addressedListener struct {
	net.Listener
	from chan net.Addr
}

func (l addressedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return addressed{c, <-l.from}, nil
}

// dialFrom comes from an address; one call after the other.
func (l addressedListener) dialFrom(t *testing.T, ip string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	l.from <- &net.TCPAddr{IP: net.ParseIP(ip), Port: 1}
	return c
}

// askOn asks for / and returns the answer; nil if there is none.
func askOn(c net.Conn) *http.Response {
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return nil
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return nil
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return r
}

// TestPlaces: a connection that is not used makes room, and whoever finds none is
// told so, with TLS as well.
func TestPlaces(t *testing.T) {
	cert, key, roots := mustCertificate(t)
	for name, secure := range map[string]bool{"Plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			port, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			l := addressedListener{port, make(chan net.Addr)}
			door := throttle.Proxies{}.Listen(l, throttle.Connections{All: 4, Each: 3}, slog.New(slog.DiscardHandler))
			waits, blocked := make(chan struct{}), make(chan struct{})
			h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/wait" {
					waits <- struct{}{}
					<-blocked
				}
			})
			with, secret := cert, key
			if !secure {
				with, secret = "", ""
			}
			running := httpd.Run(door, h, with, secret, slog.New(slog.DiscardHandler))
			come := func(ip string) net.Conn {
				c := l.dialFrom(t, ip)
				if secure {
					c = tls.Client(c, &tls.Config{RootCAs: roots, ServerName: "meet.example"})
				}
				return c
			}
			mustAnswer := func(c net.Conn, status int) {
				t.Helper()
				r := askOn(c)
				if r == nil || r.StatusCode != status || (r.Header.Get("Retry-After") == "") != (status == http.StatusOK) {
					t.Errorf("answered %+v, want %d", r, status)
				}
			}
			idle := come("203.0.113.7")
			mustAnswer(idle, http.StatusOK)
			comeToWait := func() {
				c := come("203.0.113.7")
				go func() { _, _ = io.WriteString(c, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n") }()
				<-waits
			}
			comeToWait()
			comeToWait()
			mustAnswer(come("203.0.113.8"), http.StatusOK)
			mustAnswer(come("203.0.113.9"), http.StatusOK) // all are there
			if r := askOn(idle); r != nil {
				t.Errorf("the idle connection was not closed: %v", r.Status)
			}
			mustAnswer(come("203.0.113.7"), http.StatusServiceUnavailable) // who has most, and uses all
			close(blocked)
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // nobody reads what was waited for
			_ = running.Stop(ctx)
		})
	}
}

// mustCertificate makes one, in files.
func mustCertificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"meet.example"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, secret.Public(), secret)
	must(err)
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	must(err)
	folder := t.TempDir()
	write := func(name, kind string, content []byte) string {
		path := filepath.Join(folder, name)
		must(os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600))
		return path
	}
	parsed, err := x509.ParseCertificate(der)
	must(err)
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return write("cert", "CERTIFICATE", der), write("key", "PRIVATE KEY", private), roots
}
