package disk_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// inside is set for the process that may mount disks.
const inside = "OVERTIME_TEST_DISK_INSIDE"

// TestMain runs the tests in a process whose mounts nobody else sees, and which
// are gone when it is, however it ends.
func TestMain(m *testing.M) {
	if os.Getenv(inside) != "" {
		goleak.VerifyTestMain(m)
		return
	}
	code, err := runInside(append(os.Environ(), inside+"=1"))
	if err != nil {
		fmt.Fprintf(os.Stderr, "These tests fill a disk of their own, which could not be made (%v). Run them on Linux as root, "+
			"or as a user who may have user namespaces; a container needs --cap-add SYS_ADMIN.\n", err)
		os.Exit(1)
	}
	os.Exit(code)
}
