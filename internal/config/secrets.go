package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Secrets is text with a secret in each of its lines. However it is printed, it
// shows where it came from and nothing else.
type Secrets struct {
	// From is where it came from, for sentences about it; empty if it was not
	// given.
	From string
	Text string
}

func (s Secrets) String() string { return s.From }

// GoString is String, so that %#v shows no more.
func (s Secrets) GoString() string { return s.String() }

// about is an error that reading the text gave, as a sentence that says where.
func (s Secrets) about(err error) error { return fmt.Errorf("%s, %w", s.From, err) }

// Read reads what the text says. Its error is a sentence that says where.
func Read[T any](s Secrets, parse func(text string) (T, error)) (T, error) {
	v, err := parse(s.Text)
	if err != nil {
		err = s.about(err)
	}
	return v, err
}

// maxSecrets bounds a file of secrets, in bytes.
const maxSecrets = 1 << 20

// apiKeyEnv holds API keys themselves, where files are hard to come by.
// Arguments never do: everybody on the machine can read those.
const apiKeyEnv = envPrefix + "API_KEY"

// readSecrets reads what the flags for files of secrets name.
func (c *Config) readSecrets(getenv func(string) string) (err error) {
	keys := getenv(apiKeyEnv)
	if keys != "" && c.APIKeys != "" {
		return fmt.Errorf("--api-keys and %s are both there; keep the keys in one of them", apiKeyEnv)
	}
	if keys != "" {
		c.APIKeyLines = Secrets{From: apiKeyEnv, Text: strings.ReplaceAll(keys, ";", "\n")}
	} else if c.APIKeyLines, err = secretsOf("--api-keys", c.APIKeys); err != nil {
		return err
	}
	c.WebhookLines, err = secretsOf("--webhooks", c.Webhooks)
	return err
}

// secretsOf reads the file that a flag names. The path is repeated only once
// there is such a file: until then it may be a secret, given in its place.
func secretsOf(flag, path string) (Secrets, error) {
	if path == "" {
		return Secrets{}, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return Secrets{}, fmt.Errorf("%s: the file cannot be read (%w); write the path of a file that this user may read", flag, reason(err))
	}
	defer file.Close() //nolint:errcheck // it was read only
	text, err := io.ReadAll(io.LimitReader(file, maxSecrets+1))
	from := flag + " " + path
	switch {
	case err != nil:
		return Secrets{}, fmt.Errorf("%s: the file cannot be read (%w); write the path of a file that this user may read", from, reason(err))
	case len(strings.TrimSpace(string(text))) == 0:
		return Secrets{}, fmt.Errorf("%s: the file is empty; write one secret for each line", from)
	case len(text) > maxSecrets:
		return Secrets{}, fmt.Errorf("%s: more than 1 MiB; write the path of a file with one secret for each line", from)
	}
	return Secrets{From: from, Text: string(text)}, nil
}

// reason is why a file could not be used, without its path.
func reason(err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}

// Warnings are sentences about what works and should not stay so.
func (c Config) Warnings() []string {
	var all []string
	for _, f := range []struct{ flag, path string }{{"--api-keys", c.APIKeys}, {"--webhooks", c.Webhooks}, {"--tls-key", c.TLSKey}} {
		info, err := os.Stat(f.path)
		if f.path == "" || err != nil || !info.Mode().IsRegular() || info.Mode()&0o077 == 0 {
			continue
		}
		all = append(all, fmt.Sprintf("%s %s: other users of this machine may read these secrets; chmod 600 keeps them to this one", f.flag, f.path))
	}
	return all
}
