package groupcommit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"overtime/internal/groupcommit"
)

// TestWhoLeavesIsNotWritten: a write whose writer was told that it was not made is not
// made later.
func TestWhoLeavesIsNotWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q groupcommit.Queue
		held, wrote := make(chan struct{}), []string{}
		write := func(name string, alone func()) groupcommit.Write {
			return groupcommit.Write{Key: name, Alone: func(context.Context) (uint64, error) {
				alone()
				wrote = append(wrote, name)
				return 1, nil
			}}
		}
		go q.Do(t.Context(), nil, write("first", func() { <-held }))
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		told := make(chan error, 1)
		go func() {
			_, err := q.Do(ctx, nil, write("left", func() {}))
			told <- err
		}()
		synctest.Wait()
		if n := q.Waiting(); n != 1 {
			t.Errorf("%d wait", n)
		}
		cancel()
		if err := <-told; !errors.Is(err, context.Canceled) {
			t.Errorf("who left is told %v", err)
		}
		close(held)
		synctest.Wait()
		if _, err := q.Do(t.Context(), nil, write("next", func() {})); err != nil {
			t.Error(err)
		}
		if len(wrote) != 2 || wrote[0] != "first" || wrote[1] != "next" {
			t.Errorf("written: %q", wrote)
		}
	})
}
