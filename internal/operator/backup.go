package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"overtime/internal/build"
	"overtime/internal/config"
	"overtime/internal/datafolder"
)

// backup writes the archive of a server, whether it runs or not.
func backup(ctx context.Context, c *config.Backup, open Open, out io.Writer) error {
	err := toNewFile(c.File, func(file io.Writer) error {
		err := backupRunning(ctx, c.Data, file)
		if errors.Is(err, errNotRunning) {
			err = backupStopped(ctx, c.Data, open, file)
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Everything is in %s. It holds the server's secrets: keep it where nobody else can read it.\n", c.File)
	return err
}

func backupRunning(ctx context.Context, data string, to io.Writer) error {
	c := newClient(data)
	defer c.close()
	answer, err := c.do(ctx, http.MethodGet, backupPath, nil, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	if _, err := io.Copy(to, answer.Body); err != nil {
		return fmt.Errorf("the server could not finish the backup (%w); its log says why", err)
	}
	return nil
}

func backupStopped(ctx context.Context, data string, open Open, to io.Writer) (err error) {
	folder, err := openExisting(data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	identity, err := folder.Text()
	if err != nil {
		return fmt.Errorf("the server's secrets cannot be read: %w", err)
	}
	store, err := open(folder)
	if err != nil {
		return err
	}
	defer store.Close()
	return writeArchive(to, identity, func(to io.Writer) error { return store.Snapshot(ctx, to) })
}

// openExisting opens the folder of a server that does not run.
func openExisting(data string) (*datafolder.Folder, error) {
	if !datafolder.Holds(data) {
		return nil, fmt.Errorf("there is no server's data in %s; name its data folder with --data", data)
	}
	return datafolder.Open(data)
}

// toNewFile has write fill a file that only this user may read, and that is not
// there yet. If that fails it is not there afterwards.
func toNewFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("there is a file %s already, which is left as it is; choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("the backup cannot be written: %w", err)
	}
	err = write(file)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// restore fills an empty data folder. If that fails it is empty again.
func restore(ctx context.Context, c *config.Restore, open Open, out io.Writer) (err error) {
	a, err := openArchive(c.File)
	if err != nil {
		return fmt.Errorf("the backup %s cannot be read: %w", c.File, err)
	}
	defer a.close()
	folder, err := datafolder.Fill(c.Data, a.identity)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, folder.Empty())
		}
		err = errors.Join(err, folder.Close())
	}()
	if err := fill(ctx, folder, open, a); err != nil {
		return fmt.Errorf("the rooms cannot be restored: %w (the backup was made by overtime %s, this is %s)",
			err, a.maker().Version, build.Read().Version)
	}
	_, err = fmt.Fprintf(out, "%s holds everything of %s. Start one server only with it: this one has the identity of the other.\n", c.Data, c.File)
	return err
}

// fill makes the rooms of a in the folder's store, which is on the disk when it
// has been closed.
func fill(ctx context.Context, folder *datafolder.Folder, open Open, a *archive) error {
	rooms, err := a.rooms()
	if err != nil {
		return err
	}
	store, err := open(folder)
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Restore(ctx, rooms)
}
