package ui_test

import (
	"reflect"
	"strings"
	"testing"

	"overtime/components/ui"
)

func TestLinked(t *testing.T) {
	link := func(href string) ui.Piece { return ui.Piece{Text: href, Href: href} }
	words := func(text string) ui.Piece { return ui.Piece{Text: text} }
	for text, want := range map[string][]ui.Piece{
		"":                                    nil,
		"no link, <b>only</b> text":           {words("no link, <b>only</b> text")},
		"https://a.example":                   {link("https://a.example")},
		"see https://a.example/x?y=1#z, then": {words("see "), link("https://a.example/x?y=1#z"), words(", then")},
		"(http://a.example/(b))":              {words("("), link("http://a.example/(b)"), words(")")},
		"[https://a.example]":                 {words("["), link("https://a.example"), words("]")},
		"HTTPS://A.example!":                  {link("HTTPS://A.example"), words("!")},
		"mailto:a@b.example.":                 {link("mailto:a@b.example"), words(".")},
		"mailto:nobody":                       {words("mailto:nobody")},
		"javascript:alert(1)":                 {words("javascript:alert(1)")},
		"data:text/html,x file:///etc":        {words("data:text/html,x file:///etc")},
		"xhttps://a.example":                  {words("xhttps://a.example")},
		"https://":                            {words("https://")},
		"https://…":                           {words("https://…")},
		"\"https://a.example\"":               {words("\""), link("https://a.example"), words("\"")},
		"<a href=https://a.example>":          {words("<a href="), link("https://a.example"), words(">")},
		"a\nhttps://b.example\nc":             {words("a\n"), link("https://b.example"), words("\nc")},
		"日本https://a.example/日本、":             {words("日本"), link("https://a.example/日本"), words("、")},
		"🙂 https://a.example/ü 🙂":             {words("🙂 "), link("https://a.example/ü"), words(" 🙂")},
	} {
		if got := ui.Linked(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// FuzzLinked: nothing is lost, and nothing becomes a link but of the three kinds.
func FuzzLinked(f *testing.F) {
	f.Add("see (https://a.example/(b)), mailto:a@b")
	f.Fuzz(func(t *testing.T, text string) {
		all := ""
		for _, p := range ui.Linked(text) {
			all += p.Text
			scheme, _, _ := strings.Cut(strings.ToLower(p.Href), ":")
			if p.Href != "" && (p.Href != p.Text || scheme != "https" && scheme != "http" && scheme != "mailto") {
				t.Fatalf("%q is a link to %q", p.Text, p.Href)
			}
		}
		if all != text {
			t.Fatalf("%q became %q", text, all)
		}
	})
}
