// Package build says what this program was made from: by the linker's word,
// which `make server` gives, and by what the Go toolchain puts into a binary.
//
// It is called by whoever tells an operator, and knows no other package.
package build

import (
	"cmp"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
)

// What the linker is told with -X. They are written by nobody else.
var (
	version string
	commit  string
	date    string
)

// Unknown stands for what a build did not say.
const Unknown = "unknown"

// Info is what a binary was made from.
type Info struct {
	Version string `json:"version"` // the newest tag before the commit, how far behind it is, and whether something was changed
	Commit  string `json:"commit"`
	Date    string `json:"date"` // of the commit, so that the same sources make the same binary
	Go      string `json:"go"`
	Pion    string `json:"pion"`
	NATS    string `json:"nats"`
}

// Read is this binary's.
func Read() Info {
	made := Info{Version: version, Commit: commit, Date: date, Go: runtime.Version()}
	if binary, ok := debug.ReadBuildInfo(); ok {
		made.complete(binary)
	}
	for _, field := range []*string{&made.Version, &made.Commit, &made.Date, &made.Pion, &made.NATS} {
		*field = cmp.Or(*field, Unknown)
	}
	return made
}

// complete adds what the toolchain knows. Of the sources it knows something if
// the program was built without make, in a checkout of its user's own.
func (i *Info) complete(binary *debug.BuildInfo) {
	for _, s := range binary.Settings {
		switch s.Key {
		case "vcs.revision":
			i.Commit = cmp.Or(i.Commit, s.Value)
		case "vcs.time":
			i.Date = cmp.Or(i.Date, s.Value)
		}
	}
	for _, module := range binary.Deps {
		switch module.Path {
		case "github.com/pion/webrtc/v3":
			i.Pion = module.Version
		case "github.com/nats-io/nats-server/v2":
			i.NATS = module.Version
		}
	}
}

// String is one line for people.
func (i Info) String() string {
	return fmt.Sprintf("overtime %s (commit %s of %s; %s, pion %s, NATS %s)", i.Version, i.Commit, i.Date, i.Go, i.Pion, i.NATS)
}

// LogValue is for the log.
func (i Info) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("version", i.Version), slog.String("commit", i.Commit), slog.String("date", i.Date),
		slog.String("go", i.Go), slog.String("pion", i.Pion), slog.String("nats", i.NATS))
}
