package theme

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func drawColour(t *rapid.T, name string) string {
	// Half of them near the ends, where surfaces are taken.
	if rapid.Bool().Draw(t, name+" at an end") {
		c := [3]int{}
		end := rapid.SampledFrom([]int{0, 200}).Draw(t, name+"'s end")
		for i := range c {
			c[i] = end + rapid.IntRange(0, 55).Draw(t, name)
		}
		return fmt.Sprintf("rgb(%d, %d, %d)", c[0], c[1], c[2])
	}
	return fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(t, name))
}

// TestWhatIsTakenCanBeRead: whatever colours come out, text and everything that
// has to be seen reach WCAG's ratios on all that they can stand on.
func TestWhatIsTakenCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Choice{Accent: drawColour(t, "accent"), Theme: rapid.SampledFrom([]string{"", "dark", "light", "auto"}).Draw(t, "theme")}
		if rapid.IntRange(0, 3).Draw(t, "with a surface") > 0 {
			w.Surface = drawColour(t, "surface")
		}
		got, complaints := Parse(w)
		sets := map[string][]palette{"dark": {darkSet}, "light": {lightSet}}[got.Scheme]
		if sets == nil {
			sets = []palette{darkSet, lightSet}
		}
		for _, set := range sets {
			reaches(t, got.Properties, set)
		}
		for _, c := range complaints {
			if c.Code == "" || !strings.HasSuffix(c.Message, ".") {
				t.Fatalf("no sentence: %+v", c)
			}
		}
	})
}

// reaches holds the properties, laid over a set, against the ratios.
func reaches(t *rapid.T, properties map[string]string, set palette) {
	over := func(name string, c colour) colour {
		text, found := properties[name]
		if !found {
			return c
		}
		c, alpha, ok := parseColour(text)
		if !ok || alpha != 1 {
			t.Fatalf("%s is %q", name, text)
		}
		return c
	}
	page := over("--page", set.page)
	panels := []colour{page, over("--surface", set.surface), over("--raised", set.raised), over("--sunken", set.sunken)}
	grounds := append([]colour{over("--line", set.line)}, panels...)
	needs := func(name string, c colour, on []colour, least float64) {
		if r := worst(over(name, c), on); r < least {
			t.Fatalf("%s reaches %.2f:1 on %v, not %v:1", name, r, on, least)
		}
	}
	needs("--text", set.text, grounds, textRatio)
	needs("--trouble", set.trouble, panels, textRatio)
	needs("--added-text", set.addedText, panels, textRatio)
	needs("--focus", set.focus, panels, partRatio)
	needs("--speaking", set.focus, panels, partRatio)
	if properties["--page"] != "" {
		needs("--quiet", colour{}, grounds, textRatio)
		needs("--line-strong", colour{}, panels, partRatio)
	}
	if properties["--accent"] != "" {
		needs("--accent", colour{}, []colour{page}, partRatio)
		ink := []colour{over("--accent", colour{}), over("--accent-strong", colour{})}
		needs("--on-accent", colour{}, ink, textRatio)
	}
	for _, tone := range []colour{set.calm, set.first, set.final} {
		if r := worst(tone, panels); r < partRatio {
			t.Fatalf("the time's %s reaches %.2f:1 on %v", tone, r, panels)
		}
	}
}

// leaves reports whether a value holds what could end a declaration, or load
// something.
func leaves(value string) bool {
	return strings.ContainsAny(value, ";{}()<>\\/!@:\n\r\t\f\x00") || strings.Count(value, `"`)%2 != 0 || strings.Contains(value, "'")
}

func FuzzNothingLeavesADeclaration(f *testing.F) {
	for _, text := range []string{"#fff", "rgb(1,2,3)", "Inter, serif", "8px", "x;}", `a"b`, "url(//x)", "*/", "</style>", "https://portal.example/x.png", "data:image/png,x"} {
		f.Add(text, text, text, text, text)
	}
	f.Fuzz(func(t *testing.T, accent, surface, radius, font, logo string) {
		got, complaints := Parse(Choice{Accent: accent, Surface: surface, Radius: radius, Font: font, Logo: logo})
		for name, value := range got.Properties {
			if !strings.HasPrefix(name, "--") || leaves(name[2:]) || leaves(value) || value == "" {
				t.Errorf("%s: %q", name, value)
			}
		}
		if strings.ContainsAny(got.Logo, "\"'<> \n") {
			t.Errorf("the logo is %q", got.Logo)
		}
		for _, c := range complaints {
			if len(c.Message) > 600 {
				t.Errorf("a complaint of %d bytes", len(c.Message))
			}
		}
	})
}
