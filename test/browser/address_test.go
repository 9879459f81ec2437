package browser

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
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestWithoutHTTPS: off localhost the browser gives no camera; the page says
// why, and lets people in all the same.
func TestWithoutHTTPS(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t, chromedp.Flag("host-resolver-rules", "MAP meet.test 127.0.0.1"))
	r := s.create(60)
	there := strings.Replace(r.Links.Guest, "127.0.0.1", "meet.test", 1)
	jun := c.open("jun", strings.Replace(there, "localhost", "meet.test", 1))
	jun.sees("join")
	jun.reads("secure pages only")
	jun.shoot("lobby-insecure")
	jun.join("Jun")
}

// TestHTTPS: --tls-cert, --tls-key and --rtc-ip.
func TestHTTPS(t *testing.T) {
	sideBySide(t)
	cert, key := certificate(t)
	s := startServer(t, "--tls-cert", cert, "--tls-key", key, "--rtc-ip", "127.0.0.1")
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("the server says it is at %s", s.url)
	}
	c := startChromium(t, chromedp.Flag("ignore-certificate-errors", true))
	maya := c.open("maya", s.url)
	maya.write("meeting-name", "Over TLS")
	maya.press("create-meeting")
	guest := maya.link("guest-link")
	maya.goTo(maya.link("moderator-link"))
	maya.join("Maya")
	jun := c.open("jun", guest)
	jun.join("Jun")
	jun.seesMoving("Maya")
	maya.seesMoving("Jun")
	maya.hearsAndSees(1)
}

// certificate makes a self-signed one for this machine.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	return writePEM(t, folder, "CERTIFICATE", der), writePEM(t, folder, "EC PRIVATE KEY", secret)
}

func writePEM(t *testing.T, folder, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(folder, strings.ReplaceAll(strings.ToLower(kind), " ", "-")+".pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
