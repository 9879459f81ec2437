package sfu

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// oneAddressListener tells pion that its socket has a single address, by which it sorts
// connections. It is also tougher: pion stops to listen at the first error, whatever it is.
// It knows the connections that are open, so that one can be closed by its address.
type oneAddressListener struct {
	net.Listener
	addr *net.TCPAddr

	mu   sync.Mutex // leaf
	open map[netip.AddrPort]*oneAddressConn
}

func newOneAddressListener(l net.Listener, addr *net.TCPAddr) *oneAddressListener {
	return &oneAddressListener{Listener: l, addr: addr, open: map[netip.AddrPort]*oneAddressConn{}}
}

func (l *oneAddressListener) Addr() net.Addr { return l.addr }

func (l *oneAddressListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			return l.opened(c), nil
		case errors.Is(err, net.ErrClosed):
			return nil, err
		}
		time.Sleep(acceptPause)
	}
}

func (l *oneAddressListener) opened(c net.Conn) *oneAddressConn {
	one := &oneAddressConn{Conn: c, addr: l.addr, place: addrPort(c.RemoteAddr())}
	one.closed = func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.open[one.place] == one {
			delete(l.open, one.place)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[one.place] = one
	return one
}

// hangUp closes the connection from an address.
func (l *oneAddressListener) hangUp(place netip.AddrPort) {
	l.mu.Lock()
	c := l.open[place]
	l.mu.Unlock()
	if c != nil {
		_ = c.Close()
	}
}

// oneAddressConn is a TCP connection that ends when nothing comes over it.
type oneAddressConn struct {
	net.Conn
	addr   *net.TCPAddr
	place  netip.AddrPort
	closed func()

	proven  atomic.Bool // pion has lifted its own deadline
	renewed time.Time   // when ours was set; only its one reader touches this
}

func (c *oneAddressConn) LocalAddr() net.Addr { return c.addr }

// SetReadDeadline is called by pion, with one for the first packet and with none after it.
func (c *oneAddressConn) SetReadDeadline(t time.Time) error {
	c.proven.Store(t.IsZero())
	return c.Conn.SetReadDeadline(t)
}

func (c *oneAddressConn) Read(b []byte) (int, error) {
	if c.proven.Load() {
		if now := time.Now(); now.Sub(c.renewed) > tcpSilence/4 {
			c.renewed = now
			if err := c.Conn.SetReadDeadline(now.Add(tcpSilence)); err != nil {
				return 0, err
			}
		}
	}
	return c.Conn.Read(b)
}

func (c *oneAddressConn) Close() error {
	c.closed()
	return c.Conn.Close()
}
