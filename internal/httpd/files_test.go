package httpd_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"overtime/internal/httpd"
)

// programAddress is where pages load the program from.
func programAddress(t *testing.T) string {
	t.Helper()
	address := regexp.MustCompile(`/web/app\.[0-9a-f]{16}\.wasm`).FindString(get("/app.js").Body.String())
	if address == "" {
		t.Fatal("app.js loads no hashed program")
	}
	return address
}

func TestProgramEncodings(t *testing.T) {
	plain := func(r io.Reader) (io.Reader, error) { return r, nil }
	unzip := func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
	unbrotli := func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }
	for _, c := range []struct {
		accept, encoding string
		unpack           func(io.Reader) (io.Reader, error)
	}{
		{"gzip, deflate, br, zstd", "br", unbrotli},
		{"gzip, deflate", "gzip", unzip},
		{"gzip;q=1.0, br;q=0.5", "gzip", unzip},
		{"br;q=0, gzip", "gzip", unzip},
		{"BR", "br", unbrotli},
		{"*", "br", unbrotli},
		{"*, br;q=0", "gzip", unzip},
		{"", "", plain},
		{"identity", "", plain},
		{"br;q=nonsense", "", plain},
		{"zstd", "", plain},
	} {
		w := get(programAddress(t), "Accept-Encoding", c.accept)
		h := w.Header()
		if h.Get("Content-Encoding") != c.encoding || h.Get("Vary") != "Accept-Encoding" ||
			h.Get("Content-Length") != strconv.Itoa(w.Body.Len()) || h.Get("X-Wasm-Size") != strconv.Itoa(len(program)) {
			t.Errorf("%q: headers %v", c.accept, h)
		}
		r, err := c.unpack(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, program) {
			t.Errorf("%q: %d bytes unpacked, %v", c.accept, len(got), err)
		}
	}
}

// TestAddressesOfTheProgram: kept forever only under the hash that is ours.
func TestAddressesOfTheProgram(t *testing.T) {
	for address, want := range map[string]string{
		programAddress(t):                "public, max-age=31536000, immutable",
		"/web/app.wasm":                  "no-cache",
		"/web/app.0123456789abcdef.wasm": "no-cache",
	} {
		w := get(address)
		if got := w.Header().Get("Cache-Control"); got != want || !bytes.Equal(w.Body.Bytes(), program) {
			t.Errorf("%s: Cache-Control %q, want %q", address, got, want)
		}
	}
}

func TestAddressesOfFiles(t *testing.T) {
	style := regexp.MustCompile(`/v/[0-9a-f]{16}/web/styles/zz-test\.css`).FindString(get("/").Body.String())
	for address, want := range map[string]string{
		style:                     "public, max-age=31536000, immutable",
		"/web/styles/zz-test.css": "no-cache",
		"/v/0123456789abcdef/web/styles/zz-test.css": "no-cache",
	} {
		if got := get(address).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q, want %q", address, got, want)
		}
	}
}

func TestMissingProgramSaysWhatToDo(t *testing.T) {
	files := tree()
	for _, name := range []string{"app.wasm", "app.wasm.br", "app.wasm.gz", "wasm_exec.js"} {
		delete(files, name)
	}
	w := ask(httpd.New(httpd.Deps{Files: files}), "GET", "/web/app.wasm", nil)
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "run make build") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestNotModified: go-app would answer 304 for every address, even one that is
// not there, to its one ETag.
func TestNotModified(t *testing.T) {
	kept := []string{"/app.js", "/app-worker.js", "/app.css", "/manifest.webmanifest", "/robots.txt", "/web/app.wasm", "/web/loader.js", programAddress(t)}
	for _, encoding := range []string{"", "gzip", "br"} {
		seen := map[string]string{}
		for _, address := range kept {
			seen[address] = get(address, "Accept-Encoding", encoding).Header().Get("ETag")
		}
		for address, etag := range seen {
			for value, want := range map[string]int{
				etag: 304, "W/" + etag: 304, `"other", ` + etag: 304, "*": 304,
				`"other"`: 200, strings.Trim(etag, `"`): 200,
			} {
				w := get(address, "Accept-Encoding", encoding, "If-None-Match", value)
				if w.Code != want || w.Code == 304 && w.Body.Len() > 0 {
					t.Errorf("%s with If-None-Match %s: %d, want %d", address, value, w.Code, want)
				}
			}
			for other, status := range map[string]int{"/": 200, "/r/abc": 200, "/nowhere": 404, "/web/nothing": 404, "/healthz": 200, "/api/v1/rooms": 200} {
				if w := get(other, "If-None-Match", etag); w.Code != status {
					t.Errorf("%s with the ETag of %s: %d", other, address, w.Code)
				}
			}
		}
	}
}

func TestFormsHaveTagsOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, encoding := range []string{"", "gzip", "br"} {
		seen[get("/web/app.wasm", "Accept-Encoding", encoding).Header().Get("ETag")] = true
	}
	if len(seen) != 3 {
		t.Errorf("tags %v", seen)
	}
}

func TestRangesOfPlainContent(t *testing.T) {
	w := get("/web/app.wasm", "Range", "bytes=1-3")
	if w.Code != http.StatusPartialContent || w.Body.String() != string(program[1:4]) {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// TestVersionFollowsEveryFile: the worker's text must change with any file, or
// browsers miss the upgrade.
func TestVersionFollowsEveryFile(t *testing.T) {
	worker := func(change string) string {
		files := tree()
		if change != "" {
			files[change].Data = append(files[change].Data, ' ')
		}
		return ask(httpd.New(httpd.Deps{Files: files}), "GET", "/app-worker.js", nil).Body.String()
	}
	first := worker("")
	if again := worker(""); again != first {
		t.Error("the same files make another version")
	}
	for _, name := range []string{"app.wasm", "loader.css", "styles/zz-test.css"} {
		if worker(name) == first {
			t.Errorf("a change of %s makes no other version", name)
		}
	}
}
