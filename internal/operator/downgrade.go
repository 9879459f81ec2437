package operator

import (
	"context"
	"errors"
	"fmt"
	"io"

	"overtime/internal/config"
)

// downgrade makes the way back to the version before.
func downgrade(ctx context.Context, c *config.Downgrade, open Open, out io.Writer) (err error) {
	folder, err := openExisting(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	kept, err := open(folder)
	if err != nil {
		return err
	}
	defer kept.Close()
	rooms, written, err := kept.Revert(ctx)
	if err != nil {
		return fmt.Errorf("%w; nothing is lost: run it again, and start no server of an earlier version before it has succeeded", err)
	}
	_, err = fmt.Fprintf(out, "%d rooms are kept as the version before keeps them: it can be started now. This version converts them again when it is started.\n"+
		"What that version does not know is gone: %d chat messages, and who may write or share a screen in each room.\n", rooms, written)
	return err
}
