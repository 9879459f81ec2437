// Command portal is a clinic's appointments: the example that makers of portals
// copy from. It books rooms, lets people in, shows the meeting in its own page and
// is told what happens, with what docs/api.md and docs/embedding.md say and nothing
// of the project's packages. README.md says what to look at in which file.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "portal:", err)
		os.Exit(1)
	}
}

// run serves until ctx is done.
func run(ctx context.Context, args []string, getenv func(string) string, out, log io.Writer) error {
	s, err := settingsOf(args, getenv, log)
	if err != nil {
		return err
	}
	site, err := newSite(s, log)
	if err != nil {
		return err
	}
	listen, err := net.Listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("%w; is another program using it? Give --addr another port", err)
	}
	server := &http.Server{
		Handler:           site.handler(),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listen) }()
	fmt.Fprintf(out, "The portal is ready: http://%s\n", listen.Addr())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return server.Shutdown(last)
}

// settings are what the portal is started with.
type settings struct {
	addr     string
	overtime string // the origin of the server: scheme://host[:port]
	key      string // id:secret; it never leaves this program but to Overtime
	secret   string // whsec_ and base64; Overtime signs webhooks with it
}

// settingsOf reads flags, and the environment for what no flag gives. The key and
// the secret come from the environment or from files: everybody on the machine
// can read the arguments of a program.
func settingsOf(args []string, getenv func(string) string, log io.Writer) (settings, error) {
	var s settings
	var keyFile, secretFile string
	flags := flag.NewFlagSet("portal", flag.ContinueOnError)
	flags.SetOutput(log)
	flags.StringVar(&s.addr, "addr", cmp.Or(getenv("PORTAL_ADDR"), "127.0.0.1:8090"), "`address` to serve on (PORTAL_ADDR)")
	flags.StringVar(&s.overtime, "overtime", cmp.Or(getenv("PORTAL_OVERTIME"), "http://localhost:8080"), "`URL` of the Overtime server (PORTAL_OVERTIME)")
	flags.StringVar(&keyFile, "api-key", "", "`file` with the API key, id:secret; or put the key into PORTAL_API_KEY")
	flags.StringVar(&secretFile, "webhook-secret", "", "`file` with the webhook's secret, whsec_...; or put it into PORTAL_WEBHOOK_SECRET")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, errors.New("it takes flags only; --help lists them")
	}
	u, err := url.Parse(s.overtime)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return s, errors.New("--overtime is no origin; write it like https://meet.example")
	}
	s.overtime = u.Scheme + "://" + u.Host
	var noKey, noSecret error
	s.key, noKey = private(keyFile, "--api-key", getenv("PORTAL_API_KEY"), "PORTAL_API_KEY")
	s.secret, noSecret = private(secretFile, "--webhook-secret", getenv("PORTAL_WEBHOOK_SECRET"), "PORTAL_WEBHOOK_SECRET")
	return s, errors.Join(noKey, noSecret)
}

// private is a secret out of a file or out of the environment. No error repeats
// what was given: it may be the secret itself, in the wrong place.
func private(file, flag, value, variable string) (string, error) {
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("%s: there is no such file that can be read; name one, or put what would be in it into %s", flag, variable)
		}
		value = string(text)
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", fmt.Errorf("there is nothing in %s, nor in a file of %s", variable, flag)
	}
	return value, nil
}
