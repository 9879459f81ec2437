package protocol_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"overtime/internal/protocol"
)

// mustBeCheap runs f, which must not allocate out of proportion to the size of
// what it reads.
func mustBeCheap(t testing.TB, size int, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if spent, most := after.TotalAlloc-before.TotalAlloc, uint64(1<<20+16*size); spent > most {
		t.Fatalf("%d bytes cost %d bytes of memory, more than %d", size, spent, most)
	}
}

// mustBeExplained wants a refusal to have a code and a reason that is short.
func mustBeExplained(t testing.TB, err error) {
	t.Helper()
	var bad *protocol.DecodeError
	if !errors.As(err, &bad) || bad.Code == "" || bad.Message == "" || len(bad.Message) > 250 {
		t.Fatalf("refused with %.300v", err)
	}
}

// FuzzDecodeClient: whatever is taken is written again without loss, whatever is
// refused is explained, and neither costs much.
func FuzzDecodeClient(f *testing.F) {
	for _, m := range clientExamples {
		f.Add(protocol.ClientFrame{ID: "7", Message: m}.Encode())
	}
	for _, text := range costly() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var frame protocol.ClientFrame
		var err error
		mustBeCheap(t, len(text), func() { frame, err = protocol.DecodeClient(text) })
		if err != nil {
			mustBeExplained(t, err)
			return
		}
		once := frame.Encode()
		again, err := protocol.DecodeClient(once)
		switch {
		case err == nil:
		case len(once) > len(text) && strings.Contains(err.Error(), " too "):
			return // escapes, and fields that were left out, may take a text over a limit
		default:
			t.Fatalf("%.300s is refused once encoded again: %v", text, err)
		}
		if twice := again.Encode(); !bytes.Equal(once, twice) {
			t.Fatalf("%s became %s", once, twice)
		}
	})
}

// FuzzDecodeServer: the same of what a tab reads. A server is trusted, but what
// reads it must not end the tab.
func FuzzDecodeServer(f *testing.F) {
	for _, m := range serverExamples {
		f.Add(protocol.ServerFrame{ID: "7", Epoch: 3, Seq: 12, Message: m}.Encode())
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		frame, err := protocol.DecodeServer(text)
		if err != nil {
			mustBeExplained(t, err)
			return
		}
		once := frame.Encode()
		again, err := protocol.DecodeServer(once)
		if err != nil {
			t.Fatalf("%s is refused once encoded again: %v", text, err)
		}
		if twice := again.Encode(); !bytes.Equal(once, twice) {
			t.Fatalf("%s became %s", once, twice)
		}
	})
}

// costly are frames that make a decoder work as much as it can be made to.
func costly() map[string]string {
	fill := func(head, unit, tail string, size int) string {
		n := (size - len(head) - len(tail)) / (len(unit) + 1)
		return head + strings.Repeat(unit+",", n-1) + unit + tail
	}
	var keys strings.Builder
	for i := 0; keys.Len() < protocol.MaxOffer-100; i++ {
		fmt.Fprintf(&keys, `,"%x":""`, i)
	}
	return map[string]string{
		"Pictures":  fill(`{"type":"media.show","data":{"pictures":[`, `{}`, `]}}`, protocol.MaxFrame),
		"Pictures9": fill(`{"type":"media.show","data":{"pictures":[`, `{}`, `]}}`, 2900),
		"Sending":   fill(`{"type":"media.sending","data":{"sources":[`, `""`, `]}}`, protocol.MaxFrame),
		"Sources":   `{"type":"media.offer","data":{"sdp":"","sources":{` + keys.String()[1:] + `}}}`,
		"Envelope":  `{"type":"session.end"` + keys.String() + `}`,
		"Deep":      `{"type":"session.end","data":` + strings.Repeat("[", 250<<10) + `}`,
		"DeepObj":   `{"type":"session.end","data":` + strings.Repeat(`{"a":`, 1900) + "1" + strings.Repeat("}", 1900) + `}`,
		"SDP":       `{"type":"media.offer","data":{"sdp":"` + strings.Repeat("x", protocol.MaxOffer-100) + `"}}`,
		"Escapes":   `{"type":"media.offer","data":{"sdp":"` + strings.Repeat(`\u0001`, (protocol.MaxOffer-100)/6) + `"}}`,
		"Number":    `{"type":"session.extend","data":{"minutes":` + strings.Repeat("9", protocol.MaxFrame-100) + `}}`,
	}
}

// BenchmarkDecodeCostly is how long the worst frames take.
func BenchmarkDecodeCostly(b *testing.B) {
	for name, text := range costly() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _ = protocol.DecodeClient([]byte(text))
			}
		})
	}
}
