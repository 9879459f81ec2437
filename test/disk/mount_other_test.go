//go:build !linux

package disk_test

import "errors"

var errNotHere = errors.New("this is not Linux")

func runInside([]string) (int, error) { return 0, errNotHere }
func mount(string, int) error         { return errNotHere }
func unmount(string) error            { return errNotHere }
