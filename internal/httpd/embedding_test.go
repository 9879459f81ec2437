package httpd_test

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"overtime/internal/httpd"
)

// framers are who may show an answer in a frame.
func framers(t *testing.T, h http.Header) []string {
	t.Helper()
	return sources(t, h, "frame-ancestors")
}

// sources is one directive of an answer's Content-Security-Policy.
func sources(t *testing.T, h http.Header, directive string) []string {
	t.Helper()
	for part := range strings.SplitSeq(h.Get("Content-Security-Policy"), ";") {
		if list := strings.Fields(part); len(list) > 0 && list[0] == directive {
			return list[1:]
		}
	}
	t.Fatalf("no %s in %q", directive, h.Get("Content-Security-Policy"))
	return nil
}

// TestWhoMayFrame: portals may show the pages that are for it, and nothing else.
func TestWhoMayFrame(t *testing.T) {
	all := append([]string{"'self'"}, portals...)
	for address, want := range map[string][]string{
		"/embed/abc": all,
		"/embed/a/b": all, // which says that there is nothing
		"/":          {"'self'"}, "/r/abc": {"'self'"}, "/nowhere": {"'self'"}, "/embed": {"'self'"}, "/embedded/abc": {"'self'"},
		"/r/embed": {"'self'"}, "/api/v1/rooms": {"'self'"}, "/embed.js": {"'self'"}, "/web/offline.html": {"'self'"}, "/broken": {"'self'"},
	} {
		h := get(address).Header()
		if got := framers(t, h); !slices.Equal(got, want) {
			t.Errorf("%s: %q may show it, want %q", address, got, want)
		}
		if got := sources(t, h, "img-src"); !slices.Equal(got, append([]string{"'self'", "data:", "blob:"}, want[1:]...)) {
			t.Errorf("%s: pictures from %q", address, got)
		}
		for _, directive := range []string{"script-src", "connect-src", "style-src", "default-src", "form-action"} {
			if got := strings.Join(sources(t, h, directive), " "); strings.Contains(got, "portal.example") {
				t.Errorf("%s: %s is %s", address, directive, got)
			}
		}
		if h.Get("X-Frame-Options") != "" {
			t.Errorf("%s: X-Frame-Options knows no list", address)
		}
	}
	nobody := httpd.New(httpd.Deps{Files: tree()})
	if got := framers(t, ask(nobody, "GET", "/embed/abc", nil).Header()); !slices.Equal(got, []string{"'self'"}) {
		t.Errorf("without a list %q may show it", got)
	}
}

