package config_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overtime/internal/config"
)

const secret = "portal:7sYcQx2pVn0mKbT4LrWgE9hZaUdJ6fRo"

// mustFile makes a file of a mode and is its path.
func mustFile(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
	return path
}

// TestSecrets: files by their path, API keys also by themselves.
func TestSecrets(t *testing.T) {
	keys, hooks := mustFile(t, secret+"\n", 0o600), mustFile(t, "https://portal.example whsec_x\n", 0o600)
	c, err := parse([]string{"--api-keys", keys, "--webhooks", hooks, "--webhook-private"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.APIKeyLines != (config.Secrets{From: "--api-keys " + keys, Text: secret + "\n"}) || !c.WebhookPrivate ||
		c.WebhookLines != (config.Secrets{From: "--webhooks " + hooks, Text: "https://portal.example whsec_x\n"}) {
		t.Errorf("read %q of %s and %q of %s", c.APIKeyLines.Text, c.APIKeyLines, c.WebhookLines.Text, c.WebhookLines)
	}
	if warnings := c.Warnings(); len(warnings) != 0 {
		t.Errorf("warns %q", warnings)
	}
	c, err = parse(nil, map[string]string{"OVERTIME_API_KEYS": keys})
	if err != nil || c.APIKeyLines.Text != secret+"\n" {
		t.Errorf("by the path in the environment: %v, %v", c.APIKeyLines, err)
	}
	c, err = parse(nil, map[string]string{"OVERTIME_API_KEY": "a:1;b:2\nc:3"})
	if err != nil || c.APIKeyLines != (config.Secrets{From: "OVERTIME_API_KEY", Text: "a:1\nb:2\nc:3"}) {
		t.Errorf("in the environment: %q of %s, %v", c.APIKeyLines.Text, c.APIKeyLines, err)
	}
	if c, err = parse(nil, nil); err != nil || c.APIKeyLines != (config.Secrets{}) || c.WebhookLines != (config.Secrets{}) {
		t.Errorf("without any: %v, %v, %v", c.APIKeyLines, c.WebhookLines, err)
	}
}

// TestWhoCreates follows from whether there are keys.
func TestWhoCreates(t *testing.T) {
	keys := map[string]string{"OVERTIME_API_KEY": secret}
	for _, c := range []struct {
		env        map[string]string
		args, want string
	}{
		{nil, "", "open"}, {nil, "--create open", "open"},
		{keys, "", "api"}, {keys, "--create api", "api"}, {keys, "--create open", "open"},
	} {
		if got, err := parse(strings.Fields(c.args), c.env); err != nil || got.Create != c.want {
			t.Errorf("%q with %v: %s, %v, want %s", c.args, c.env, got.Create, err, c.want)
		}
	}
}

// TestSecretsStay: what was given by mistake is not repeated, nor is anything
// of it in the help or in a printed Config.
func TestSecretsStay(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
	}{
		"KeyAsPath":      {[]string{"--api-keys", secret}, nil},
		"KeyAsPathInEnv": {nil, map[string]string{"OVERTIME_API_KEYS": secret}},
		"HookAsPath":     {[]string{"--webhooks", "https://portal.example " + secret}, nil},
		"Both":           {[]string{"--api-keys", "none"}, map[string]string{"OVERTIME_API_KEY": secret}},
		"KeyAsFlag":      {[]string{"--api-key", "x"}, map[string]string{"OVERTIME_API_KEY": secret}},
		"Folder":         {[]string{"--api-keys", os.TempDir()}, nil},
		"Large":          {[]string{"--webhooks", mustFile(t, strings.Repeat(secret+"\n", 50_000), 0o600)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parse(c.args, c.env); err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("says %v", err)
			}
		})
	}
	env := map[string]string{"OVERTIME_API_KEY": secret}
	var out bytes.Buffer
	_, _ = config.Parse([]string{"--help"}, func(name string) string { return env[name] }, &out)
	c, err := parse(nil, env)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{out.String(), fmt.Sprint(c), fmt.Sprintf("%+v %#v %v", c, c, &c)} {
		if strings.Contains(text, secret) || text == "" {
			t.Errorf("tells %s", text)
		}
	}
}

// TestWarnings: secrets that others may read work, and are said to be so.
func TestWarnings(t *testing.T) {
	for mode, want := range map[os.FileMode]int{0o600: 0, 0o400: 0, 0o640: 2, 0o604: 2, 0o644: 2, 0o622: 2} {
		path := mustFile(t, secret, mode)
		c, err := parse([]string{"--api-keys", path, "--webhooks", path}, nil)
		if err != nil {
			t.Fatal(err)
		}
		warnings := c.Warnings()
		if len(warnings) != want {
			t.Errorf("mode %v: warns %q", mode, warnings)
		}
		for _, w := range warnings {
			if !strings.Contains(w, path) || !strings.Contains(w, "chmod 600") || strings.Contains(w, secret) {
				t.Errorf("warns %q", w)
			}
		}
	}
}
