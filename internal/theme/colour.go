package theme

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// colour is one of sRGB, as it will be drawn: contrast is computed of what
// comes out, not of what came in.
type colour struct{ r, g, b uint8 }

var (
	black = colour{0, 0, 0}
	white = colour{255, 255, 255}
)

func (c colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// longestColour is more than any notation needs.
const longestColour = 64

// parseColour reads #rgb, #rrggbb, both with alpha, rgb(), rgba(), hsl() and
// hsla() with commas or without, and color(srgb …), which is how browsers write
// what they computed.
func parseColour(text string) (c colour, alpha float64, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if len(text) > longestColour {
		return colour{}, 0, false
	}
	if digits, found := strings.CutPrefix(text, "#"); found {
		return parseHex(digits)
	}
	name, inner, found := strings.Cut(text, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	parts := strings.Fields(strings.NewReplacer(",", " ", "/", " ").Replace(inner))
	if name == "color" && len(parts) > 0 && parts[0] == "srgb" {
		name, parts = "srgb", parts[1:]
	}
	scales, known := map[string][3]float64{
		"rgb": {255, 255, 255}, "rgba": {255, 255, 255}, "srgb": {1, 1, 1}, "hsl": {360, 100, 100}, "hsla": {360, 100, 100},
	}[name]
	if !found || !closed || !known || len(parts) < 3 || len(parts) > 4 {
		return colour{}, 0, false
	}
	share := [4]float64{3: 1}
	for i, part := range parts {
		whole := 1.0
		if i < 3 {
			whole = scales[i]
		}
		if share[i], ok = parseShare(part, whole); !ok {
			return colour{}, 0, false
		}
	}
	rgb := [3]float64{share[0], share[1], share[2]}
	if strings.HasPrefix(name, "hsl") {
		rgb = ofHue(rgb)
	}
	return colour{channel(rgb[0]), channel(rgb[1]), channel(rgb[2])}, min(max(share[3], 0), 1), true
}

func parseHex(digits string) (c colour, alpha float64, ok bool) {
	if len(digits) == 3 || len(digits) == 4 {
		long := ""
		for _, d := range digits {
			long += string(d) + string(d)
		}
		digits = long
	}
	if len(digits) == 6 {
		digits += "ff"
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 8 {
		return colour{}, 0, false
	}
	return colour{uint8(n >> 24), uint8(n >> 16), uint8(n >> 8)}, float64(n&255) / 255, true
}

// parseShare reads a number, or a percentage, as a share of the whole.
func parseShare(text string, whole float64) (float64, bool) {
	text = strings.TrimSuffix(text, "deg")
	if percent, found := strings.CutSuffix(text, "%"); found {
		text, whole = percent, 100
	}
	if strings.Trim(text, "0123456789.+-e") != "" { // no names of numbers
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n / whole, err == nil
}

// ofHue is HSL, each from 0 to 1, in red, green and blue.
func ofHue(hsl [3]float64) (rgb [3]float64) {
	h, s, l := hsl[0]*12, min(max(hsl[1], 0), 1), min(max(hsl[2], 0), 1)
	for i, n := range []float64{0, 8, 4} {
		k := math.Mod(math.Mod(n+h, 12)+12, 12)
		rgb[i] = l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1))
	}
	return rgb
}

func channel(share float64) uint8 { return uint8(math.Round(min(max(share, 0), 1) * 255)) }

// mix is c with a share of another colour in it.
func (c colour) mix(other colour, share float64) colour {
	of := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*(1-share) + float64(b)*share)) }
	return colour{of(c.r, other.r), of(c.g, other.g), of(c.b, other.b)}
}

// luminance is WCAG's relative luminance.
func (c colour) luminance() float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// ratio is WCAG's contrast ratio of two colours, from 1 to 21.
func ratio(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// worst is the least ratio of a colour with any of the grounds.
func worst(c colour, grounds []colour) float64 {
	least := 21.0
	for _, ground := range grounds {
		least = min(least, ratio(c, ground))
	}
	return least
}

// legible is c, with as much of the other colour as it takes to reach a ratio
// on all grounds; the other colour itself if nothing less does.
func (c colour) legible(other colour, grounds []colour, needed float64) colour {
	for share := 0.0; share < 1; share += 0.05 {
		if m := c.mix(other, share); worst(m, grounds) >= needed {
			return m
		}
	}
	return other
}

// ink is black or white, whichever reads better on c. One of them always
// reaches 4.5:1.
func (c colour) ink() colour {
	if ratio(c, white) >= ratio(c, black) {
		return white
	}
	return black
}
