package config

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// ErrHelp is returned by Parse after it wrote the help that was asked for.
var ErrHelp = errors.New("help was asked for")

// envPrefix stands before the name of each flag in the environment.
const envPrefix = "OVERTIME_"

// EnvName is the name of a flag in the environment: --rtc-port is
// OVERTIME_RTC_PORT.
func EnvName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Parse reads the arguments (without the program's name), then the environment
// for what they leave out, and validates. An empty variable counts as unset. If
// no command is named it is the server's, a *Config. If help was asked for it
// goes to out and the error is ErrHelp.
func Parse(args []string, getenv func(string) string, out io.Writer) (Command, error) {
	var all commands
	helped := false
	parser, err := kong.New(&all,
		kong.Name("overtime"),
		kong.Description("Video meetings that end on time, unless someone asks for more."),
		kong.Writers(out, out),
		kong.Exit(func(int) { helped = true }),
		kong.Help(help),
		kong.Resolvers(environment(getenv)),
		kong.ValueFormatter(func(v *kong.Value) string {
			if v.Flag == nil || !inEnvironment(v.Name) {
				return v.Help
			}
			return kong.DefaultHelpValueFormatter(v) + " [" + EnvName(v.Name) + "]"
		}),
	)
	if err != nil {
		return nil, err // a mistake in a struct; the tests see it
	}
	chosen, err := parser.Parse(args)
	switch {
	case helped:
		return nil, ErrHelp
	case err != nil:
		return nil, explain(err, parser.Model.Node)
	}
	if all.OnlyVersion {
		return &Version{}, nil
	}
	command, _ := chosen.Selected().Target.Addr().Interface().(Command)
	if c, ok := command.(*Config); ok {
		err = c.complete(getenv)
	} else {
		err = check(command)
	}
	if err != nil {
		return nil, err
	}
	return command, nil
}

// help of the program is the list of its commands, and the help of the one that
// is meant if none is named.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil || ctx.Command() != "" {
		return err
	}
	serve, err := kong.Trace(ctx.Kong, []string{"serve"})
	if err != nil {
		return err
	}
	fmt.Fprintln(ctx.Stdout)
	return kong.DefaultHelpPrinter(options, serve)
}

// environment gives kong what the arguments leave out.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value := getenv(EnvName(flag.Name)); value != "" && inEnvironment(flag.Name) {
			return value, nil
		}
		return nil, nil
	})
}

// inEnvironment reports whether a flag is the server's: those can be in the
// environment, and so can --data for all commands, since it is one of them.
func inEnvironment(flag string) bool {
	for field := range reflect.TypeFor[Config]().Fields() {
		if field.Tag.Get("name") == flag {
			return true
		}
	}
	return false
}

// planned are the flags that documents of ours name and that do nothing yet.
var planned = []string{"--nats"}

// explain adds what to write to an error of the parser, which names the flag
// first.
func explain(err error, program *kong.Node) error {
	text := err.Error()
	for _, flag := range planned {
		if strings.HasPrefix(text, "unknown flag "+flag) {
			return fmt.Errorf("%s: this version cannot do that yet; leave it out", flag)
		}
	}
	for _, command := range program.Leaves(true) {
		for _, flag := range command.Flags {
			if strings.HasPrefix(text, "--"+flag.Name+":") || strings.HasPrefix(text, "--"+flag.Name+"=") {
				return fmt.Errorf("%s; write %s", text, flag.Tag.Get("write"))
			}
		}
	}
	return fmt.Errorf("%s; overtime --help lists every command and flag", text)
}