// TestPageForFrames has the script that listens before all others, and no other
// page has it.
func TestPageForFrames(t *testing.T) {
	w := get("/embed/abc")
	scripts := regexp.MustCompile(`<script[^>]*>`).FindAllString(w.Body.String(), -1)
	if len(scripts) < 4 || !regexp.MustCompile(`^<script src="/v/[0-9a-f]{16}/web/frame\.js">$`).MatchString(scripts[0]) {
		t.Errorf("the page's scripts are %q", scripts)
	}
	if head, _, _ := strings.Cut(w.Body.String(), "frame.js"); strings.Contains(head, "<link") || !strings.Contains(head, "<head>") {
		t.Errorf("before the script there is %s", head)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	for _, address := range []string{"/", "/r/abc", "/nowhere", "/embed/a/b"} {
		if strings.Contains(get(address).Body.String(), "frame.js") {
			t.Errorf("%s has the frame's script", address)
		}
	}
}

// TestScriptForPortals: by its own version it is kept, by another only for a
// while.
func TestScriptForPortals(t *testing.T) {
	const aWhile, aYear = "public, max-age=3600", "public, max-age=31536000, immutable"
	for address, want := range map[string]string{
		"/embed.js": aWhile, "/v/1.2.0/embed.js": aYear, "/v/1.0.0/embed.js": aWhile, "/embed.d.ts": aWhile,
		"/v/1/embed.js": aWhile, "/v/1.0/embed.js": aWhile, "/v/1.0.1/embed.js": aWhile, "/v/1.12.3/embed.js": aWhile,
		"/v/2.0.0/embed.js": "", "/v/2/embed.js": "", "/v/0.9.0/embed.js": "", "/v/10.0.0/embed.js": "", "/v/1.0.0.0/embed.js": "",
		"/v/01.0.0/embed.js": "", "/v/1.x/embed.js": "", "/v/1./embed.js": "", "/v/v1.0.0/embed.js": "", "/v/1.0.0-beta/embed.js": "",
		"/v/0123456789abcdef/embed.js": "", "/v/1.0.0%0a/embed.js": "",
	} {
		w := get(address)
		file := "embed/embed.js"
		if address == "/embed.d.ts" {
			file = "embed/embed.d.ts"
		}
		switch h := w.Header(); {
		case h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin":
			t.Errorf("%s: others may not read it: %v", address, h)
		case want == "":
			if w.Code != http.StatusNotFound || h.Get("Cache-Control") != "no-store" || !strings.Contains(w.Body.String(), "this server has 1.2.0; write /v/1.2.0/embed.js") {
				t.Errorf("%s: %d %s", address, w.Code, w.Body)
			}
		case w.Code != http.StatusOK || h.Get("Cache-Control") != want || w.Body.String() != string(tree()[file].Data):
			t.Errorf("%s: %d, Cache-Control %q, want %q", address, w.Code, h.Get("Cache-Control"), want)
		}
	}
	again := get("/embed.js", "If-None-Match", get("/embed.js").Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("asked again: %d %v", again.Code, again.Header())
	}
}

// TestScriptSaysItsVersion: the one that npm and the addresses have.
func TestScriptSaysItsVersion(t *testing.T) {
	var about struct{ Name, Version, Main, Types string }
	if err := json.Unmarshal(tree()["embed/package.json"].Data, &about); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{about.Main, about.Types} {
		if tree()["embed/"+file] == nil {
			t.Errorf("package.json names %q", file)
		}
	}
	if script := get("/embed.js").Body.String(); !strings.Contains(script, about.Version) {
		t.Errorf("package.json says %s, the script does not:\n%.300s", about.Version, script)
	}
}

// TestVersionStaysWhatItIs: browsers keep /v/{version}/embed.js for a year, and
// pages may name its digest, so a version is one script for ever.
func TestVersionStaysWhatItIs(t *testing.T) {
	var about struct{ Version string }
	if err := json.Unmarshal(tree()["embed/package.json"].Data, &about); err != nil {
		t.Fatal(err)
	}
	digest := sha512.Sum384(tree()["embed/embed.js"].Data)
	line := about.Version + " sha384-" + base64.StdEncoding.EncodeToString(digest[:])
	if versions := string(tree()["embed/versions.txt"].Data); !slices.Contains(strings.Split(versions, "\n"), line) {
		t.Errorf("embed.js is not the script of version %s. Raise the version in package.json and embed.js, "+
			"and add this line to web/embed/versions.txt:\n%s", about.Version, line)
	}
}

// TestVersionIsNeeded: a server without it would keep nothing for a year, or
// the wrong thing.
func TestVersionIsNeeded(t *testing.T) {
	for _, text := range []string{"", "{}", `{"version":"1"}`, `{"version":"1.0.0-beta"}`} {
		files := tree()
		files["embed/package.json"].Data = []byte(text)
		func() {
			defer func() {
				if p, _ := recover().(string); !strings.Contains(p, "web/embed/package.json has no version such as 1.0.0") {
					t.Errorf("%q: %q", text, p)
				}
			}()
			httpd.New(httpd.Deps{Files: files})
		}()
	}
}

// TestMayIBeEmbedded is what a page hears that asks.
func TestMayIBeEmbedded(t *testing.T) {
	const here = "http://meet.example/embed/origin"
	for _, c := range []struct {
		name, address, origin, site string
		want                        bool
	}{
		{"Listed", here, "https://portal.example", "cross-site", true},
		{"ListedPort", here, "http://localhost:3000", "cross-site", true},
		{"OtherScheme", here, "http://portal.example", "cross-site", false},
		{"OtherPort", here, "https://portal.example:8443", "cross-site", false},
		{"Subdomain", here, "https://a.portal.example", "cross-site", false},
		{"Suffix", here, "https://portal.example.evil.example", "cross-site", false},
		{"Prefix", here, "https://evilportal.example", "cross-site", false},
		{"Null", here, "null", "cross-site", false},
		{"Broken", here, "http://[::1", "cross-site", false},
		{"Evil", here, `https://evil.example"}`, "cross-site", false},
		{"Own", here, "", "same-origin", true},
		{"OwnNamed", here, "http://meet.example", "same-origin", true},
		{"OwnBehindProxy", here, "https://meet.example", "same-origin", true},
		{"OwnDowngraded", "https://meet.example/embed/origin", "http://meet.example", "cross-site", false},
		{"OwnOtherScheme", here, "ftp://meet.example", "cross-site", false},
		{"OwnPort", here, "http://meet.example:8080", "same-site", false},
		{"AddressBar", here, "", "none", false},
		{"NoBrowser", here, "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := get(c.address, "Origin", c.origin, "Sec-Fetch-Site", c.site)
			var got struct {
				Origin     *string
				Embeddable *bool
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Origin == nil || got.Embeddable == nil {
				t.Fatalf("%v: %s", err, w.Body)
			}
			if *got.Origin != c.origin || *got.Embeddable != c.want {
				t.Errorf("got %s", w.Body)
			}
			for name, want := range map[string]string{"Access-Control-Allow-Origin": "*", "Vary": "Origin", "Cache-Control": "no-store"} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s is %q", name, got)
				}
			}
		})
	}
}
