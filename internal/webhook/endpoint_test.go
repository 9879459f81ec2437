package webhook_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"overtime/internal/webhook"
)

func TestParseEndpoints(t *testing.T) {
	got, err := webhook.ParseEndpoints("\ufeff# ours\r\n\r\nhttps://portal.example.org/hook?key=1 "+secretA+" # the clinic\r\n"+
		"\thttps://[2606:4700::1]:8443/ "+secretB+" "+secretA+"\n", false)
	if err != nil || len(got) != 2 || got[0].URL != "https://portal.example.org/hook?key=1" || got[1].URL != "https://[2606:4700::1]:8443/" {
		t.Fatalf("%v, %v", got, err)
	}
	if got[0].Where() != "https://portal.example.org/hook" {
		t.Errorf("named %s", got[0].Where())
	}
	if none, err := webhook.ParseEndpoints("# nobody\n\n", false); none != nil || err != nil {
		t.Errorf("an empty file: %v, %v", none, err)
	}
	asks, err := webhook.ParseEndpoints("https://portal.example.org/hook?key=1 chat.message "+secretA+" screen.shared "+secretB, false)
	if err != nil || asks[0].ID != got[0].ID {
		t.Errorf("with kinds of events: %v, %v", asks, err)
	}
	// What waits for an endpoint is found by its id: it may depend on nothing else
	// in the file, nor on the version.
	alone, err := webhook.ParseEndpoints("https://portal.example.org/hook?key=1 "+secretB, true)
	if err != nil || alone[0].ID != got[0].ID || alone[0].ID != "5152867e2383a37c" || got[0].ID == got[1].ID {
		t.Errorf("%v, %v", alone, err)
	}
}

// TestParseEndpointsErrors: an error names the line, says what to write, and
// holds nothing of the line.
func TestParseEndpointsErrors(t *testing.T) {
	const fine = "https://portal.example.org/a " + secretA + "\n"
	for _, c := range []struct{ file, want string }{
		{fine + "https://portal.example.org/b", "line 2: the secret is missing; write it after the URL, as whsec_"},
		{secretA + " https://portal.example.org/b", "line 1: the first word is no URL; write it as https://"},
		{"ftp://portal.example.org/b " + secretA, "no URL"},
		{"https:portal.example.org " + secretA, "no URL"},
		{"https://:443/ " + secretA, "no URL"},
		{"https://portal.example.org/%zz " + secretA, "no URL"},
		{"https://u:verysecret@portal.example.org/ " + secretA, "leave that out"},
		{"https://portal.example.org/#verysecret " + secretA, "leave that and what follows out"},
		{"https://portal.example.org/" + strings.Repeat("x", 2048) + " " + secretA, "longer than 2048 bytes"},
		{"http://portal.example.org/ " + secretA, "must begin with https://"},
		{"http://1.1.1.1/ " + secretA, "must begin with https://"},
		{"https://169.254.169.254/ " + secretA, "write its name"},
		{"http://[fd00:ec2::254]/ " + secretA, "write its name"},
		{"https://100.100.100.200/ " + secretA, "write its name"},
		{"https://168.63.129.16/ " + secretA, "write its name"},
		{"https://portal.example.org:0/ " + secretA, "the URL's port is none; write one from 1 to 65535"},
		{"https://portal.example.org:99999/ " + secretA, "the URL's port is none"},
		{"https://portal.example.org:65536/ " + secretA, "the URL's port is none"},
		{"http://[::1]:00/ " + secretA, "the URL's port is none"},
		{"https://portal.example.org:4294967739/ " + secretA, "the URL's port is none"}, // 443 in 32 bits
		{"https://[fe80::1%25eth0]/ " + secretA, "write its name"},
		{"https://portal.example.org/ chat.message", "the secret is missing"},
		{"https://portal.example.org/ " + secretA + " session.started", "a word after the URL is no secret"},
		{"https://portal.example.org/ verysecret", "a word after the URL is no secret; write it as whsec_"},
		{"https://portal.example.org/ whsec_verysecret!", "not base64"},
		{"https://portal.example.org/ whsec_dmVyeXNlY3JldHZlcnlzZWNyZXQ=", "too short or too long"},           // 17 bytes
		{"https://portal.example.org/ whsec_" + strings.Repeat("dmVy", 22), "too short or too long"},          // 66
		{"https://portal.example.org/ " + secretA + " whsec_dmVyeXNlY3JldA==", "too short or too long"},       // the second
		{"https://portal.example.org/ " + secretA + " " + secretB + " " + secretA, "there are 3 words"},       //
		{fine + "\n\n" + strings.Replace(fine, secretA, secretB, 1), "line 4: this URL is in line 1 already"}, //
	} {
		_, err := webhook.ParseEndpoints(c.file, true)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.file, err, c.want)
		} else if strings.Contains(err.Error(), "verysecret") || strings.Contains(err.Error(), "dmVy") || strings.Contains(err.Error(), secretA) {
			t.Errorf("%q: the error shows the secret: %v", c.file, err)
		}
	}
	many := ""
	for i := range 21 {
		many += fmt.Sprintf("https://portal.example.org/%d %s\n", i, secretA)
	}
	if _, err := webhook.ParseEndpoints(many, false); err == nil || !strings.Contains(err.Error(), "write at most 20") {
		t.Errorf("21 endpoints: %v", err)
	}
}

