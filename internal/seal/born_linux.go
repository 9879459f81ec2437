package seal

import (
	"os"

	"golang.org/x/sys/unix"
)

// born is when a file was made (statx(2)), 0 if that is not known.
func born(f *os.File) int64 {
	var s unix.Statx_t
	if err := unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BTIME, &s); err != nil || s.Mask&unix.STATX_BTIME == 0 {
		return 0
	}
	return s.Btime.Sec*1e9 + int64(s.Btime.Nsec)
}
