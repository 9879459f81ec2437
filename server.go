// Command overtime is the server: pages, API, WebSockets, media and the store
// of one node, in one process. This file reads what the operator said and runs
// it; package node wires a server together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"overtime/internal/build"
	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/node"
	"overtime/internal/operator"
)

func main() {
	ctx, unnotify := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, unnotify) // a second signal ends the process at once
	command, err := config.Parse(os.Args[1:], os.Getenv, os.Stdout)
	if cfg, serve := command.(*config.Config); serve {
		log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.Level()}))
		err = run(ctx, *cfg, log, os.Stdout)
	} else if err == nil {
		err = operator.Run(ctx, command, openStore, os.Stdout)
	}
	if err != nil && !errors.Is(err, config.ErrHelp) {
		fmt.Fprintln(os.Stderr, "overtime:", err)
		os.Exit(1)
	}
}

// run serves until a signal, then stops gracefully.
func run(ctx context.Context, cfg config.Config, log *slog.Logger, out io.Writer) error {
	log.Info("starting", "build", build.Read())
	n, err := node.Open(node.Config{Flags: cfg, Logger: log})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Overtime is ready: %s\n", n.URL())
	select {
	case <-ctx.Done():
		log.Info("stopping", "why", context.Cause(ctx))
	case err = <-n.Failed():
	}
	return errors.Join(err, n.Close())
}

// openStore is for commands that work on a data folder while no server does.
func openStore(f *datafolder.Folder) (operator.Store, error) {
	return node.OpenStopped(f, slog.New(slog.DiscardHandler))
}
