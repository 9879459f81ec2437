package operator

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// SocketName is the socket's name in the data folder.
const SocketName = "operator.sock"

// Listen makes the socket at path, in place of one that a server left there
// which is no more. Only this user, and root, may connect.
func Listen(path string) (net.Listener, error) {
	l, err := listen(path)
	if err != nil {
		return nil, fmt.Errorf("the operator's socket %s cannot be made (%w); give --data a folder with a shorter path, on a disk of this machine", path, err)
	}
	return l, nil
}

// listen makes the socket where nobody else may go, and moves it to its place
// once it has its mode.
func listen(path string) (net.Listener, error) {
	made, err := os.MkdirTemp(filepath.Dir(path), "op") // mode 0700
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(made) //nolint:errcheck // an empty folder by then
	address, done, err := addressOf(filepath.Join(made, "s"))
	if err != nil {
		return nil, err
	}
	defer done()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: address, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	if err = os.Chmod(address, 0o600); err == nil {
		err = os.Rename(address, path)
	}
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	return &socket{l, path}, nil
}

// maxAddress is how long the address of a socket may be, in bytes; some systems
// take a few more.
const maxAddress = 100

// addressOf is a path as the address of a socket, until done is called. Where
// the path is too long for that, Linux has another for a file in a folder that
// this process has open.
func addressOf(path string) (address string, done func(), err error) {
	if len(path) <= maxAddress {
		return path, func() {}, nil
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	address = fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), filepath.Base(path))
	return address, func() { _ = folder.Close() }, nil
}

// dial connects to the socket at path.
func dial(ctx context.Context, path string) (net.Conn, error) {
	address, done, err := addressOf(path)
	if err != nil {
		return nil, err
	}
	defer done()
	var d net.Dialer
	return d.DialContext(ctx, "unix", address)
}

// socket is a listener that takes its name along when it closes.
type socket struct {
	*net.UnixListener
	path string
}

func (s *socket) Close() error {
	_ = os.Remove(s.path) // somebody may have done so
	return s.UnixListener.Close()
}
