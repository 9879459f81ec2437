package webhook_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"overtime/internal/webhook"
)

// TestGuard: which addresses are connected to. The edges of each network, both
// sides.
func TestGuard(t *testing.T) {
	never, ifAllowed, always := [2]bool{false, false}, [2]bool{false, true}, [2]bool{true, true}
	for addresses, want := range map[string][2]bool{
		"0.0.0.0 0.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255 192.0.0.0 192.0.0.255 192.0.2.1 192.88.99.1":                                          never,
		"198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255":                                                 never,
		"[::] [::7f00:1] [100::1] [fe80::1] [fe80::1%lo] [fec0::1] [ff02::1] [2001::1] [2001:1ff:ffff::1] [2001:db8::1]":                                         never,
		"[2002:7f00:1::] [2002:808:808::] [3fff::1] [4000::1] [5f00::1] [64:ff9b:1::1] [64:ff9b::a9fe:a9fe] [64:ff9b::]":                                         never,
		"[::ffff:0.0.0.0] [::ffff:169.254.169.254] [::ffff:255.255.255.255]":                                                                                     never,
		"168.63.129.16 100.100.100.200 [::ffff:168.63.129.16] [::ffff:100.100.100.200] [64:ff9b::6464:64c8] [64:ff9b::a83f:8110]":                                never,
		"[fd00:ec2::254] [fd00:ec2::23] [fd00:c1::a9fe:a9fe] [fd00:42::42] [fd00:a9fe:a9fe::1] [fd20:ce::254]":                                                   never,
		"10.0.0.0 10.255.255.255 100.64.0.0 100.100.100.199 100.100.100.201 100.127.255.255 127.0.0.1 127.255.255.255 172.16.0.0 172.31.255.255 192.168.1.1":     ifAllowed,
		"[::1] [::1%lo] [fc00::1] [fd00:ec1::254] [fd00:ec3::1] [fd00::254] [fdff::1] [::ffff:127.0.0.1] [::ffff:10.0.0.1] [64:ff9b::7f00:1] [64:ff9b::808:808]": ifAllowed,
		"1.1.1.1 168.63.129.15 168.63.129.17 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 172.15.255.255 172.32.0.0":              always,
		"192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 [::ffff:1.1.1.1] [2606:4700::1] [2a00::1]":                                        always,
	} {
		for _, address := range strings.Fields(addresses) {
			for i, allowed := range []bool{false, true} {
				if err := webhook.Guard(allowed)("tcp", address+":443", nil); (err == nil) != want[i] {
					t.Errorf("%s, private allowed %v: %v", address, allowed, err)
				}
			}
		}
	}
	if err := webhook.Guard(true)("unix", "/run/x", nil); err == nil {
		t.Error("something that is no address is connected to")
	}
}

// TestNamesCannotLeadAstray: a public name that leads to this machine is not
// connected to, and works as soon as it leads elsewhere.
func TestNamesCannotLeadAstray(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	var connections atomic.Int32
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ConnState = func(net.Conn, http.ConnState) { connections.Add(1) }
	srv.TLS = &tls.Config{}
	srv.StartTLS()
	defer srv.Close()
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	w := openWith(t, b.JetStream(), "https://portal.example.org:"+port+"/ "+secretA, func(cfg *webhook.Config) {
		cfg.AllowPrivate, cfg.Resolver = false, resolver(t, netip.MustParseAddr("127.0.0.1"))
	})
	waiting, _ := block(w)
	w.deliver()
	w.put("aaa", 1, 1)
	receive(t, waiting)
	if text := w.log.String(); !strings.Contains(text, "127.0.0.1 is in a private network; allow private endpoints if that is meant") {
		t.Errorf("logged %s", text)
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

// TestResolver is the other side of it: the same name and resolver do lead to
// this machine where that is allowed.
func TestResolver(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	_, port, err := net.SplitHostPort(p.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	w := openWith(t, b.JetStream(), "http://portal.internal:"+port+"/ "+secretA, func(cfg *webhook.Config) {
		cfg.Resolver = resolver(t, netip.MustParseAddr("127.0.0.1"))
	})
	w.deliver()
	w.put("aaa", 1, 1)
	p.mustTake(t, "aaa-1")
}

// resolver finds one address for every name. It asks a server that is at the
// other end of a pipe, in the way of DNS over TCP (RFC 1035 section 4.2.2).
func resolver(t *testing.T, a netip.Addr) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			_ = theirs.SetDeadline(time.Now().Add(patience))
			var size uint16
			if binary.Read(theirs, binary.BigEndian, &size) != nil {
				return
			}
			question := make([]byte, size)
			if _, err := io.ReadFull(theirs, question); err != nil {
				t.Error(err)
				return
			}
			answer, err := answerTo(question, a)
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = theirs.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
		}()
		return ours, nil
	}}
}

func answerTo(question []byte, a netip.Addr) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
			Body:   &dnsmessage.AResource{A: a.As4()},
		}}
	}
	return m.Pack()
}
