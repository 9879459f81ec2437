package edge_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"overtime/internal/protocol"
)

// Opcodes and flags of a WebSocket frame's first byte (RFC 6455, 5.2).
const (
	opText   = 0x81
	opBinary = 0x82
	opClose  = 0x88
)

// rawSocket is a WebSocket by hand: it can say what no library would, and costs a
// fraction of one.
type rawSocket struct {
	net.Conn
	in *bufio.Reader
}

// dialRaw connects and sends frames, as they are, right behind the handshake.
func (w *world) dialRaw(t *testing.T, frames ...[]byte) *rawSocket {
	t.Helper()
	address := strings.TrimPrefix(w.URL(), "http://")
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	hello := "GET /ws HTTP/1.1\r\nHost: " + address + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
	go func() { _, _ = c.Write(append([]byte(hello), bytes.Join(frames, nil)...)) }() // cut off in the middle, perhaps
	s := &rawSocket{c, bufio.NewReader(c)}
	if r, err := http.ReadResponse(s.in, nil); err != nil || r.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("the handshake was answered %v, %v", r, err)
	}
	return s
}

// masked is a frame as a browser sends it; the mask is zero, which saves work.
func masked(first byte, payload string) []byte {
	frame := []byte{first}
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, 0x80|byte(n))
	case n < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 0x80|127), uint64(n))
	}
	return append(append(frame, 0, 0, 0, 0), payload...)
}

// read is the server's next frame.
func (s *rawSocket) read() (first byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(s.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := uint64(head[1])
	if n == 126 {
		var more [2]byte
		_, err = io.ReadFull(s.in, more[:])
		n = uint64(binary.BigEndian.Uint16(more[:]))
	}
	if err != nil || head[1] == 127 {
		return 0, nil, io.ErrUnexpectedEOF // nothing here is that long
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(s.in, payload)
	return head[0], payload, err
}

// rest reads to the end: what was said, and the code of the close frame, 0 if the
// line was cut without one.
func (s *rawSocket) rest() (said []protocol.ServerFrame, code protocol.CloseCode) {
	for {
		first, payload, err := s.read()
		switch {
		case err != nil:
			return said, code
		case first == opClose && len(payload) >= 2:
			code = protocol.CloseCode(binary.BigEndian.Uint16(payload))
			_ = s.Close() // the server waits for an answer no longer
			return said, code
		case first == opText:
			if f, err := protocol.DecodeServer(payload); err == nil {
				said = append(said, f)
			}
		}
	}
}
