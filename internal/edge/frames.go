package edge

import (
	"bufio"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// frameMeter is a browser's connection on which every frame costs, of whatever kind: what
// reads messages sees neither pings nor the pieces of a message, which may be empty. It
// follows the heads of frames (RFC 6455, 5.2) in the bytes that pass. Beyond the budget
// nothing goes on to the reader, until the connection is closed.
//
// Only the goroutine that reads calls Read.
type frameMeter struct {
	net.Conn
	budget *rate.Limiter
	over   func() // called once, when the budget is spent; it has the connection closed

	head  []byte // of the frame whose head has not come whole
	left  uint64 // bytes of the present frame's payload that are still to come
	spent bool   // the budget is; once a reader comes back for more it is over

	once   sync.Once
	closed chan struct{}
}

// drainEvery is how often a buffer is taken from a browser that is being closed.
const drainEvery = time.Millisecond

// maxFrameHead is two bytes, eight of length and four of mask.
const maxFrameHead = 14

func newFrameMeter(c net.Conn, budget *rate.Limiter, over func()) *frameMeter {
	return &frameMeter{Conn: c, budget: budget, over: over, head: make([]byte, 0, maxFrameHead), closed: make(chan struct{})}
}

func (m *frameMeter) Read(p []byte) (int, error) {
	if !m.spent {
		n, err := m.Conn.Read(p)
		if m.count(p[:n]); !m.spent {
			return n, err
		}
	}
	m.over()
	return 0, m.drain(p)
}

// drain takes slowly what still comes, until either side has closed: whoever closes
// would else read on, and cut the line at the next ping.
func (m *frameMeter) drain(p []byte) error {
	ticks := time.NewTicker(drainEvery)
	defer ticks.Stop()
	for {
		if _, err := m.Conn.Read(p); err != nil {
			return err
		}
		select {
		case <-ticks.C:
		case <-m.closed:
			return net.ErrClosed
		}
	}
}

// Close closes the connection.
func (m *frameMeter) Close() error {
	m.once.Do(func() { close(m.closed) })
	return m.Conn.Close()
}

// count takes the next bytes.
func (m *frameMeter) count(p []byte) {
	for len(p) > 0 && !m.spent {
		if m.left > 0 {
			skip := min(m.left, uint64(len(p)))
			m.left -= skip
			p = p[skip:]
			continue
		}
		m.head = append(m.head, p[0])
		p = p[1:]
		size, payload := frameHead(m.head)
		if size == 0 || len(m.head) < size {
			continue
		}
		m.head, m.left = m.head[:0], payload
		m.spent = !m.budget.Allow()
	}
}

// frameHead gives how long the head of a frame is and its payload, as far as its first
// bytes tell: size is 0 if they do not yet.
func frameHead(head []byte) (size int, payload uint64) {
	if len(head) < 2 {
		return 0, 0
	}
	size, payload = 2, uint64(head[1]&0x7f)
	switch payload {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if head[1]&0x80 != 0 {
		size += 4
	}
	switch {
	case len(head) < size || payload < 126:
	case payload == 126:
		payload = uint64(binary.BigEndian.Uint16(head[2:]))
	default:
		payload = binary.BigEndian.Uint64(head[2:])
	}
	return size, payload
}

// metered is a response that gives its connection away with a meter on it.
type metered struct {
	http.ResponseWriter
	budget *rate.Limiter
	over   func()
}

// Hijack implements http.Hijacker. What the browser sent behind its handshake is counted
// as well.
func (m metered) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	h, ok := m.ResponseWriter.(http.Hijacker)
	if !ok {
		return nil, nil, errors.New("edge: the connection cannot be taken over")
	}
	c, rw, err := h.Hijack()
	if err != nil {
		return nil, nil, err
	}
	meter := newFrameMeter(c, m.budget, m.over)
	early, _ := rw.Reader.Peek(rw.Reader.Buffered())
	meter.count(early)
	return meter, rw, nil
}
