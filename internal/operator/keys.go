package operator

import (
	"errors"
	"fmt"
	"io"

	"overtime/internal/config"
)

// rotateKeys replaces the key that signs links, of a server that does not run.
func rotateKeys(c *config.KeysRotate, out io.Writer) (err error) {
	folder, err := openExisting(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	before := folder.Identity().Tickets
	if err := folder.Rotate(); err != nil {
		return err
	}
	after := folder.Identity().Tickets
	fmt.Fprintf(out, "From the next start on the key %s signs links. What %s signed holds on until the next rotation.\n", after[0].ID, after[1].ID)
	for _, gone := range before[1:] {
		fmt.Fprintf(out, "The key %s is gone: links that it signed let nobody in any more.\n", gone.ID)
	}
	return nil
}
