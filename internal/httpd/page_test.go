package httpd_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/klauspost/compress/gzip"
)

func TestPage(t *testing.T) {
	page := get("/").Body.String()
	for _, want := range []string{
		"Meetings that end on time</h1>",
		`content="width=device-width, initial-scale=1, viewport-fit=cover"`,
		`<link rel="preload" as="fetch" type="application/wasm" crossorigin href="` + programAddress(t) + `">`,
		`id="app-wasm-loader-icon" alt=""`,
		`<html translate="no" dir="ltr" lang="en">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	for _, unwanted := range []string{"user-scalable", "maximum-scale", "og:url", `content=""`, "content>", "keywords", "og:image", "localhost", "Not Found"} {
		if strings.Contains(page, unwanted) {
			t.Errorf("the page has %s:\n%s", unwanted, page)
		}
	}
}

// TestTheProgramLearnsWhatTheServerDecided: go-app writes the environment into
// the script that starts the program.
func TestTheProgramLearnsWhatTheServerDecided(t *testing.T) {
	if script := get("/app.js").Body.String(); !strings.Contains(script, `"PAGES_SAY":"hello"`) {
		t.Errorf("it is not in the script:\n%.400s", script)
	}
}

// TestEveryDeviceGetsTheProgram: go-app gives it to no browser whose name has
// "bot" in it, as those of some phones have.
func TestEveryDeviceGetsTheProgram(t *testing.T) {
	script := get("/app.js").Body.String()
	if strings.Contains(script, "userAgent") || strings.Contains(script, "crawler") {
		t.Error("the script that starts the program asks for the browser's name")
	}
	if !strings.Contains(script, "goappCanLoadWebAssembly") {
		t.Error("the script is not go-app's as it was; see forEveryDevice")
	}
}

// TestThePageIsMarked: the program finds it, whatever an extension puts in front.
func TestThePageIsMarked(t *testing.T) {
	first := regexp.MustCompile(`<body>\s*<\w+ id="overtime-page"`)
	for _, address := range []string{"/", "/r/abc", "/embed/abc"} {
		if page := get(address).Body.String(); !first.MatchString(page) || strings.Count(page, "overtime-page") != 1 {
			t.Errorf("%s does not begin with its page:\n%s", address, page)
		}
	}
}

// TestPageHasNoCodeInIt: the policy forbids it, so it would not run.
func TestPageHasNoCodeInIt(t *testing.T) {
	inline := regexp.MustCompile(`<script[^>]*>\s*[^<\s]|<style|\son\w+=|javascript:`)
	for _, address := range []string{"/", "/r/abc", "/embed/abc", "/nowhere", "/web/offline.html"} {
		if found := inline.FindString(get(address).Body.String()); found != "" {
			t.Errorf("%s has %s", address, found)
		}
	}
}

// TestPageRepeatsNothingOfTheRequest: go-app would write host and query into
// the page as they come.
func TestPageRepeatsNothingOfTheRequest(t *testing.T) {
	page := get(`/?q="><script>`, "Host", "evil.example", "If-None-Match", "evil").Body.String()
	for _, unwanted := range []string{"evil", "<script>"} {
		if strings.Contains(page, unwanted) {
			t.Errorf("the page repeats %s", unwanted)
		}
	}
}

func TestPageIsCompressed(t *testing.T) {
	w := get("/", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(z)
	if err != nil || !strings.Contains(string(page), "Meetings that end on time") {
		t.Errorf("%s, %v", page, err)
	}
}

// TestPageIsMadeOnce for all rooms, and a browser that has it is told so.
func TestPageIsMadeOnce(t *testing.T) {
	for _, folder := range []string{"/r/", "/embed/"} {
		before := rendered.Load()
		first := get(folder + "abc")
		for i := range 50 {
			if w := get(fmt.Sprint(folder, "room-", i)); w.Code != http.StatusOK || w.Body.String() != first.Body.String() {
				t.Fatalf("%s: room %d has a page of its own, or none: %d", folder, i, w.Code)
			}
		}
		if n := rendered.Load() - before; n > 1 {
			t.Errorf("%s: the page was made %d times", folder, n)
		}
		if w := get(folder+"other", "If-None-Match", first.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Header().Get("X-Robots-Tag") == "" {
			t.Errorf("%s: asked again it is %d, %v", folder, w.Code, w.Header())
		}
	}
	if get("/embed/abc").Body.String() == get("/r/abc").Body.String() {
		t.Error("a frame's page is that of a room")
	}
}

func TestRoomsStayOutOfSearch(t *testing.T) {
	for _, folder := range []string{"/r/", "/embed/"} {
		if got := get(folder + "abc").Header().Get("X-Robots-Tag"); got != "noindex" {
			t.Errorf("%s: X-Robots-Tag is %q", folder, got)
		}
		if got := get("/robots.txt").Body.String(); !strings.Contains(got, "Disallow: "+folder+"\n") {
			t.Errorf("robots.txt is %q", got)
		}
	}
}

func TestNotFoundPage(t *testing.T) {
	w := get("/nowhere")
	if !strings.Contains(w.Body.String(), "There is nothing at this address") {
		t.Errorf("got %s", w.Body)
	}
	if strings.Contains(w.Body.String(), "wasm") || strings.Contains(w.Body.String(), "/app.js") {
		t.Error("the page loads the program, which has no such page")
	}
}

// TestNoHostIsFetched: go-app fetches these from the host that a request names.
func TestNoHostIsFetched(t *testing.T) {
	var asked atomic.Int32
	victim := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer victim.Close()
	for _, address := range []string{"/robots.txt", "/sitemap.xml", "/ads.txt", "/", "/goapp.js", "/manifest.json"} {
		get(address, "Host", strings.TrimPrefix(victim.URL, "http://"))
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests went to the host of the request", n)
	}
}

var (
	address = regexp.MustCompile(`(?i)\b(?:https?|wss?|ftp)://[^\s"'<>)]+`)
	// withoutScheme is an address that takes the page's scheme.
	withoutScheme = regexp.MustCompile(`(?i)(?:src|href|action|url|import)\s*[=(:]?\s*["'(]?//[^\s"'<>)]+`)
	// namespaces are names that look like addresses; nothing fetches them.
	namespaces = regexp.MustCompile(`^http://www\.w3\.org/`)
)

// TestNothingNamesAnotherHost holds every text that browsers get.
func TestNothingNamesAnotherHost(t *testing.T) {
	addresses := []string{"/", "/r/abc", "/embed/abc", "/nowhere", "/app.js", "/app.css", "/app-worker.js", "/manifest.webmanifest", "/wasm_exec.js", "/robots.txt"}
	for name := range tree() {
		addresses = append(addresses, "/web/"+name)
	}
	for _, at := range addresses {
		w := get(at)
		if kind := w.Result().Header.Get("Content-Type"); strings.HasPrefix(kind, "image/png") || kind == "application/wasm" {
			continue
		}
		text := w.Body.String()
		for _, found := range append(address.FindAllString(text, -1), withoutScheme.FindAllString(text, -1)...) {
			if !namespaces.MatchString(found) {
				t.Errorf("%s names %s", at, found)
			}
		}
	}
}

// TestFilesThatFilesNameExist: a missing icon is seen by nobody but the person
// who installs the app, and a missing file stops the worker from installing.
func TestFilesThatFilesNameExist(t *testing.T) {
	named := regexp.MustCompile(`["'(](/web/[a-z0-9/._-]+)["')]`)
	for _, at := range []string{"/manifest.webmanifest", "/app-worker.js", "/web/offline.html", "/nowhere"} {
		for _, match := range named.FindAllStringSubmatch(get(at).Body.String(), -1) {
			if w := get(match[1]); w.Code != http.StatusOK {
				t.Errorf("%s names %s: %d", at, match[1], w.Code)
			}
		}
	}
}
