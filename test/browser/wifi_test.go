package browser

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

// wifi is the network between one browser and the server: TCP for the page and
// its socket, UDP for sound and pictures. It can fail.
type wifi struct {
	t      *testing.T
	server string // host and port
	tcp    net.Listener
	udp    *net.UDPConn

	mu      sync.Mutex // guards what follows
	passing *sync.Cond // of mu: blocked has changed, or all is over
	blocked bool
	over    bool
	lines   map[net.Conn]bool               // both ends of each TCP connection
	ways    map[netip.AddrPort]*net.UDPConn // to the server, by the browser's address
	media   netip.AddrPort                  // the server's port, once learned
}

// newWifi is a network that works, until the test ends. The server has to
// advertise 127.0.0.1 for media.
func newWifi(t *testing.T, s *server) *wifi {
	t.Helper()
	w := &wifi{t: t, server: strings.TrimPrefix(s.url, "http://"), lines: map[net.Conn]bool{}, ways: map[netip.AddrPort]*net.UDPConn{}}
	w.passing = sync.NewCond(&w.mu)
	var err error
	if w.tcp, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if w.udp, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0"))); err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(w.accept)
	running.Go(w.relay)
	t.Cleanup(func() {
		w.mu.Lock()
		w.over = true
		w.mu.Unlock()
		w.passing.Broadcast()
		_, _ = w.tcp.Close(), w.udp.Close()
		w.hangUp()
		w.move()
		running.Wait()
	})
	return w
}

// through is a link that leads over the network.
func (w *wifi) through(link string) string {
	return strings.Replace(link, w.server, fmt.Sprintf("localhost:%d", w.tcp.Addr().(*net.TCPAddr).Port), 1)
}

// detour makes a page send its media over the network: it finds the network's
// port in the place of the server's, and no other way.
func (w *wifi) detour() string {
	return fmt.Sprintf(`(() => {
		const real = RTCPeerConnection.prototype.setRemoteDescription;
		RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
			const sdp = answer.sdp.split('\r\n').filter(line => !/^a=candidate:\S+ \d+ tcp /.test(line)).map(line =>
				line.replace(/^(a=candidate:\S+ \d+ udp \d+ \S+) (\d+)/, (_, head, port) => {
					window.storyMediaPort = +port;
					return head + ' %d';
				})).join('\r\n');
			return real.call(this, { type: answer.type, sdp });
		};
	})()`, w.udp.LocalAddr().(*net.UDPAddr).Port)
}

// learn takes from a page that detours where the server's media port is.
func (w *wifi) learn(p *tab) {
	w.t.Helper()
	p.until("the server's answer", `!!window.storyMediaPort`)
	port := eval[uint16](p, `window.storyMediaPort`)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.media = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)
}

// block makes nothing pass in either direction, without a word to anybody;
// heal ends that.
func (w *wifi) block() { w.set(true) }
func (w *wifi) heal()  { w.set(false) }

func (w *wifi) set(blocked bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.blocked = blocked
	w.passing.Broadcast()
}

// hangUp cuts all TCP connections, as a server's side sees it whose browser's
// machine sleeps.
func (w *wifi) hangUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.lines {
		_ = c.Close()
	}
}

// move gives the browser another port at the server for each of its own, as a
// router does that was started anew. What is under way to the old ones is lost.
func (w *wifi) move() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for from, way := range w.ways {
		_ = way.Close()
		delete(w.ways, from)
	}
}

// open waits until the network works. It is false once all is over.
func (w *wifi) open() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.blocked && !w.over {
		w.passing.Wait()
	}
	return !w.over
}

func (w *wifi) accept() {
	var lines sync.WaitGroup
	defer lines.Wait()
	for {
		browser, err := w.tcp.Accept()
		if err != nil {
			return
		}
		lines.Go(func() { w.line(browser) })
	}
}

// line carries one TCP connection.
func (w *wifi) line(browser net.Conn) {
	if !w.open() {
		_ = browser.Close()
		return
	}
	server, err := net.Dial("tcp", w.server)
	if err != nil { // nobody is there
		_ = browser.Close()
		return
	}
	if !w.hold(browser, server) {
		return
	}
	var both sync.WaitGroup
	for from, to := range map[net.Conn]net.Conn{browser: server, server: browser} {
		both.Go(func() {
			_, _ = io.Copy(gate{w, to}, from)
			_, _ = from.Close(), to.Close()
		})
	}
	both.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.lines, browser)
	delete(w.lines, server)
}

// hold keeps both ends for hangUp. It is false once all is over.
func (w *wifi) hold(ends ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range ends {
		if w.over {
			_ = c.Close()
		} else {
			w.lines[c] = true
		}
	}
	return !w.over
}

// gate holds what is written while the network is blocked.
type gate struct {
	*wifi
	to io.Writer
}

func (g gate) Write(p []byte) (int, error) {
	if !g.open() {
		return 0, net.ErrClosed
	}
	return g.to.Write(p)
}

// longestPacket is of any UDP packet, in bytes.
const longestPacket = 1 << 16

// relay carries the browser's UDP packets to the server.
func (w *wifi) relay() {
	var back sync.WaitGroup
	defer back.Wait()
	packet := make([]byte, longestPacket)
	for {
		length, from, err := w.udp.ReadFromUDPAddrPort(packet)
		if err != nil {
			return
		}
		way, fresh := w.way(from)
		if way == nil {
			continue
		}
		if fresh {
			back.Go(func() { w.answer(way, from) })
		}
		_, _ = way.Write(packet[:length]) // a lost packet is a lost packet
	}
}

// way is how packets of an address get to the server; nil if they do not.
func (w *wifi) way(from netip.AddrPort) (way *net.UDPConn, fresh bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.blocked || w.over || !w.media.IsValid() {
		return nil, false
	}
	if way := w.ways[from]; way != nil {
		return way, false
	}
	way, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(w.media))
	if err != nil {
		return nil, false
	}
	w.ways[from] = way
	return way, true
}

// answer carries the server's packets back.
func (w *wifi) answer(way *net.UDPConn, to netip.AddrPort) {
	packet := make([]byte, longestPacket)
	for {
		length, err := way.Read(packet)
		switch {
		case errors.Is(err, net.ErrClosed):
			return // moved, or over
		case err != nil:
			continue // nobody was there
		}
		w.mu.Lock()
		blocked := w.blocked
		w.mu.Unlock()
		if !blocked {
			_, _ = w.udp.WriteToUDPAddrPort(packet[:length], to)
		}
	}
}