// TestPrivateEndpoints: on this machine and in private networks endpoints are
// where that is allowed, and there without HTTPS too.
func TestPrivateEndpoints(t *testing.T) {
	for _, url := range []string{
		"http://localhost:8000/", "https://localhost./", "http://127.0.0.1/", "http://[::1]:1/", "http://10.1.2.3/", "http://100.64.0.1/",
		"http://[::ffff:192.168.1.1]/", "http://[fd00::1]/", "http://portal/", "http://portal.internal/", "http://a.LOCAL/", "http://0x7f000001/",
	} {
		if _, err := webhook.ParseEndpoints(url+" "+secretA, true); err != nil {
			t.Errorf("%s, allowed: %v", url, err)
		}
		if _, err := webhook.ParseEndpoints(url+" "+secretA, false); err == nil || !strings.Contains(err.Error(), "allow private endpoints") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestSecretsAreNotShown: not printed in any way, not encoded.
func TestSecretsAreNotShown(t *testing.T) {
	all, err := webhook.ParseEndpoints("https://portal.example.org/ "+secretA, false)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	shown := string(text)
	for _, v := range []any{all, all[0], &all[0], struct{ inside []webhook.Endpoint }{all}} {
		shown += fmt.Sprintf("%v %+v %#v %s %x", v, v, v, v, v)
	}
	for _, form := range []string{secretA[6:], "0123456789abcdef", "48 49 50", "0x30, 0x31", "303132"} {
		if strings.Contains(shown, form) {
			t.Errorf("%q is in %s", form, shown)
		}
	}
}

// TestPublishedVector: the example that the libraries of Standard Webhooks are
// tested with.
func TestPublishedVector(t *testing.T) {
	all, err := webhook.ParseEndpoints("https://portal.example.org/ whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)
	if err != nil {
		t.Fatal(err)
	}
	got := webhook.Sign(all[0], "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzParseEndpoints: whatever is in a file, what is taken from it can be used,
// and an error shows no secret.
func FuzzParseEndpoints(f *testing.F) {
	f.Fuzz(func(t *testing.T, file string, allowPrivate bool) {
		all, err := webhook.ParseEndpoints(file, allowPrivate)
		if err != nil {
			for _, word := range strings.Fields(file) {
				if code, is := strings.CutPrefix(word, "whsec_"); is && len(code) > 12 && strings.Contains(err.Error(), code) {
					t.Fatalf("%v shows a secret of %q", err, file)
				}
			}
			return
		}
		for _, e := range all {
			again, err := webhook.ParseEndpoints(e.URL+" "+secretA, allowPrivate)
			if err != nil || again[0].ID != e.ID || again[0].URL != e.URL {
				t.Fatalf("%+v, and by itself %+v, %v", e, again, err)
			}
			if signed := webhook.Sign(e, "id", time.Unix(0, 0), nil); !strings.HasPrefix(signed, "v1,") {
				t.Fatalf("signed %q", signed)
			}
		}
		if again, err := webhook.ParseEndpoints(file, true); err != nil || fmt.Sprint(ids(again)) != fmt.Sprint(ids(all)) {
			t.Fatalf("allowing more gives %v, %v", again, err)
		}
	})
}

func ids(all []webhook.Endpoint) (ids []string) {
	for _, e := range all {
		ids = append(ids, e.ID)
	}
	return ids
}
