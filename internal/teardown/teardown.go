// Package teardown takes down what a program brought up: in the reverse order,
// and within a time, whatever hangs.
//
// It is called by the server's main. It must not know what it takes down.
package teardown

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Stack is what was brought up so far. The zero value is empty. It is not for
// concurrent use.
type Stack struct{ steps []step }

type step struct {
	name  string
	limit time.Duration
	down  func(context.Context) error
}

// Push adds what takes one thing down again, and how much of the time it may
// take; 0 is all that is left. down should end soon after its context does; if
// it does not, Close ends without it.
func (s *Stack) Push(name string, limit time.Duration, down func(context.Context) error) {
	s.steps = append(s.steps, step{name, limit, down})
}

// Add is Push for what needs no time to speak of.
func (s *Stack) Add(name string, down func() error) {
	s.Push(name, 0, func(context.Context) error { return down() })
}

func (s step) run(ctx context.Context) error {
	if s.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.limit)
		defer cancel()
	}
	return s.down(ctx)
}

// Close takes everything down, what came last first, and joins the errors. If
// ctx ends before, it leaves the step that hangs, and all that would come after
// it, to the end of the process, and says which that is.
func (s *Stack) Close(ctx context.Context) error {
	steps := s.steps
	s.steps = nil
	var mu sync.Mutex // guards what follows
	var errs []error
	now := ""
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := len(steps) - 1; i >= 0; i-- {
			mu.Lock()
			now = steps[i].name
			mu.Unlock()
			if err := steps[i].run(ctx); err != nil {
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
		}
	}()
	select {
	case <-done:
		return errors.Join(errs...)
	case <-ctx.Done():
	}
	mu.Lock()
	defer mu.Unlock()
	return errors.Join(append(errs, fmt.Errorf("the stop took too long: %s did not end", now))...)
}
