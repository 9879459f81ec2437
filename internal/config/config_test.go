package config_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/config"
)

// command runs Parse without the environment of the machine.
func command(args []string, env map[string]string) (config.Command, error) {
	return config.Parse(args, func(name string) string { return env[name] }, &bytes.Buffer{})
}

// parse is command for the server's.
func parse(args []string, env map[string]string) (config.Config, error) {
	c, err := command(args, env)
	if serve, ok := c.(*config.Config); ok {
		return *serve, err
	}
	return config.Config{}, err
}

func TestDefaults(t *testing.T) {
	c, err := parse(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != ":8080" || c.Data != "data" || c.RTCPort != 7882 || c.Minute != time.Minute ||
		c.Create != "open" || c.PublicURL != "" || c.TLS() || c.RTCAllowCM || len(c.RTCIP) != 0 || len(c.EmbedOrigins) != 0 || c.Level() != slog.LevelInfo {
		t.Errorf("defaults are %+v", c)
	}
}

func TestArgumentsBeforeEnvironment(t *testing.T) {
	env := map[string]string{
		"OVERTIME_ADDR":         "127.0.0.1:1",
		"OVERTIME_RTC_PORT":     "2",
		"OVERTIME_RTC_IP":       "203.0.113.7,203.0.113.8",
		"OVERTIME_RTC_ALLOW_CM": "true",
		"OVERTIME_MINUTE":       "1s",
		"OVERTIME_LOG_LEVEL":    "", // set but empty, as compose files do
		"OVERTIME_PUBLIC_URL":   "https://meet.example.org/",
	}
	c, err := parse([]string{"--rtc-port", "3"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:1" || c.RTCPort != 3 || !c.RTCAllowCM || c.Minute != time.Second || c.LogLevel != "info" {
		t.Errorf("got %+v", c)
	}
	if !slices.Equal(c.RTCIP, []string{"203.0.113.7", "203.0.113.8"}) {
		t.Errorf("addresses %q", c.RTCIP)
	}
	if c.PublicURL != "https://meet.example.org" {
		t.Errorf("public URL %q keeps its slash", c.PublicURL)
	}
}

// TestOrigins: the public address may connect, as a browser would write it.
func TestOrigins(t *testing.T) {
	for public, want := range map[string][]string{
		"":                              nil,
		"https://meet.example.org":      {"https://meet.example.org"},
		"https://Meet.Example.org:443/": {"https://meet.example.org"},
		"http://meet.example.org:80":    {"http://meet.example.org"},
		"https://meet.example.org:8443": {"https://meet.example.org:8443"},
		"http://meet.example.org:443":   {"http://meet.example.org:443"},
		"https://meet.example.org:0443": {"https://meet.example.org"},
		"https://meet.example.org:08":   {"https://meet.example.org:8"},
		"https://meet.example.org:":     {"https://meet.example.org"},
		"http://[2001:DB8:0:0::7]:80":   {"http://[2001:db8::7]"},
		"http://192.0.2.7:8080":         {"http://192.0.2.7:8080"},
		"https://xn--gre-6ka8i.example": {"https://xn--gre-6ka8i.example"},
	} {
		c, err := parse([]string{"--public-url", public}, nil)
		if err != nil || !slices.Equal(c.Origins(), want) {
			t.Errorf("%q: %q, %v, want %q", public, c.Origins(), err, want)
		}
	}
}

// TestEmbedOrigins: whatever is written, it is compared with what browsers send.
func TestEmbedOrigins(t *testing.T) {
	for given, want := range map[string][]string{
		"https://portal.example":                                    {"https://portal.example"},
		"https://Portal.Example/":                                   {"https://portal.example"},
		"HTTPS://portal.example:443,http://portal.example:80":       {"https://portal.example", "http://portal.example"},
		"https://portal.example:8443":                               {"https://portal.example:8443"},
		"https://portal.example:0443":                               {"https://portal.example"},
		"https://portal.example:":                                   {"https://portal.example"},
		"http://portal.example:443":                                 {"http://portal.example:443"},
		"http://localhost:3000, http://127.0.0.1:3000":              {"http://localhost:3000", "http://127.0.0.1:3000"},
		"https://b.example,https://a.example,https://B.example:443": {"https://b.example", "https://a.example"},
		"https://xn--gre-6ka8i.example":                             {"https://xn--gre-6ka8i.example"},
		"":                                                          nil, // set but empty
	} {
		c, err := parse(nil, map[string]string{"OVERTIME_EMBED_ORIGINS": given})
		if err != nil || !slices.Equal(c.EmbedOrigins, want) {
			t.Errorf("%q: %q, %v, want %q", given, c.EmbedOrigins, err, want)
		}
	}
	c, err := parse([]string{"--embed-origins", "https://a.example", "--embed-origins=https://b.example"}, nil)
	if err != nil || !slices.Equal(c.EmbedOrigins, []string{"https://a.example", "https://b.example"}) {
		t.Errorf("repeated: %q, %v", c.EmbedOrigins, err)
	}
}

func TestRepeatedAddress(t *testing.T) {
	c, err := parse([]string{"--rtc-ip", "203.0.113.7", "--rtc-ip=203.0.113.8"}, nil)
	if err != nil || !slices.Equal(c.RTCIP, []string{"203.0.113.7", "203.0.113.8"}) {
		t.Errorf("got %q, %v", c.RTCIP, err)
	}
}

func TestHurriedMinuteOnLoopback(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:8080", "localhost:8080", "[::1]:8080"} {
		if _, err := parse([]string{"--minute", "1s", "--addr", addr}, nil); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

// TestSentences holds every way to be refused. Each says what to write.
func TestSentences(t *testing.T) {
	for args, want := range map[string]string{
		"--adr :1":                           "unknown flag --adr, did you mean",
		"--nats nats://x":                    "--nats: this version cannot do that yet; leave it out",
		"serv":                               "unexpected argument serv; overtime --help lists every command and flag",
		"serve serve":                        "unexpected argument serve",
		"--addr 8080":                        "write host:port or :port, such as :8080",
		"--addr :http":                       "write a number from 0 (any free port) to 65535, such as :8080",
		"--addr :70000":                      "write a number from 0 (any free port) to 65535, such as :8080",
		"--data=":                            "write the path of a folder, such as data",
		"--rtc-port many":                    "write a number from 0 (any free port) to 65535, such as 7882",
		"--rtc-port 65536":                   "write a number from 0 (any free port) to 65535, such as 7882",
		"--rtc-port=-1":                      "write a number from 0 (any free port) to 65535, such as 7882",
		"--rtc-ip meet.example":              "write one that browsers can reach, such as 203.0.113.7 (names are not looked up)",
		"--rtc-ip 0.0.0.0":                   "write this server's address as they see it",
		"--rtc-ip 2001:db8::7":               "sound and pictures travel by IPv4 only; write an IPv4 address",
		"--rtc-ip ::ffff:1.2.3.4":            "write an IPv4 address that browsers can reach, such as 203.0.113.7",
		"--rtc-allow-cm=perhaps":             "write true or false",
		"--public-url meet":                  "write scheme and host, such as https://meet.example.org",
		"--public-url ftp://meet":            "write scheme and host, such as https://meet.example.org",
		"--public-url https://größe.example": "not a name that browsers send; write it in letters, digits, dots and hyphens (as xn--… if it has others)",
		"--public-url https://[2001:db8::7%25eth0]":         "not a name that browsers send",
		"--public-url https://meet.example.org:0":           "not a port; write a number from 1 to 65535, or leave it out",
		"--public-url https://meet.example.org:70000":       "not a port; write a number from 1 to 65535, or leave it out",
		"--public-url https://meet.example.org/video":       "write https://meet.example.org",
		"--public-url https://meet.example.org?a=b":         "write https://meet.example.org",
		"--tls-cert a.pem":                                  "add --tls-key with the file of its private key",
		"--tls-key a.pem":                                   "add --tls-cert with the file of the chain",
		"--tls-cert none.pem --tls-key none.pem":            "write the paths of two PEM files",
		"--create api":                                      "there are no API keys, so nobody could create a meeting; add --api-keys FILE, or write open",
		"--create closed":                                   "write open or api",
		"--api-keys none":                                   "--api-keys: the file cannot be read (no such file or directory); write the path",
		"--webhooks none":                                   "--webhooks: the file cannot be read (no such file or directory); write the path",
		"--webhook-private=perhaps":                         "write true or false",
		"--people-per-address some":                         "write a number from 20 to 10000",
		"--people-per-address 19":                           "write a number from 20 to 10000",
		"--people-per-address 10001":                        "write a number from 20 to 10000",
		"--max-connections few":                             "write a number, such as 15000",
		"--max-connections=-1":                              "write 200 or more",
		"--max-connections 20":                              "write 200 or more",
		"--trusted-proxies proxy":                           "write such as 10.0.0.5 or 10.0.0.0/8 (names are not looked up)",
		"--trusted-proxies 10.0.0.0/33":                     "write such as 10.0.0.5 or 10.0.0.0/8",
		"--trusted-proxies 10.0.0.5,0.0.0.0/0":              "write the addresses of your proxies, such as 10.0.0.5",
		"--trusted-proxies ::/0":                            "write the addresses of your proxies",
		"--trusted-proxies ::ffff:0.0.0.0/96":               "write the addresses of your proxies",
		"--embed-origins portal.example":                    "portal.example: not an origin; write scheme and host",
		"--embed-origins portal.example:443":                "not an origin; write scheme and host",
		"--embed-origins //portal.example":                  "not an origin; write scheme and host",
		"--embed-origins ftp://portal.example":              "not an origin; write scheme and host",
		"--embed-origins https://":                          "not an origin; write scheme and host",
		"--embed-origins https://a.example,,":               "--embed-origins : not an origin; write scheme and host",
		"--embed-origins *":                                 "there are no wildcards, because every name below would be trusted; write each origin, such as",
		"--embed-origins https://*.portal.example":          "there are no wildcards",
		"--embed-origins https://a.example,null":            "null: that is what files and sandboxed frames are called, anybody's; write scheme and host",
		"--embed-origins https://portal.example/video":      "more than an origin, and browsers tell no more of a page; write https://portal.example",
		"--embed-origins https://Portal.example:443?a=b":    "write https://portal.example",
		"--embed-origins https://portal.example#":           "write https://portal.example",
		"--embed-origins https://me:secret@portal.example":  "--embed-origins has a user's name in it; write scheme and host",
		"--embed-origins https://[2001:db8::7]:3000":        "browsers take no IPv6 address as the origin of a page around; write its name",
		"--embed-origins https://portal.example;script-src": "write it in letters, digits, dots and hyphens",
		"--embed-origins https://'self'":                    "write it in letters, digits, dots and hyphens",
		"--embed-origins https://größe.example":             "(as xn--… if it has others)",
		"--embed-origins https://.":                         "write it in letters, digits, dots and hyphens",
		"--embed-origins https://:443":                      "write it in letters, digits, dots and hyphens",
		"--embed-origins https://portal.example:0":          "not a port; write a number from 1 to 65535, or leave it out",
		"--embed-origins https://portal.example:70000":      "write a number from 1 to 65535, or leave it out",
		"--minute 1":                      "write a duration from 10ms to 1m, such as 1s",
		"--minute 2m":                     "write a duration from 10ms to 1m, such as 1s",
		"--minute 1ms":                    "write a duration from 10ms to 1m, such as 1s",
		"--minute 1s":                     "write --addr 127.0.0.1:8080 as well",
		"--minute 1s --addr 192.0.2.1:80": "write --addr 127.0.0.1:8080 as well",
		"--keep 90":                       "write days or hours, such as 90d or 36h, or 0 for ever",
		"--keep 9x":                       "write days or hours, such as 90d or 36h, or 0 for ever",
		"--keep -1d":                      "write days or hours, such as 90d or 36h, or 0 for ever",
		"--keep 99999999999d":             "write days or hours, such as 90d or 36h, or 0 for ever",
		"--keep 5m":                       "--keep 5m0s: too short or too long; write days or hours from 1h on, such as 90d, or 0 for ever",
		"--keep-chat 5m":                  "--keep-chat 5m0s: too short or too long; write days or hours from 1h on, such as 90d, or 0 for as long as the session",
		"--keep=-2h":                      "write days or hours from 1h on",
		"--log-level loud":                "write debug, info, warn or error",
	} {
		t.Run(args, func(t *testing.T) {
			_, err := parse(strings.Fields(args), nil)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), want) {
				t.Errorf("says %q, not %q", err, want)
			}
		})
	}
}

func TestSentenceForEnvironment(t *testing.T) {
	_, err := parse(nil, map[string]string{"OVERTIME_RTC_PORT": "many"})
	if err == nil || !strings.Contains(err.Error(), "write a number from 0") {
		t.Errorf("says %v", err)
	}
}

// TestProxies: networks and addresses, however they are written.
func TestProxies(t *testing.T) {
	c, err := parse([]string{"serve", "--trusted-proxies", "10.0.0.5,10.1.2.3/8", "--trusted-proxies", "2001:db8::1,::ffff:192.0.2.0/120,fe80::1%eth0"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "[10.0.0.5/32 10.0.0.0/8 2001:db8::1/128 192.0.2.0/24 fe80::1/128]"
	if got := fmt.Sprint(c.Proxies()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	_, err := config.Parse([]string{"--help"}, func(string) string { return "" }, &out)
	if !errors.Is(err, config.ErrHelp) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"--rtc-port", "OVERTIME_RTC_PORT", "room create"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("help lacks %s:\n%s", want, &out)
		}
	}
}
