package kill_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// ordersVariable holds the orders of the process that is to be killed, which
// is this program again; whoever tests has none.
const ordersVariable = "KILL_ORDERS"

func TestMain(m *testing.M) {
	text, victim := os.LookupEnv(ordersVariable)
	if !victim {
		goleak.VerifyTestMain(m)
		return
	}
	if err := serve(text); err != nil {
		fmt.Fprintln(os.Stderr, "level=ERROR the server that is to be killed:", err)
		os.Exit(1)
	}
}
