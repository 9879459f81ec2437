// Package config is what an operator may say at the start: flags, and the same
// as OVERTIME_… in the environment. A value that cannot be meant stops the
// start with a sentence that says what to write instead.
//
// It is called by the server's main. It must not know the packages that the
// values are for; what a flag does belongs there.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Config is every flag, in the order of the help. The zero value is not valid:
// defaults come from Parse. A flag is here once what it does is there.
//
// help is shown by --help and in docs/operating.md; write says what a value
// looks like, for the sentence about one that is wrong.
type Config struct {
	Addr string `name:"addr" default:":8080" placeholder:"HOST:PORT" help:"Address to serve HTTP on." write:"host:port or :port, such as :8080"`
	Data string `name:"data" default:"data" placeholder:"FOLDER" help:"Folder for everything that must outlive a restart." write:"the path of a folder, such as data"`

	RTCPort    int      `name:"rtc-port" default:"7882" placeholder:"PORT" help:"Port for sound and pictures, UDP and TCP." write:"a number from 0 (any free port) to 65535, such as 7882"`
	RTCIP      []string `name:"rtc-ip" placeholder:"IP,…" help:"IPv4 addresses at which browsers reach the RTC port, where they are not this machine's own (behind NAT). May be repeated." write:"IPv4 addresses, such as 203.0.113.7"`
	RTCAllowCM bool     `name:"rtc-allow-cm" help:"Also accept SRTP with AES-CM, for browsers without AES-GCM; costs CPU for every packet." write:"true or false"`

	PublicURL string `name:"public-url" placeholder:"URL" help:"Origin at which browsers reach this server, for links and for who may connect; by default the one each request came to." write:"an origin without a path, such as https://meet.example.org"`
	TLSCert   string `name:"tls-cert" placeholder:"FILE" help:"Certificate chain in PEM; with --tls-key, HTTPS is served." write:"the path of a PEM file"`
	TLSKey    string `name:"tls-key" placeholder:"FILE" help:"Private key of the certificate in PEM." write:"the path of a PEM file"`

	Create string        `name:"create" default:"open" placeholder:"open" help:"Who may create meetings: open lets everybody who can open the home page." write:"open"`
	Minute time.Duration `name:"minute" default:"1m" placeholder:"DURATION" help:"Length of one minute of a meeting, for trying it out; anything but 1m needs a loopback --addr." write:"a duration from 10ms to 1m, such as 1s"`

	LogLevel string `name:"log-level" default:"info" placeholder:"LEVEL" help:"Least level that is logged: debug, info, warn or error." write:"debug, info, warn or error"`
}

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
// help was asked for it goes to out and the error is ErrHelp.
func Parse(args []string, getenv func(string) string, out io.Writer) (Config, error) {
	var c Config
	helped := false
	parser, err := kong.New(&c,
		kong.Name("overtime"),
		kong.Description("Video meetings that end on time, unless someone asks for more."),
		kong.Writers(out, out),
		kong.Exit(func(int) { helped = true }),
		kong.Resolvers(environment(getenv)),
		kong.ValueFormatter(func(v *kong.Value) string {
			if v.Name == "help" {
				return v.Help
			}
			return kong.DefaultHelpValueFormatter(v) + " [" + EnvName(v.Name) + "]"
		}),
	)
	if err != nil {
		return Config{}, err // a mistake in the struct; the tests see it
	}
	_, err = parser.Parse(args)
	switch {
	case helped:
		return Config{}, ErrHelp
	case err != nil:
		return Config{}, explain(err, parser.Model.Flags)
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	return c, c.check()
}

// environment gives kong what the arguments leave out.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value := getenv(EnvName(flag.Name)); value != "" && flag.Name != "help" {
			return value, nil
		}
		return nil, nil
	})
}

// planned are the flags that documents of ours name and that do nothing yet.
var planned = []string{"--api-keys", "--embed-origins", "--nats", "--trusted-proxies"}

// explain adds what to write to an error of the parser, which names the flag
// first.
func explain(err error, flags []*kong.Flag) error {
	text := err.Error()
	for _, flag := range planned {
		if strings.HasPrefix(text, "unknown flag "+flag) {
			return fmt.Errorf("%s: this version cannot do that yet; leave it out", flag)
		}
	}
	for _, flag := range flags {
		if strings.HasPrefix(text, "--"+flag.Name+":") || strings.HasPrefix(text, "--"+flag.Name+"=") {
			return fmt.Errorf("%s; write %s", text, flag.Tag.Get("write"))
		}
	}
	return fmt.Errorf("%s; overtime --help lists every flag", text)
}

// Level is --log-level for slog.
func (c Config) Level() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // check has seen it
	return level
}

// TLS reports whether HTTPS is served by this process.
func (c Config) TLS() bool { return c.TLSCert != "" }

// Origins are the pages that may connect although requests come to another
// host, written as browsers do. A proxy may change the host.
func (c Config) Origins() []string {
	u, err := url.Parse(strings.ToLower(c.PublicURL))
	if err != nil || u.Host == "" {
		return nil
	}
	host := u.Host
	for scheme, port := range map[string]string{"http": ":80", "https": ":443"} {
		if u.Scheme == scheme {
			host = strings.TrimSuffix(host, port)
		}
	}
	return []string{u.Scheme + "://" + host}
}
