package operator

import (
	"context"
	"errors"
	"fmt"
	"io"

	"overtime/internal/config"
)

// salvage makes of a damaged store what can be opened.
func salvage(_ context.Context, c *config.Salvage, open Open, out io.Writer) (err error) {
	folder, err := openExisting(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	store, damaged := open(folder)
	var broken interface{ Salvage() ([]string, error) }
	switch {
	case damaged == nil:
		store.Close()
		_, err = fmt.Fprintln(out, "The store is not damaged; nothing was changed.")
		return err
	case !errors.As(damaged, &broken):
		return damaged
	}
	done, err := broken.Salvage()
	for _, line := range done {
		_, _ = fmt.Fprintln(out, line) // it was done, whoever reads it
	}
	if err != nil {
		return err
	}
	if store, err = open(folder); err != nil {
		return fmt.Errorf("the store cannot be opened all the same: %w", err)
	}
	store.Close()
	_, err = fmt.Fprintln(out, "The server can be started. Rooms may be gone, or be as they were at an earlier time.")
	return err
}
