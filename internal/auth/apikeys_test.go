package auth_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"overtime/internal/auth"
)

// Secrets as a careful operator makes them.
const (
	portal = "7sYcQx2pVn0mKbT4LrWgE9hZaUdJ6fRo"
	clinic = "aGk3Lw+Zq8/Tn5Vb1Xc7Yd2Re6Uf9Pm0Sj4Ho="
)

func mustAPIKeys(t *testing.T, text string) *auth.APIKeys {
	t.Helper()
	k, err := auth.ParseAPIKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAPIKeys(t *testing.T) {
	k := mustAPIKeys(t, "# who may call\n\nportal:"+portal+"\r\n  clinic-2_B:"+clinic+"  \n")
	none := mustAPIKeys(t, "")
	for header, want := range map[string]string{
		"Bearer portal:" + portal:           "portal",
		"bearer portal:" + portal:           "portal",
		"Bearer clinic-2_B:" + clinic:       "clinic-2_B",
		"":                                  "",
		"Bearer":                            "",
		"Bearer ":                           "",
		"Bearer portal":                     "",
		"Bearer portal:":                    "",
		"Bearer :" + portal:                 "",
		"Bearer " + portal:                  "",
		"Bearer portal:" + clinic:           "",
		"Bearer Portal:" + portal:           "",
		"Bearer portal:" + portal[1:]:       "",
		"Bearer portal:" + portal + "x":     "",
		"Bearer nobody:" + portal:           "",
		"Bearer nobody:":                    "",
		"Basic portal:" + portal:            "",
		"Bearerportal:" + portal:            "",
		"portal:" + portal:                  "",
		"Bearer portal:" + portal + ":more": "",
	} {
		if id, ok := k.Check(header); id != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", header, id, ok)
		}
		if id, ok := none.Check(header); id != "" || ok {
			t.Errorf("without keys %q: %q", header, id)
		}
	}
}

// TestAPIKeysRefused: the sentence names the line and never the secret.
func TestAPIKeysRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"Blank":         {" \n", "write id:secret in one"},
		"CommentsOnly":  {"# portal:" + portal, "write id:secret in one"},
		"NoColon":       {"# x\n" + portal, "line 2: it is no key"},
		"SecretFirst":   {portal + "/:portal", "line 1: it is no key"},
		"Reversed":      {portal + ":portal", "line 1: the secret has 6"},
		"NoID":          {":" + portal, "line 1: it is no key"},
		"LongID":        {strings.Repeat("p", 33) + ":" + portal, "up to 32"},
		"IDSpace":       {"por tal:" + portal, "line 1: it is no key"},
		"Short":         {"portal:" + portal[:31], "line 1: the secret has 31 characters, and 32 is the least"},
		"NoSecret":      {"portal:", "line 1: it is no key"},
		"OneByte":       {"portal:" + strings.Repeat("x", 40), "line 1: the secret can be guessed"},
		"Default":       {"portal:" + strings.Repeat("changeme", 4), "can be guessed"},
		"Piece":         {"portal:" + strings.Repeat("0123456789abcdef", 2), "can be guessed"},
		"PieceCut":      {"portal:" + strings.Repeat("password-1", 4)[:35], "can be guessed"},
		"Space":         {"portal:" + portal + " " + portal, "no header can carry"},
		"NotASCII":      {"portal:" + portal + "\u00e9", "no header can carry"},
		"Operator":      {"portal:" + portal + "\noperator:" + clinic, "line 2: the id operator is what the audit calls whoever operates the server; give the key another"},
		"OperatorCase":  {"Operator:" + clinic, "give the key another"},
		"Twice":         {"portal:" + portal + "\nportal:" + clinic, "line 2: it has the id of line 1"},
		"SecondIsShort": {"clinic:" + clinic + "\nportal:short", "line 2: the secret has 5"},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := auth.ParseAPIKeys(c.text)
			if err == nil || k != nil {
				t.Fatalf("read %v", k)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("says %q, not %q", err, c.want)
			}
			for _, secret := range []string{portal[:31], clinic, "changeme", "password", "0123456789"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("tells the secret: %q", err)
				}
			}
		})
	}
}

// TestAPIKeysKeepQuiet: no way to print them shows more than ids.
func TestAPIKeysKeepQuiet(t *testing.T) {
	k := mustAPIKeys(t, "portal:"+portal+"\nclinic:"+clinic)
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("keys", "keys", k)
	}
	for _, text := range []string{
		k.String(), fmt.Sprint(k), fmt.Sprintf("%v %+v %#v %s", k, k, k, k), log.String(),
	} {
		if !strings.Contains(text, "API keys clinic, portal") {
			t.Errorf("prints %q", text)
		}
		if strings.Contains(text, portal) || strings.Contains(text, "digests") || strings.Contains(text, "0x") {
			t.Errorf("tells %q", text)
		}
	}
	if none := (*auth.APIKeys)(nil).String(); none != "no API keys" {
		t.Errorf("without keys: %q", none)
	}
}

// FuzzParseAPIKeys: a key that is taken lets its holder in and nobody else, and
// no error repeats what stood there.
func FuzzParseAPIKeys(f *testing.F) {
	for _, line := range []string{"portal:" + portal, "portal:", ":", "#", "portal:" + portal + "\nportal:" + clinic, portal} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := auth.ParseAPIKeys(text)
		_, secret, _ := strings.Cut(strings.TrimSpace(text), ":")
		if err != nil {
			if len(secret) > auth.MinSecret && strings.Contains(err.Error(), secret) {
				t.Fatalf("%q", err)
			}
			return
		}
		if id, ok := k.Check("Bearer nobody-knows:" + secret); ok {
			t.Fatalf("somebody else is %q", id)
		}
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			id, _, _ := strings.Cut(line, ":")
			if got, ok := k.Check("Bearer " + line); !ok || got != id {
				t.Fatalf("%q lets in %q, %v", line, got, ok)
			}
		}
	})
}
