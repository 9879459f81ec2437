package sfu

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/logging"
)

const (
	// Browsers give up on a line after some tens of seconds; an ICE restart must find
	// the server's side still there but known to be broken.
	iceDisconnectedTimeout = 10 * time.Second
	iceFailedTimeout       = 5 * time.Second
	iceKeepAlive           = 2 * time.Second

	// One socket serves everybody; a key frame to many seats is a burst.
	udpBuffer = 4 << 20

	// What may wait for one slow TCP receiver, in bytes: beyond that packets are dropped,
	// as on a UDP line. It is two seconds at 1 Mbit/s; more would only be late.
	tcpBuffer = 256 << 10
	// A TCP connection must show that it is ICE, and belong to somebody, within this.
	tcpPatience = 5 * time.Second
	// Unproven is the longest that a TCP connection lives that belongs to nobody.
	Unproven = 2 * tcpPatience

	// After a connection could not be taken (mostly for want of file descriptors)
	// the next is tried this much later.
	acceptPause = 100 * time.Millisecond
)

// transport is the one port: a UDP socket and a TCP listener with the same number,
// each shared by all connections through ICE's user names (RFC 8445 section 7.2).
//
// The addresses that browsers are told are written into the answer by us. Pion is
// made to believe in a single local address, the anchor: it would make a
// candidate and a goroutine for every address and answer with duplicates.
type transport struct {
	port   int
	anchor net.IP
	hosts  []net.IP // in the answer
	udp    *oneAddressMux
	tcp    *boundedTCP
}

func openTransport(cfg Config, logs logging.LoggerFactory) (*transport, error) {
	bind := net.IPv4zero
	if cfg.Host != "" {
		addr, err := net.ResolveIPAddr("ip4", cfg.Host)
		if err != nil {
			return nil, fmt.Errorf("sfu: address to bind: %w", err)
		}
		bind = addr.IP.To4()
	}
	local, err := machineAddresses()
	if err != nil {
		return nil, fmt.Errorf("sfu: addresses of this machine: %w", err)
	}
	if !bind.IsUnspecified() {
		local = []net.IP{bind}
	}
	if len(local) == 0 {
		return nil, errors.New("sfu: this machine has no IPv4 address")
	}
	hosts, err := advertised(cfg.Advertise, local)
	if err != nil {
		return nil, err
	}
	udp, tcp, err := bindBoth(bind, cfg.Port)
	if err != nil {
		return nil, err
	}
	var listener net.Listener = tcp
	if cfg.Guard != nil {
		listener = cfg.Guard(tcp)
	}
	// Loopback, the last of the list, is the one address that does not come and go.
	t := &transport{port: tcp.Addr().(*net.TCPAddr).Port, anchor: local[len(local)-1], hosts: hosts}
	checks := newCheckpoint(udp)
	t.udp = &oneAddressMux{
		UDPMuxDefault: ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: checks, Logger: logs.NewLogger("udp")}),
		checkpoint:    checks,
		addr:          &net.UDPAddr{IP: t.anchor, Port: t.port},
	}
	one := newOneAddressListener(listener, &net.TCPAddr{IP: t.anchor, Port: t.port})
	t.tcp = &boundedTCP{listener: one, TCPMuxDefault: ice.NewTCPMuxDefault(ice.TCPMuxParams{
		Listener:                     one,
		Logger:                       logs.NewLogger("tcp"),
		ReadBufferSize:               64,
		WriteBufferSize:              tcpBuffer,
		FirstStunBindTimeout:         tcpPatience,
		AliveDurationForConnFromStun: tcpPatience,
	})}
	return t, nil
}

func (t *transport) close() error { return errors.Join(t.tcp.Close(), t.udp.Close()) }

// bindBoth binds UDP and TCP to one number. If any will do, it tries some.
func bindBoth(ip net.IP, port int) (*net.UDPConn, *net.TCPListener, error) {
	attempts := 1
	if port == 0 {
		attempts = 50
	}
	var err error
	for range attempts {
		var tcp *net.TCPListener
		if tcp, err = net.ListenTCP("tcp4", &net.TCPAddr{IP: ip, Port: port}); err != nil {
			continue
		}
		var udp *net.UDPConn
		number := tcp.Addr().(*net.TCPAddr).Port
		if udp, err = net.ListenUDP("udp4", &net.UDPAddr{IP: ip, Port: number}); err == nil {
			// The kernel may grant less; that is no reason not to run.
			_ = udp.SetReadBuffer(udpBuffer)
			_ = udp.SetWriteBuffer(udpBuffer)
			return udp, tcp, nil
		}
		_ = tcp.Close()
	}
	return nil, nil, fmt.Errorf("%w %d: %w; is another program using it? Give the media another port", ErrBind, port, err)
}

// machineAddresses lists the IPv4 addresses of all interfaces that are up, loopback last.
func machineAddresses() ([]net.IP, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var ips, loopback []net.IP
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue // the interface went away
		}
		for _, a := range addrs {
			n, ok := a.(*net.IPNet)
			switch {
			case !ok || n.IP.To4() == nil:
			case n.IP.IsLoopback():
				loopback = append(loopback, n.IP.To4())
			default:
				ips = append(ips, n.IP.To4())
			}
		}
	}
	return append(ips, loopback...), nil
}

func advertised(names []string, local []net.IP) ([]net.IP, error) {
	if len(names) == 0 {
		return local, nil
	}
	var ips []net.IP
	for _, name := range names {
		ip := net.ParseIP(name).To4()
		if ip == nil {
			return nil, fmt.Errorf("sfu: %q is no IPv4 address to advertise", name)
		}
		ips = append(ips, ip)
	}
	return ips, nil
}

// candidates gives the values of the answer's candidate lines (RFC 8839 section 5.1):
// host candidates of component 1, UDP before TCP (RFC 6544).
func (t *transport) candidates() []string {
	var lines []string
	for i, ip := range t.hosts {
		// Type preference 126 for UDP and 90 for TCP; then the order of the list, and
		// for TCP the direction preference of a passive candidate (RFC 6544 section 4.2).
		udp := 126<<24 | (65535-i)<<8 | 255
		tcp := 90<<24 | (4<<13|(8191-i))<<8 | 255
		lines = append(lines,
			"u"+strconv.Itoa(i)+" 1 udp "+strconv.Itoa(udp)+" "+ip.String()+" "+strconv.Itoa(t.port)+" typ host",
			"t"+strconv.Itoa(i)+" 1 tcp "+strconv.Itoa(tcp)+" "+ip.String()+" "+strconv.Itoa(t.port)+" typ host tcptype passive")
	}
	return lines
}

// oneAddressMux tells pion that the socket has a single address.
type oneAddressMux struct {
	*ice.UDPMuxDefault
	checkpoint *checkpoint
	addr       *net.UDPAddr
}

func (m *oneAddressMux) GetListenAddresses() []net.Addr { return []net.Addr{m.addr} }
