package config_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"overtime/internal/config"
)

// TestCommands is each command with everything that may be said to it.
func TestCommands(t *testing.T) {
	in := config.Folder{Data: "d"}
	latest := time.Date(2026, 3, 4, 15, 45, 0, 0, time.UTC)
	for args, want := range map[string]config.Command{
		"room create --minutes 60": &config.RoomCreate{Folder: config.Folder{Data: "data"}, Minutes: 60},
		"room create --data d --minutes 60 --name Review --external-id x-7 --extension-minutes 20 --extend-by moderators" +
			" --latest-end 2026-03-04T15:45:00Z --capacity 20 --waiting-room --reusable --json": &config.RoomCreate{
			Folder: in, Minutes: 60, Name: "Review", ExternalID: "x-7", ExtensionMinutes: 20, ExtendBy: "moderators",
			LatestEnd: latest, Capacity: 20, WaitingRoom: true, Reusable: true, JSON: true,
		},
		"room list --data d --json":           &config.RoomList{Folder: in, JSON: true},
		"room show --data d abc":              &config.RoomShow{Folder: in, ID: "abc"},
		"room end abc --data d --reason Fire": &config.RoomEnd{Folder: in, ID: "abc", Reason: "Fire"},
		"token abc --data d":                  &config.Token{Folder: in, ID: "abc", Role: "participant"},
		"token --data d abc --role viewer --name A --user-ref u": &config.Token{
			Folder: in, ID: "abc", Role: "viewer", Name: "A", UserRef: "u",
		},
		"audit --data d --room abc --after 17": &config.Audit{Folder: in, Room: "abc", After: "17"},
		"audit --data d --verify":              &config.Audit{Folder: in, Verify: true},
		"backup --data d file.zip":             &config.Backup{Folder: in, File: "file.zip"},
		"restore file.zip --data d":            &config.Restore{Folder: in, File: "file.zip"},
		"salvage --data d":                     &config.Salvage{Folder: in},
		"downgrade --data d":                   &config.Downgrade{Folder: in},
		"keys rotate --data d":                 &config.KeysRotate{Folder: in},
		"version":                              &config.Version{},
		"version --json":                       &config.Version{JSON: true},
		"--version":                            &config.Version{},
		"serve --addr nonsense --version":      &config.Version{},
		"join http://localhost/r/a#t":          &config.Join{Link: "http://localhost/r/a#t", Name: "Guest"},
		"join http://localhost/r/a#t --name Ada --for 30s": &config.Join{
			Link: "http://localhost/r/a#t", Name: "Ada", For: 30 * time.Second,
		},
	} {
		if got, err := command(strings.Fields(args), nil); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", args, got, err, want)
		}
	}
}

// TestServeIsMeant: with or without the word.
func TestServeIsMeant(t *testing.T) {
	for _, args := range []string{"", "serve", "--addr :1", "serve --addr :1"} {
		if got, err := command(strings.Fields(args), nil); err != nil || reflect.TypeOf(got) != reflect.TypeFor[*config.Config]() {
			t.Errorf("%q is %T, %v", args, got, err)
		}
	}
}

// TestCommandEnvironment: of the environment a command takes the data folder,
// and nothing that is the server's alone or nobody's.
func TestCommandEnvironment(t *testing.T) {
	env := map[string]string{"OVERTIME_DATA": "d", "OVERTIME_NAME": "x", "OVERTIME_ROLE": "moderator", "OVERTIME_ADDR": "nonsense", "OVERTIME_CREATE": "api"}
	got, err := command([]string{"token", "abc"}, env)
	if want := (&config.Token{Folder: config.Folder{Data: "d"}, ID: "abc", Role: "participant"}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestCommandSentences holds every way to be refused.
func TestCommandSentences(t *testing.T) {
	for args, want := range map[string]string{
		"room":                    `expected one of "create", "list", "show", "end"; overtime --help lists every command and flag`,
		"rooms":                   "unexpected argument rooms",
		"room make":               "unexpected argument make",
		"room create":             "missing flags: --minutes=N",
		"room create --minutes x": "write a whole number of minutes, such as 60",
		"room create --minutes 0": "write a whole number of minutes, such as 60",
		"room create --minutes 1 --capacity many":   "write a whole number, such as 50",
		"room create --minutes 1 --latest-end soon": "write a time, such as 2026-03-04T15:45:00Z",
		"room create --minutes 1 --reusable=often":  "write true or false",
		"room create --minutes 1 --addr :1":         "unknown flag --addr",
		"room show":                                 `expected "<id>"`,
		"room show --data= x":                       "--data is empty; write the path of a folder, such as data",
		"room end":                                  `expected "<id>"`,
		"room end a b":                              "unexpected argument b",
		"token":                                     `expected "<id>"`,
		"audit --verify --room abc":                 "--verify reads the whole audit; leave --room and --after out",
		"audit --verify --after 7":                  "--verify reads the whole audit; leave --room and --after out",
		"backup":                                    `expected "<file>"`,
		"restore":                                   `expected "<file>"`,
		"keys":                                      `expected "rotate"`,
		"join":                                      `expected "<link>"`,
		"join x --for long":                         "write a duration, such as 30s",
		"join x --for=-1s":                          "write a duration, such as 30s",
		"--data d room list":                        "--data",
	} {
		t.Run(args, func(t *testing.T) {
			c, err := command(strings.Fields(args), nil)
			if err == nil {
				t.Fatalf("accepted: %+v", c)
			}
			if !strings.Contains(err.Error(), want) {
				t.Errorf("says %q, not %q", err, want)
			}
		})
	}
}

// TestCommandHelp: each command has help, which names only what it takes.
func TestCommandHelp(t *testing.T) {
	for args, want := range map[string]string{
		"room create --help": "--minutes=N", "token --help": "--user-ref=TEXT", "join --help": "--for=DURATION", "room --help": "room end <id>",
	} {
		var out bytes.Buffer
		_, err := config.Parse(strings.Fields(args), func(string) string { return "" }, &out)
		if !errors.Is(err, config.ErrHelp) || !strings.Contains(out.String(), want) || strings.Contains(out.String(), "--rtc-port") ||
			strings.Contains(out.String(), "OVERTIME_NAME") {
			t.Errorf("%s: %v\n%s", args, err, &out)
		}
	}
}
