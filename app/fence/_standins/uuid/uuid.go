// Package uuid gives go-app the names by which it tells tabs and devices apart.
// They need to differ, and nobody gains by guessing one.
package uuid

import (
	"math/rand/v2"
	"strconv"
)

// NewString is a name that no other call returns, anywhere.
func NewString() string {
	return strconv.FormatUint(rand.Uint64(), 16) + "-" + strconv.FormatUint(rand.Uint64(), 16)
}
