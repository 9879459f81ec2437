package operator

import (
	"context"
	"fmt"
	"io"

	"overtime/internal/config"
	"overtime/internal/datafolder"
)

// Store holds the rooms. A backup takes all of them, and goes into one without
// any.
type Store interface {
	Snapshot(ctx context.Context, to io.Writer) error
	Restore(ctx context.Context, from io.Reader) error
	// Revert leaves the rooms as the version before keeps them. It says how many they
	// are, and how many chat messages were there, which that one does not keep.
	Revert(ctx context.Context) (rooms int, written uint64, err error)
	Close()
}

// Open opens the store in a data folder that no server uses.
type Open func(folder *datafolder.Folder) (Store, error)

// Run does what a command says and prints what came of it. An end of ctx ends
// it early. Errors are sentences for the operator.
func Run(ctx context.Context, command config.Command, open Open, out io.Writer) error {
	switch c := command.(type) {
	case *config.RoomCreate:
		return createRoom(ctx, c, out)
	case *config.RoomList:
		return listRooms(ctx, c, out)
	case *config.RoomShow:
		return showRoom(ctx, c, out)
	case *config.RoomEnd:
		return endRoom(ctx, c, out)
	case *config.Token:
		return makeToken(ctx, c, out)
	case *config.Audit:
		return audit(ctx, c, out)
	case *config.Backup:
		return backup(ctx, c, open, out)
	case *config.Restore:
		return restore(ctx, c, open, out)
	case *config.Salvage:
		return salvage(ctx, c, open, out)
	case *config.Downgrade:
		return downgrade(ctx, c, open, out)
	case *config.KeysRotate:
		return rotateKeys(c, out)
	case *config.Join:
		return join(ctx, c, out)
	case *config.Version:
		return printVersion(c, out)
	}
	return fmt.Errorf("there is nobody to do %T", command)
}
