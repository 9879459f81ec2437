package httpd_test

import (
	"encoding/json"
	"html"
	"strings"
	"testing"

	"overtime/internal/words"
)

// TestFilesHaveTheirSentences: what is shown without the program comes from the
// catalogue, too.
func TestFilesHaveTheirSentences(t *testing.T) {
	for address, keys := range map[string][]words.Key{
		"/":                     {"title.start", "description", "loader.no_javascript", "loader.no_memory", "loader.stopped"},
		"/nowhere":              {"title.not_found", "lost.title", "lost.text", "lost.start"},
		"/web/offline.html":     {"title.offline", "offline.text", "offline.again", "offline.no_answer"},
		"/web/goodbye.html":     {"title.goodbye"},
		"/manifest.webmanifest": {"description"},
	} {
		text := get(address).Body.String()
		for _, key := range keys {
			if !strings.Contains(html.UnescapeString(text), words.English().Say(key)) {
				t.Errorf("%s does not have %s:\n%s", address, key, text)
			}
		}
		if strings.Contains(text, "{{") || !strings.Contains(text, `"en"`) || !strings.Contains(text, `"ltr"`) {
			t.Errorf("%s has a place without a sentence, or names no language:\n%s", address, text)
		}
	}
	if !json.Valid(get("/manifest.webmanifest").Body.Bytes()) {
		t.Error("the manifest is no JSON any more")
	}
}
