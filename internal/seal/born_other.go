//go:build !linux

package seal

import "os"

// born is when a file was made, which is not asked here.
func born(*os.File) int64 { return 0 }
