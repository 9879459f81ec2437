// Package config is what an operator may say: commands, flags, and the server's
// flags as OVERTIME_… in the environment. A value that cannot be meant stops the
// start with a sentence that says what to write instead, and repeats no secret.
//
// It is called by the server's main, and package operator does what its commands
// say. It must not know the packages that the values are for; what a flag does
// belongs there.
package config

import (
	"log/slog"
	"net/netip"
	"time"
)

// Config is every flag of the server, in the order of the help. The zero value
// is not valid: defaults come from Parse. A flag is here once what it does is
// there.
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

	TrustedProxies []string `name:"trusted-proxies" placeholder:"IP,…" help:"Addresses, or networks such as 10.0.0.0/8, of the proxies whose X-Forwarded-For is believed. May be repeated." write:"addresses or networks, such as 10.0.0.5 or 10.0.0.0/8"`

	MaxConnections int `name:"max-connections" placeholder:"NUMBER" help:"Most connections to --addr at a time; by default three quarters of the files the process may open, and 20000 at most." write:"a number, such as 15000"`

	PeoplePerAddress int `name:"people-per-address" default:"500" placeholder:"NUMBER" help:"Most people of one address (an office, a school) in meetings and lobbies at a time." write:"a number from 20 to 10000, such as 1000"`

	APIKeys string        `name:"api-keys" placeholder:"FILE" help:"File with the API keys of portals, one id:secret for each line." write:"the path of a file"`
	Create  string        `name:"create" placeholder:"open|api" help:"Who may create meetings: everybody who can open the home page, or API keys only; by default open without API keys, and api with them." write:"open or api"`
	Minute  time.Duration `name:"minute" default:"1m" placeholder:"DURATION" help:"Length of one minute of a meeting, for trying it out; anything but 1m needs a loopback --addr." write:"a duration from 10ms to 1m, such as 1s"`

	Webhooks       string `name:"webhooks" placeholder:"FILE" help:"File with the webhooks that are told what happens, one address and its whsec_ secret for each line." write:"the path of a file"`
	WebhookPrivate bool   `name:"webhook-private" help:"Let webhooks go to private and loopback addresses, but never to where clouds hand out credentials." write:"true or false"`

	Keep     Days `name:"keep" default:"90d" placeholder:"DAYS" help:"How long finished rooms and sessions are kept after their end; 0 is for ever." write:"days or hours, such as 90d or 36h, or 0 for ever"`
	KeepChat Days `name:"keep-chat" default:"24h" placeholder:"DAYS" help:"How long what was written in a session is kept after its end; 0 is as long as the session." write:"days or hours, such as 1d or 36h, or 0 for as long as the session"`

	EmbedOrigins []string `name:"embed-origins" placeholder:"ORIGIN,…" help:"Origins of the portals whose pages may show meetings in a frame, such as https://portal.example.org; by default nobody's. May be repeated." write:"origins, such as https://portal.example.org"`

	LogLevel string `name:"log-level" default:"info" placeholder:"LEVEL" help:"Least level that is logged: debug, info, warn or error." write:"debug, info, warn or error"`

	// APIKeyLines is what is in the file of --api-keys, or in OVERTIME_API_KEY;
	// WebhookLines what is in that of --webhooks.
	APIKeyLines  Secrets `kong:"-"`
	WebhookLines Secrets `kong:"-"`
}

// Level is --log-level for slog.
func (c Config) Level() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // check has seen it
	return level
}

// TLS reports whether HTTPS is served by this process.
func (c Config) TLS() bool { return c.TLSCert != "" }

// Proxies are the networks of --trusted-proxies.
func (c Config) Proxies() []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range c.TrustedProxies {
		if network, err := parseNetwork(text); err == nil { // check has seen it
			networks = append(networks, network)
		}
	}
	return networks
}
