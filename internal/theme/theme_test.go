package theme

import (
	"maps"
	"strings"
	"testing"
)

func TestNothingChosenChangesNothing(t *testing.T) {
	got, complaints := Parse(Choice{})
	if len(got.Properties) != 0 || got.Scheme != "" || got.Logo != "" || len(complaints) != 0 {
		t.Errorf("%+v, %v", got, complaints)
	}
}

func TestTaken(t *testing.T) {
	for _, c := range []struct {
		name   string
		choice Choice
		theme  string
		want   map[string]string
	}{
		{"an accent for dark", Choice{Accent: "#16a34a", Theme: "dark"}, "dark",
			map[string]string{"--accent": "#16a34a", "--accent-strong": "#37b063", "--on-accent": "#000000", "--focus": "#16a34a", "--speaking": "#16a34a"}},
		{"an accent for both", Choice{Accent: "rgb(37, 99, 235)"}, "",
			map[string]string{"--accent": "#2563eb", "--accent-strong": "#2055ca", "--on-accent": "#ffffff"}},
		{"corners", Choice{Radius: "4px"}, "", map[string]string{"--radius": "4px"}},
		{"no corners", Choice{Radius: " -0 "}, "", map[string]string{"--radius": "0px"}},
		{"half a pixel", Choice{Radius: "8.125"}, "", map[string]string{"--radius": "8.13px"}},
		{"a font", Choice{Font: `Inter, "Noto Sans", 'PT Root UI',serif, Ñandú`}, "",
			map[string]string{"--font": `"Inter", "Noto Sans", "PT Root UI", serif, "Ñandú", system-ui, sans-serif`}},
		{"a theme", Choice{Theme: "Auto"}, "auto", map[string]string{}},
	} {
		got, complaints := Parse(c.choice)
		if len(complaints) != 0 || got.Scheme != c.theme || !maps.Equal(got.Properties, c.want) {
			t.Errorf("%s: %+v, %v", c.name, got, complaints)
		}
	}
}

func TestSurfaceDecidesAboutDarkAndLight(t *testing.T) {
	for surface, want := range map[string]string{"#000": "dark", "#0e1116": "dark", "#2a0f4a": "dark", "#fff": "light", "#ffe680": "light", "#f6f7f9": "light"} {
		got, complaints := Parse(Choice{Surface: surface, Theme: "auto"})
		if got.Scheme != want || len(complaints) != 0 || got.Properties["--page"] == "" {
			t.Errorf("%s is %s, %v", surface, got.Scheme, complaints)
		}
	}
	got, complaints := Parse(Choice{Surface: "#fff", Theme: "dark"})
	if got.Scheme != "light" || len(complaints) != 1 || complaints[0].Property != "theme" {
		t.Errorf("%+v, %v", got, complaints)
	}
}

func TestLogos(t *testing.T) {
	for _, logo := range []string{"https://portal.example/logo.svg?v=2", "http://localhost:3000/l.png", "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", "data:image/png,x"} {
		if got, complaints := Parse(Choice{Logo: logo}); got.Logo != logo || len(complaints) != 0 {
			t.Errorf("%s: %q, %v", logo, got.Logo, complaints)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		choice         Choice
		code, property string
		words          string
	}{
		{Choice{Accent: "teal"}, CodeBadLook, "accent", `The accent "teal" cannot be read`},
		{Choice{Accent: "rgba(0, 0, 0, 0)"}, CodeBadLook, "accent", "is transparent"},
		{Choice{Accent: "#ffe600", Surface: "#fff"}, CodeLowContrast, "accent", "The accent #ffe600 reaches 1.2:1 against the surface #ffffff, and 3:1 is needed. It was not used."},
		{Choice{Accent: "#22543d", Theme: "dark"}, CodeLowContrast, "accent", "against the surface #0e1116"},
		{Choice{Accent: "#22543d"}, CodeLowContrast, "accent", "ours where the theme is dark: choose a theme or a surface"},
		{Choice{Accent: "#ffe600", Theme: "auto"}, CodeLowContrast, "accent", "ours where the theme is light"},
		{Choice{Surface: "#808080"}, CodeLowContrast, "surface", "neither dark nor light enough"},
		{Choice{Surface: "#fff8"}, CodeBadLook, "surface", "transparent"},
		{Choice{Radius: "25"}, CodeBadLook, "radius", "from 0 to 24"},
		{Choice{Radius: "-1"}, CodeBadLook, "radius", "from 0 to 24"},
		{Choice{Radius: "50%"}, CodeBadLook, "radius", "from 0 to 24"},
		{Choice{Radius: "1em"}, CodeBadLook, "radius", "from 0 to 24"},
		{Choice{Radius: "8px 4px"}, CodeBadLook, "radius", "from 0 to 24"},
		{Choice{Font: "url(//x)"}, CodeBadLook, "font", "names of families"},
		{Choice{Font: "Inter;}"}, CodeBadLook, "font", "names of families"},
		{Choice{Font: `"Inter`}, CodeBadLook, "font", "names of families"},
		{Choice{Font: `"Inter\"`}, CodeBadLook, "font", "names of families"},
		{Choice{Font: "a,,b"}, CodeBadLook, "font", "names of families"},
		{Choice{Font: "a\nb"}, CodeBadLook, "font", "names of families"},
		{Choice{Font: strings.Repeat("a,", 20) + "b"}, CodeBadLook, "font", "names of families"},
		{Choice{Font: strings.Repeat("a", 500)}, CodeBadLook, "font", "names of families"},
		{Choice{Logo: "javascript:alert(1)"}, CodeBadLook, "logo", "has to begin with https:"},
		{Choice{Logo: "//portal.example/x.png"}, CodeBadLook, "logo", "has to begin with https:"},
		{Choice{Logo: "data:text/html,x"}, CodeBadLook, "logo", "has to begin with https:"},
		{Choice{Logo: "data:image/png"}, CodeBadLook, "logo", "it is not a PNG"},
		{Choice{Logo: "data:image/x-icon,x"}, CodeBadLook, "logo", "it is not a PNG"},
		{Choice{Logo: "data:image/png," + strings.Repeat("a", 70000)}, CodeBadLook, "logo", "larger than 64 KiB"},
		{Choice{Logo: "https://a:b@portal.example/"}, CodeBadLook, "logo", "password"},
		{Choice{Logo: `https://portal.example/"><script>`}, CodeBadLook, "logo", "written with %"},
		{Choice{Logo: "https://portal.example/" + strings.Repeat("a", 3000)}, CodeBadLook, "logo", "too long"},
		{Choice{Theme: "blue"}, CodeBadLook, "theme", `The theme "blue" is none`},
	} {
		got, complaints := Parse(c.choice)
		if len(complaints) != 1 || complaints[0].Code != c.code || complaints[0].Property != c.property || !strings.Contains(complaints[0].Message, c.words) {
			t.Errorf("%+v: %v", c.choice, complaints)
		}
		if got.Logo != "" || c.property != "accent" && len(got.Properties) != 0 || got.Properties["--accent"] != "" {
			t.Errorf("%+v: taken as %+v", c.choice, got)
		}
	}
}

// TestRefusedAloneDoesNotTakeTheRest: one thing that is wrong leaves the others.
func TestRefusedAloneDoesNotTakeTheRest(t *testing.T) {
	got, complaints := Parse(Choice{Accent: "nonsense", Radius: "3", Theme: "light", Surface: "#888"})
	if len(complaints) != 2 || got.Scheme != "light" || !maps.Equal(got.Properties, map[string]string{"--radius": "3px"}) {
		t.Errorf("%+v, %v", got, complaints)
	}
}
