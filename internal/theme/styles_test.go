package theme

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// styles is a style sheet of web/styles, without its comments.
func styles(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../web/styles", name))
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(text), "")
}

// declared are the custom properties of the first block that a selector opens.
func declared(t *testing.T, text, selector string) map[string]string {
	t.Helper()
	_, block, found := strings.Cut(text, selector+" {")
	block, _, closed := strings.Cut(block, "}")
	if !found || !closed {
		t.Fatalf("base.css has no %s", selector)
	}
	out := map[string]string{}
	for _, line := range regexp.MustCompile(`(--[a-z-]+): ([^;]+);`).FindAllStringSubmatch(block, -1) {
		out[line[1]] = line[2]
	}
	return out
}

const (
	systemDark = `:root:not([data-theme="light"])`
	chosenDark = `:root[data-theme="dark"]`
	stageDark  = ":root[data-theme=\"dark\"],\n:root:not([data-theme]) .room,\n:root:not([data-theme]) .over-room"
)

// TestDarkIsDarkWhoeverAsksForIt: what the system prefers and what a theme or
// the stage gets are written twice and must not part.
func TestDarkIsDarkWhoeverAsksForIt(t *testing.T) {
	base := styles(t, "base.css")
	asked := declared(t, base, chosenDark)
	maps.Copy(asked, declared(t, base, stageDark))
	if system := declared(t, base, systemDark); !maps.Equal(system, asked) {
		t.Errorf("the system's dark is\n%v\nand the theme's\n%v", system, asked)
	}
	// A portal's accent is the root's: the stage must not bring its own.
	for _, name := range []string{"--accent", "--on-accent", "--radius", "--font"} {
		if _, found := declared(t, base, stageDark)[name]; found {
			t.Errorf("the stage sets %s, so that nobody can theme it", name)
		}
	}
}

// TestSetsAreTheStyles: what contrast is computed with is what is drawn.
func TestSetsAreTheStyles(t *testing.T) {
	base := styles(t, "base.css")
	for set, css := range map[*palette]map[string]string{&lightSet: declared(t, base, ":root"), &darkSet: declared(t, base, systemDark)} {
		for name, c := range map[string]colour{
			"--page": set.page, "--surface": set.surface, "--raised": set.raised, "--sunken": set.sunken, "--line": set.line,
			"--text": set.text, "--trouble": set.trouble, "--added-text": set.addedText, "--focus": set.focus,
			"--planned": set.planned, "--added": set.added, "--calm": set.calm, "--first": set.first, "--final": set.final,
		} {
			if css[name] != c.String() {
				t.Errorf("%s: %s is %s in base.css and %s here", set.theme, name, css[name], c)
			}
		}
	}
}

// TestOursReachTheRatios: the sets as they are, with what is written on what.
func TestOursReachTheRatios(t *testing.T) {
	base := styles(t, "base.css")
	light := declared(t, base, ":root")
	dark := maps.Clone(light)
	maps.Copy(dark, declared(t, base, systemDark))
	for theme, css := range map[string]map[string]string{"light": light, "dark": dark} {
		of := func(name string) colour {
			c, alpha, ok := parseColour(css[name])
			if !ok || alpha != 1 {
				t.Fatalf("%s is %q", name, css[name])
			}
			return c
		}
		panels := []string{"--page", "--surface", "--raised", "--sunken"}
		for _, c := range []struct {
			name  string
			on    []string
			least float64
		}{
			{"--text", append([]string{"--line"}, panels...), textRatio},
			{"--quiet", append([]string{"--line"}, panels...), textRatio},
			{"--trouble", panels, textRatio}, {"--added-text", panels, textRatio},
			{"--first", panels, textRatio}, {"--final", panels, textRatio}, {"--calm", panels, partRatio},
			{"--line-strong", panels, partRatio}, {"--focus", panels, partRatio}, {"--speaking", panels, partRatio},
			{"--accent", panels, partRatio}, {"--on-accent", []string{"--accent", "--accent-strong"}, textRatio},
			{"--on-tone", []string{"--calm", "--first", "--final"}, textRatio}, {"--on-final", []string{"--final"}, textRatio},
			{"--over-text", []string{"--over-strong", "--over-ink"}, textRatio},
		} {
			for _, ground := range c.on {
				if r := ratio(of(c.name), of(ground)); r < c.least {
					t.Errorf("%s: %s on %s is %.2f:1, not %v", theme, c.name, ground, r, c.least)
				}
			}
		}
	}
}

// TestEverythingIsThemed: no style sheet of the meeting's pages has a colour, a
// font or a corner of its own, so that setting the properties themes them all.
func TestEverythingIsThemed(t *testing.T) {
	files, err := filepath.Glob("../../web/styles/*.css")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v, %v", files, err)
	}
	own := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|font-family|(?:border|-)radius: *[1-9][0-9]*px`)
	// What lies under pictures, by person, is not a matter of the theme.
	people := regexp.MustCompile(`--(from|to): #[0-9a-f]{6};|var\(--from, #[0-9a-f]{6}\)`)
	for _, file := range files {
		name := filepath.Base(file)
		if name == "base.css" {
			continue
		}
		if found := own.FindAllString(people.ReplaceAllString(styles(t, name), ""), -1); len(found) > 0 {
			t.Errorf("%s has %v: use the properties of base.css", name, found)
		}
	}
}

// TestPropertiesAreUsed: what a look sets is something that base.css knows.
func TestPropertiesAreUsed(t *testing.T) {
	known := declared(t, styles(t, "base.css"), ":root")
	got, _ := Parse(Choice{Accent: "#2563eb", Surface: "#fff", Radius: "1", Font: "Inter"})
	for _, name := range slices.Sorted(maps.Keys(got.Properties)) {
		if _, found := known[name]; !found {
			t.Errorf("%s is not in base.css", name)
		}
	}
}
