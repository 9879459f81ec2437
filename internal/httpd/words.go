package httpd

import (
	"encoding/json"
	"html"
	"path"
	"regexp"
	"strings"

	"overtime/internal/words"
)

// placeholder is where a file has a sentence: its key in two braces. A file that is
// written in two languages has the two marks that are no keys.
var placeholder = regexp.MustCompile(`\{\{(@?[a-z][a-z_.]*)\}\}`)

// Marks of a file's language and the direction that it is written in.
const (
	markLanguage  = "@language"
	markDirection = "@direction"
)

// localized puts the catalogue's sentences into a file that has places for them; a
// file of another kind stays as it is.
func localized(w *words.Catalogue, name string, content []byte) []byte {
	escape := html.EscapeString
	switch path.Ext(name) {
	case ".html":
	case ".webmanifest":
		escape = escapeJSON
	default:
		return content
	}
	return placeholder.ReplaceAllFunc(content, func(mark []byte) []byte {
		switch key := string(mark[2 : len(mark)-2]); key {
		case markLanguage:
			return []byte(w.Language())
		case markDirection:
			return []byte(w.Direction())
		default:
			return []byte(escape(w.Say(words.Key(key))))
		}
	})
}

// escapeJSON is a text as it stands between the quotes of JSON.
func escapeJSON(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can always be written
	}
	return strings.Trim(string(quoted), `"`)
}

// loaderWords are the attributes in which web/loader.js and web/noscript.css find
// what they say: they run where the program cannot.
func loaderWords(w *words.Catalogue) string {
	var b strings.Builder
	for _, a := range []struct{ name, text string }{
		{"label", w.Say("loader.label")},
		{"reload", w.Say("loader.reload")},
		{"no-javascript", w.Say("loader.no_javascript")},
		{"no-webassembly", w.Say("loader.no_webassembly")},
		{"no-memory", w.Say("loader.no_memory")},
		{"old-browser", w.Say("loader.old_browser")},
		{"not-loaded", w.Say("loader.not_loaded")},
		{"stopped", w.Say("loader.stopped")},
	} {
		b.WriteString(" data-" + a.name + `="` + html.EscapeString(a.text) + `"`)
	}
	return b.String()
}
