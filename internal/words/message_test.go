package words_test

import (
	"reflect"
	"strings"
	"testing"

	"overtime/internal/words"
)

// catalogue has one message, m.
func catalogue(t *testing.T, language, message string) *words.Catalogue {
	t.Helper()
	quote := strings.NewReplacer(`"`, `\"`)
	c, err := words.Parse([]byte(`{"@@locale": "` + language + `", "m": "` + quote.Replace(message) + `", "@m": {"description": "x"}}`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSay(t *testing.T) {
	for _, c := range []struct {
		message string
		args    []words.Arg
		want    string
	}{
		{"Leave", nil, "Leave"},
		{"", nil, ""},
		{"{by} joined", []words.Arg{words.Text("by", "Asha")}, "Asha joined"},
		{"{a}{b}{ a }", []words.Arg{words.Text("a", "1"), words.Text("b", "2")}, "121"},
		{"{by} joined", []words.Arg{words.Text("by", "{n} # 'x'")}, "{n} # 'x' joined"}, // what people write is no message
		{"{by} joined", nil, "{by} joined"},
		{"{n} of #", []words.Arg{words.Count("n", 3)}, "3 of #"},
		{"{n, plural, one {# person} other {# people}} here", []words.Arg{words.Count("n", 1)}, "1 person here"},
		{"{n, plural, one {# person} other {# people}} here", []words.Arg{words.Count("n", 0)}, "0 people here"},
		{"{n, plural, =0 {nobody} =2 {{a} and {b}} one {#} other {# people}}.",
			[]words.Arg{words.Count("n", 2), words.Text("a", "A"), words.Text("b", "B")}, "A and B."},
		{"{n, plural, =0{nobody}other{#}}", []words.Arg{words.Count("n", 0)}, "nobody"},
		{"{d, select, camera {The camera} other {It}} is off", []words.Arg{words.Text("d", "camera")}, "The camera is off"},
		{"{d, select, camera {The camera} other {It}} is off", []words.Arg{words.Text("d", "mouse")}, "It is off"},
		{"{n, plural, one {{d, select, x {# x} other {#}}} other {-}}", []words.Arg{words.Count("n", 1), words.Text("d", "x")}, "1 x"},
		{"{n, plural, one {{d}} other {{m, plural, one {#} other {# of {n}}}}}", []words.Arg{words.Count("n", 7), words.Count("m", 2)}, "2 of 7"},
		{"Your browser's {a}", []words.Arg{words.Text("a", "words")}, "Your browser's words"},
		{"It''s '{a}' and '}'", nil, "It's {a} and }"},
		{"{n, plural, other {'#' # '{'}}", []words.Arg{words.Count("n", 4)}, "# 4 {"},
		{"an open {brace", nil, "an open {brace"},
		{"äöü {a} …", []words.Arg{words.Text("a", "ß")}, "äöü ß …"},
	} {
		if got := catalogue(t, "en", c.message).Say("m", c.args...); got != c.want {
			t.Errorf("%s: got %q, want %q", c.message, got, c.want)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	if got := catalogue(t, "en", "x").Say("room.none"); got != "room.none" {
		t.Errorf("got %q", got)
	}
	var none *words.Catalogue
	if none.Language() != "en" || len(none.Messages()) == 0 {
		t.Error("no catalogue is not the English one")
	}
	if _, err := words.Parse([]byte("Leave = Gehen")); err == nil {
		t.Error("what is no catalogue was read")
	}
}

func TestParts(t *testing.T) {
	c := catalogue(t, "en", "{by} extended by {n, plural, one {# minute} other {# minutes at {time}}}.")
	got := c.Parts("m", words.Slot("by"), words.Count("n", 15), words.Slot("time"))
	want := []words.Part{{Slot: "by"}, {Text: " extended by 15 minutes at "}, {Slot: "time"}, {Text: "."}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestPlurals holds the samples of CLDR's rules.
func TestPlurals(t *testing.T) {
	const all = "{n, plural, zero {zero} one {one} two {two} few {few} many {many} other {other}}"
	for language, samples := range map[string]map[string][]int{
		"en":    {"one": {1}, "other": {0, 2, 11, 21, 100, 1_000_000}},
		"de":    {"one": {1}, "other": {0, 2, 16, 1_000_000}},
		"fr":    {"one": {0, 1}, "other": {2, 17, 100, 1_000_001}, "many": {1_000_000, 3_000_000}},
		"es":    {"one": {1}, "other": {0, 2, 100}, "many": {1_000_000}},
		"pt-BR": {"one": {0, 1}, "other": {2, 17}, "many": {1_000_000}},
		"hi":    {"one": {0, 1}, "other": {2, 17, 1_000_000}},
		"ja":    {"other": {0, 1, 2, 1_000_000}},
		"ar": {"zero": {0}, "one": {1}, "two": {2}, "few": {3, 10, 103, 1010}, "many": {11, 26, 99, 111, 1011},
			"other": {100, 102, 200, 1000, 1_000_000}},
	} {
		c := catalogue(t, language, all)
		for want, numbers := range samples {
			for _, n := range numbers {
				if got := c.Say("m", words.Count("n", n)); got != want {
					t.Errorf("%s: %d is %s, want %s", language, n, got, want)
				}
			}
		}
	}
}

func TestDirection(t *testing.T) {
	for language, want := range map[string]string{"en": "ltr", "ar": "rtl", "ar-EG": "rtl", "pt-BR": "ltr"} {
		if got := catalogue(t, language, "").Direction(); got != want {
			t.Errorf("%s: %s", language, got)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	for message, want := range map[string][]words.Placeholder{
		"Leave":                             nil,
		"{by} and {by}":                     {{Name: "by"}},
		"{n, plural, one {{by}} other {#}}": {{Name: "n", Kind: "plural"}, {Name: "by"}},
		"{n} {n, plural, other {#}}":        {{Name: "n", Kind: "plural"}},
		"{d, select, a {{x}} other {}}":     {{Name: "d", Kind: "select"}, {Name: "x"}},
		"a '{quoted}' one":                  nil,
	} {
		got, err := words.Placeholders(message)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v", message, got, err)
		}
	}
	for _, message := range []string{
		"{", "}", "a {b", "a } b", "{}", "{a b}", "{n, number}", "{n, plural, one {#}}", "{n, plural, some {#} other {#}}",
		"{n, plural, =x {#} other {#}}", "{n, plural, other {{}}}", "{n, plural, other {#} more}",
	} {
		if _, err := words.Placeholders(message); err == nil {
			t.Errorf("%s: nothing is found to be wrong with it", message)
		}
	}
}

// TestEnglish: no message is broken, and none speaks of one thing as of many.
func TestEnglish(t *testing.T) {
	for key, message := range words.English().Messages() {
		if _, err := words.Placeholders(message); err != nil {
			t.Errorf("%s: %v: %s", key, err, message)
		}
		if message == "" || strings.TrimSpace(message) != message {
			t.Errorf("%s: %q is empty, or has a space around it, which is for joining pieces", key, message)
		}
	}
}
