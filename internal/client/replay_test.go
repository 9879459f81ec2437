package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
)

func TestReplay(t *testing.T) {
	var r client.Replay
	born := time.Unix(0, 0)
	for _, tt := range []struct {
		at   time.Duration
		want bool
	}{
		{0, true}, {time.Second, true}, {2 * time.Second, true}, // a key pressed thrice
		{3 * time.Second, false}, {9 * time.Second, false}, // something holds it
		{10 * time.Second, true}, // the first is long ago
		{10*time.Second + time.Millisecond, false},
		{time.Minute, true},
	} {
		if got := r.Again(born.Add(tt.at)); got != tt.want {
			t.Errorf("paused at %v: plays again %v, want %v", tt.at, got, tt.want)
		}
	}
}
