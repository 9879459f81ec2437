package meeting_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"overtime/internal/meeting"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain text stays", "See you — à bientôt 👩‍🔬", "See you — à bientôt 👩‍🔬"},
		{"spaces around it go", " \t see you \u00a0\n", "see you"},
		{"lines become one", "a\nb\rc\td\ve\ff\u0085g\u2028h\u2029i", "a b c d e f g h i"},
		{"control characters go", "a\x00b\x1b[31mc\x7fd\u009fe", "ab[31mcde"},
		{"direction overrides go", "a\u202ab\u202bc\u202cd\u202de\u202ef", "abcdef"},
		{"direction isolates go", "a\u2066b\u2067c\u2068d\u2069e", "abcde"},
		{"their neighbours stay", "a\u202fb\u2065c\u206ad", "a\u202fb\u2065c\u206ad"},
		{"what has no width goes", "\ufeffa\u200bb\u00adc\u2060d", "abcd"},
		{"joiners stay in words", "می\u200cخواهم क\u094d\u200dष", "می\u200cخواهم क\u094d\u200dष"},
		{"fillers stay beside what is seen", "\u3164a\u2800", "\u3164a\u2800"},
		{"nothing is seen of a zero-width space", "\u200b", ""},
		{"nor of joiners", "\u200d\u200c", ""},
		{"nor of fillers", "\u3164\u115f \u1160\uffa0", ""},
		{"nor of empty braille", "\u2800\u2800", ""},
		{"nor of a variation of nothing", "\ufe0f", ""},
		{"an accent alone is seen", "\u0301", "\u0301"},
		{"bytes that are no text go", "a\xffb\xe2\x80c", "abc"},
		{"nothing is left of nothing", "\u202e \n\x00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := meeting.Clean(c.in); got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCleanLines(t *testing.T) {
	for in, want := range map[string]string{
		" \n a\r\nb\rc\u2028d\u2029\n\ne\n": "a\nb\nc\nd\n\n\ne",
		"a\tb\x00\u202e\u200b<b>c</b>":      "a b<b>c</b>",
		"\n\u200b\n":                        "",
	} {
		if got := meeting.CleanLines(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Fuzz(func(t *testing.T, in string) {
		got := meeting.Clean(in)
		switch {
		case !utf8.ValidString(got):
			t.Fatalf("%q is not UTF-8", got)
		case strings.ContainsFunc(got, forbiddenRune):
			t.Fatalf("%q has a character that no line has", got)
		case got != "" && !strings.ContainsFunc(got, unicode.IsPrint):
			t.Fatalf("nothing can be seen of %q", got)
		case strings.TrimSpace(got) != got:
			t.Fatalf("%q is not trimmed", got)
		case meeting.Clean(got) != got:
			t.Fatalf("%q changes when it is cleaned again, to %q", got, meeting.Clean(got))
		case utf8.RuneCountInString(got) > utf8.RuneCountInString(in):
			t.Fatalf("%q grew to %q", in, got)
		}
	})
}

func forbiddenRune(c rune) bool {
	return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' ||
		strings.ContainsRune("\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", c)
}
