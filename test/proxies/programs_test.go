package proxies

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"overtime/test/program"
)

// certificate is one for 127.0.0.1, made for the test.
type certificate struct {
	file, key, both string // paths of PEM files
	pool            *x509.CertPool
}

func makeCertificate(t *testing.T) certificate {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Overtime's tests"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, secret.Public(), secret)
	must(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	must(t, err)
	chain := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	folder := t.TempDir()
	c := certificate{filepath.Join(folder, "cert"), filepath.Join(folder, "key"), filepath.Join(folder, "both"), x509.NewCertPool()}
	for path, text := range map[string]string{c.file: chain, c.key: key, c.both: chain + key} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
	}
	c.pool.AppendCertsFromPEM([]byte(chain))
	return c
}

// startNginx runs Debian's nginx with docs/deploy/nginx.conf, in one process, so
// that all requests share its connections to the server.
func startNginx(t *testing.T, cert certificate, address string, s server) proxy {
	t.Helper()
	folder := t.TempDir()
	site := documented(t, "nginx.conf",
		"listen 443 ssl http2;", "listen "+address+" ssl http2;", "127.0.0.1:8080;", s.address+";", "keepalive 16;", "keepalive 2;",
		"/etc/ssl/meet.example.org.pem", cert.file, "/etc/ssl/private/meet.example.org.key", cert.key)
	config := filepath.Join(folder, "nginx.conf")
	must(t, os.WriteFile(config, []byte(`
		daemon off; master_process off; pid `+folder+`/pid; error_log stderr warn;
		events {}
		http {
			access_log off; default_type text/plain;
			client_body_temp_path `+folder+`/b; proxy_temp_path `+folder+`/p; fastcgi_temp_path `+folder+`/f; uwsgi_temp_path `+folder+`/u; scgi_temp_path `+folder+`/s;
			`+site+`
		}`), 0o600))
	run(t, "nginx", "-p", folder, "-c", config)
	return proxy{address: address, cert: cert, server: s}
}

// startHAProxy runs Debian's HAProxy with docs/deploy/haproxy.cfg and no more than
// six connections to the server, so that those who ask wait for one another's.
func startHAProxy(t *testing.T, cert certificate, address string, s server) proxy {
	t.Helper()
	config := filepath.Join(t.TempDir(), "haproxy.cfg")
	site := documented(t, "haproxy.cfg",
		"bind :443 ", "bind "+address+" ", "/etc/haproxy/meet.example.org.pem", cert.both, "127.0.0.1:8080", s.address+" maxconn 6", "timeout connect 5s", "timeout connect 5s\n    timeout queue 60s")
	must(t, os.WriteFile(config, []byte("global\n    nbthread 1\n\n"+site), 0o600))
	run(t, "haproxy", "-db", "-f", config)
	return proxy{address: address, cert: cert, server: s}
}

// documented is a file of docs/deploy with each value in it that is only an
// example replaced by ours. What is not in it fails the test.
func documented(t *testing.T, name string, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/deploy/" + name)
	must(t, err)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(text), replace[i]) {
			t.Fatalf("docs/deploy/%s does not say %q", name, replace[i])
		}
		text = []byte(strings.ReplaceAll(string(text), replace[i], replace[i+1]))
	}
	return string(text)
}

// run runs a program until the test ends. Debian has both where not everybody's
// PATH leads.
func run(t *testing.T, name string, arguments ...string) {
	t.Helper()
	var log program.Log
	path, err := exec.LookPath(name)
	if err != nil {
		path = "/usr/sbin/" + name
	}
	cmd := exec.Command(path, arguments...)
	cmd.Stderr, cmd.Stdout = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; make tools installs it", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		_ = cmd.Wait()                          // a signal is how it ends
		if t.Failed() {
			t.Logf("%s says:\n%s", name, &log)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
