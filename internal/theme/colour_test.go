package theme

import (
	"math"
	"testing"
)

func TestParseColour(t *testing.T) {
	for text, want := range map[string]string{
		"#abc":                         "#aabbcc",
		" #2563EB ":                    "#2563eb",
		"#2563ebff":                    "#2563eb",
		"rgb(37, 99, 235)":             "#2563eb",
		"rgba(37, 99, 235, 1)":         "#2563eb",
		"rgb(37 99 235 / 100%)":        "#2563eb",
		"rgb(14.6% 38.8% 92.2%)":       "#2563eb",
		"rgb(300, -5, 0)":              "#ff0000",
		"hsl(0, 100%, 50%)":            "#ff0000",
		"hsl(120deg 100% 25%)":         "#008000",
		"hsla(-120, 100%, 50%, 1)":     "#0000ff",
		"hsl(60 100 50)":               "#ffff00",
		"color(srgb 1 0.5 0)":          "#ff8000",
		"color(srgb 1e-05 0.5 0 / 1)":  "#008000",
		"hsl(221.2 83.2% 53.3% / 1.0)": "#2563eb",
	} {
		c, alpha, ok := parseColour(text)
		if !ok || alpha != 1 || c.String() != want {
			t.Errorf("%q is %s, %v, %v; want %s", text, c, alpha, ok, want)
		}
	}
	for _, text := range []string{
		"", "#", "#12", "#12345", "#ggg", "#1234567890", "teal", "rgb()", "rgb(1, 2)", "rgb(1 2 3 4 5)", "rgb(1, 2, 3",
		"rgb(nan, inf, 0)", "rgb(0x1, 2, 3)", "rgb(1e999, 0, 0)", "rgb(a, b, c)", "url(x)", "color(display-p3 1 1 1)",
		"oklch(0.7 0.1 200)", "rgb(1,2,3);color:red", "#fff}", "var(--accent)", "rgb(%,%,%)", "rgb(1,2,3)" + string(make([]byte, 80)),
	} {
		if c, _, ok := parseColour(text); ok {
			t.Errorf("%q was read as %s", text, c)
		}
	}
	for text, want := range map[string]float64{"rgba(0, 0, 0, 0)": 0, "#0008": 0x88 / 255.0, "hsl(0 0% 0% / 50%)": 0.5} {
		if _, alpha, ok := parseColour(text); !ok || math.Abs(alpha-want) > 1e-9 {
			t.Errorf("%q has the alpha %v, %v", text, alpha, ok)
		}
	}
}

// TestRatio: pairs whose ratios are published.
func TestRatio(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"#000", "#fff", 21}, {"#fff", "#fff", 1}, {"#777", "#fff", 4.48}, {"#767676", "#fff", 4.54}, {"#ff0000", "#fff", 4.00}, {"#0000ff", "#000", 2.44},
	} {
		a, _, _ := parseColour(c.a)
		b, _, _ := parseColour(c.b)
		if got := ratio(a, b); math.Abs(got-c.want) > 0.005 || got != ratio(b, a) {
			t.Errorf("%s on %s is %.3f:1, want %.2f", c.a, c.b, got, c.want)
		}
	}
}
