package teardown_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/teardown"
)

// TestOrder: what came last goes first, and errors keep nothing from going.
func TestOrder(t *testing.T) {
	var s teardown.Stack
	var went []string
	for _, name := range []string{"folder", "bus", "rooms"} {
		s.Add(name, func() error {
			went = append(went, name)
			if name == "folder" {
				return nil
			}
			return errors.New(name + " is stuck")
		})
	}
	err := s.Close(t.Context())
	if !slices.Equal(went, []string{"rooms", "bus", "folder"}) {
		t.Errorf("went in the order %v", went)
	}
	if err == nil || err.Error() != "rooms is stuck\nbus is stuck" {
		t.Errorf("says %v", err)
	}
	if err := s.Close(t.Context()); err != nil || len(went) != 3 {
		t.Errorf("a second time: %v, %v", err, went)
	}
}

// TestLimit: a step has its part of the time, and the next what is left.
func TestLimit(t *testing.T) {
	var s teardown.Stack
	s.Push("the rooms", 0, func(ctx context.Context) error { return ctx.Err() })
	s.Push("the browsers", time.Nanosecond, func(ctx context.Context) error { <-ctx.Done(); return nil })
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestHanging: a step that never ends does not keep the process.
func TestHanging(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var s teardown.Stack
	release, after := make(chan struct{}), make(chan struct{})
	s.Push("the folder", 0, func(context.Context) error { close(after); return nil })
	s.Push("the rooms", 0, func(context.Context) error { cancel(); <-release; return nil })
	s.Push("the browsers", 0, func(context.Context) error { return errors.New("somebody stays") })
	err := s.Close(ctx)
	if err == nil || !strings.Contains(err.Error(), "the rooms did not end") || !strings.Contains(err.Error(), "somebody stays") {
		t.Errorf("says %v", err)
	}
	close(release)
	<-after
}
