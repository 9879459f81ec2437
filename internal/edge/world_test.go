package edge_test

import (
	"testing"

	"overtime/internal/testkit"
)

const patience = testkit.Patience

// world is a whole server, and what its tests know how to do with it.
type world struct {
	*testkit.Server
	t *testing.T
}

// newWorld is a world that is not started.
func newWorld(t *testing.T, flags ...string) *world {
	t.Helper()
	return &world{testkit.New(t, flags...), t}
}

// mustWorld is a started world with the default limits.
func mustWorld(t *testing.T) *world {
	t.Helper()
	return &world{testkit.Open(t), t}
}
