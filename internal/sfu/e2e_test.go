package sfu

import (
	"log/slog"
	"testing"
)

var discard = slog.New(slog.DiscardHandler)

func newSFU(t testing.TB) *SFU {
	t.Helper()
	s, err := New(Config{Host: "127.0.0.1"})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func TestEachReceivesTheOther(t *testing.T) {
	r := newSFU(t).NewRoom(nil)
	a := newClient(t, "a", 2, 2, nil).enter(t, r)
	b := newClient(t, "b", 2, 2, nil).enter(t, r)
	for _, pair := range [][2]*client{{a, b}, {b, a}} {
		me, other := pair[0], pair[1]
		me.hears(t, me.seats(t, other.id, Camera), other.id+"/f", 10)
		me.hears(t, me.seats(t, other.id, Microphone), other.id+"/audio", 1)
	}
}
