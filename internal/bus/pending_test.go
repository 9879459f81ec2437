package bus_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"overtime/internal/bus"
)

// TestWhatWaitsForARoomIsBounded: a room whose actor is stuck is asked on and on; what
// waits for it is bounded, and once it goes on it hears what comes.
func TestWhatWaitsForARoomIsBounded(t *testing.T) {
	b := mustOpen(t)
	var heard atomic.Int64
	var once sync.Once
	stuck, last := make(chan struct{}), make(chan struct{})
	l := mustRoomConn(t, b, "aaa", func(q bus.Asked) {
		<-stuck
		heard.Add(1)
		if string(q.Frame) == `"last"` {
			once.Do(func() { close(last) })
		}
	})
	defer l.Close()
	w := mustEdgeConn(t, b, "c1")
	defer w.Close()
	const asked = 20_000
	for n := range asked {
		if err := w.Ask("aaa", fmt.Sprint(n), bus.Ask{Frame: []byte(`"x"`)}); err != nil {
			t.Fatal(err)
		}
	}
	mustRoomConn(t, b, "bbb", func(bus.Asked) {}).Close() // waits until all that was sent before has come
	close(stuck)
	for going := true; going; { // one that comes while too much waits is dropped
		if err := w.Ask("aaa", "last", bus.Ask{Frame: []byte(`"last"`)}); err != nil {
			t.Fatal(err)
		}
		mustRoomConn(t, b, "bbb", func(bus.Asked) {}).Close()
		select {
		case <-last:
			going = false
		default:
		}
	}
	if n := heard.Load(); n > asked/2 {
		t.Errorf("%d of %d asks waited", n, asked)
	}
}
