package httpd

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"overtime/internal/words"
)

// programFile is the browser program in the tree of package web.
const programFile = "app.wasm"

// sizeHeader tells go-app's loader how large the program is once unpacked. Its
// progress counts unpacked bytes, while Content-Length is of packed ones.
const sizeHeader = "X-Wasm-Size"

// library is every file of package web with the addresses it has:
//
//	/web/styles/app.css              asked again each time, for fixed names
//	/v/{version}/web/styles/app.css  kept forever; pages use these
//	/web/app.{hash}.wasm             kept forever; pages use this
//
// A version or hash that is not ours is of a page from before (or after) an
// upgrade: it gets what we have, not to be kept.
type library struct {
	assets  map[string]*asset // by path in the tree
	version string            // changes with any file
}

func newLibrary(files fs.FS, w *words.Catalogue) *library {
	l := &library{assets: map[string]*asset{}}
	whole := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || hidden(name) {
			return err
		}
		a, err := fileAsset(files, w, name)
		if err != nil {
			return fmt.Errorf("web/%s: %w", name, err)
		}
		l.assets[name] = a
		fmt.Fprintf(whole, "%s %s\n", name, a.hash)
		return nil
	})
	if err != nil {
		panic(err)
	}
	l.version = shortHash(whole.Sum(nil))
	return l
}

// hidden reports whether a file of the tree is not for browsers.
func hidden(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, ".") || slices.Contains([]string{".go", ".br", ".gz", ".md"}, path.Ext(base))
}

// types are the files we know. The system's own table differs between machines.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".mjs":         "text/javascript; charset=utf-8",
	".json":        "application/json",
	".ts":          "text/plain; charset=utf-8", // for people: nothing runs it
	".txt":         "text/plain; charset=utf-8",
	".svg":         "image/svg+xml",
	".webmanifest": "application/manifest+json",
	".wasm":        "application/wasm",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
	".mp3":         "audio/mpeg",
	".ogg":         "audio/ogg",
	".wav":         "audio/wav",
}

// fileAsset reads one file. Text gets its sentences and is compressed here; other files have the forms
// that lie beside them in the tree.
func fileAsset(files fs.FS, w *words.Catalogue, name string) (*asset, error) {
	contentType, ok := types[path.Ext(name)]
	if !ok {
		return nil, fmt.Errorf("what kind of file is it? add it to httpd.types")
	}
	if isText(contentType) {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		return textAsset(contentType, localized(w, name, content)), nil
	}
	forms := map[string]form{}
	for encoding, suffix := range map[string]string{identity: "", "br": ".br", "gzip": ".gz"} {
		info, err := fs.Stat(files, name+suffix)
		if err != nil {
			continue // not compressed, as most pictures are
		}
		forms[encoding] = form{size: info.Size(), open: opener(files, name+suffix)}
	}
	a := &asset{contentType: contentType, plain: forms[identity], forms: func() map[string]form { return forms }}
	if name == programFile {
		a.headers = map[string]string{sizeHeader: strconv.FormatInt(a.plain.size, 10)}
	}
	var err error
	a.hash, err = hashFile(files, name)
	return a, err
}

func isText(contentType string) bool {
	return strings.HasPrefix(contentType, "text/") || strings.HasSuffix(contentType, "json") || strings.HasSuffix(contentType, "+xml")
}

// opener opens a file when it is asked for: an embedded file costs no memory
// until then, and the program has 11 MB in its three forms.
func opener(files fs.FS, name string) func() (io.ReadSeekCloser, error) {
	return func() (io.ReadSeekCloser, error) {
		f, err := files.Open(name)
		if err != nil {
			return nil, err
		}
		s, ok := f.(io.ReadSeekCloser)
		if !ok {
			return nil, fmt.Errorf("%s cannot be read from the middle", name)
		}
		return s, nil
	}
}

func hashFile(files fs.FS, name string) (string, error) {
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return shortHash(h.Sum(nil)), nil
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return shortHash(sum[:])
}

// shortHash is enough of a hash to tell releases apart.
func shortHash(sum []byte) string { return hex.EncodeToString(sum[:8]) }

// must is a file that is in the repository.
func (l *library) must(name string) *asset {
	a, ok := l.assets[name]
	if !ok {
		panic("httpd: web/" + name + " is missing")
	}
	return a
}

// text is the content of a text file that is in the repository.
func (l *library) text(name string) string {
	content, err := l.must(name).plain.open()
	if err != nil {
		panic(err)
	}
	defer content.Close()
	all, err := io.ReadAll(content)
	if err != nil {
		panic(err)
	}
	return string(all)
}

// program is the address of the browser program.
func (l *library) program() string {
	if a, ok := l.assets[programFile]; ok {
		return "/web/app." + a.hash + ".wasm"
	}
	return "/web/" + programFile
}

// prefix stands before /web/ in the addresses that are kept forever.
func (l *library) prefix() string { return "/v/" + l.version }

// under lists the files of a folder with an extension, in order.
func (l *library) under(folder, ext string) []string {
	var names []string
	for name := range l.assets {
		if path.Dir(name) == folder && path.Ext(name) == ext {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (l *library) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, name, _ := strings.Cut(r.URL.Path, "/web/")
	cacheControl := revalidate
	if r.PathValue("version") == l.version || r.URL.Path == l.program() {
		cacheControl = immutable
	}
	if strings.HasPrefix(name, "app.") && strings.HasSuffix(name, ".wasm") {
		name = programFile
	}
	a, ok := l.assets[name]
	switch {
	case ok:
		a.serve(w, r, cacheControl)
	case name == programFile:
		plainText(w, http.StatusNotFound, "the browser program is not in this server: run make build")
	default:
		notFound(w, r)
	}
}
