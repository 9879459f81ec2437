package api_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// generator makes values of schemas. What it makes may still not be one: who
// asks has the schema say.
type generator struct {
	*rand.Rand
	today func() time.Time
	// known are values that the server has given for a field, tried most of the
	// time.
	known map[string][]any
}

// chance reports whether one of n has come.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// object is a value of an object's schema, with any of what may be left out.
func (g *generator) object(c *contract, schema map[string]any) map[string]any {
	out := map[string]any{}
	required := map[string]bool{}
	names, _ := schema["required"].([]any)
	for _, name := range names {
		required[name.(string)] = true
	}
	for _, name := range sorted(dig(schema, "properties")) {
		if required[name] || g.chance(2) {
			out[name] = g.value(c, name, c.resolved(dig(schema, "properties", name)))
		}
	}
	return out
}

// value is one of a schema.
func (g *generator) value(c *contract, name string, schema map[string]any) any {
	if known := g.known[name]; len(known) > 0 && !g.chance(4) {
		return pick(g, known)
	}
	if enum, is := schema["enum"].([]any); is {
		return pick(g, enum)
	}
	kind := schema["type"]
	if several, is := kind.([]any); is {
		kind = pick(g, several)
	}
	switch kind {
	case "object":
		return g.object(c, schema)
	case "boolean":
		return g.chance(2)
	case "integer":
		low, high := number(schema, "minimum", 5), number(schema, "maximum", 35)
		if g.chance(3) {
			return pick(g, []int{low, high})
		}
		return low + g.IntN(min(high-low, 90)+1)
	case "null":
		return nil
	}
	if schema["format"] == "date-time" {
		at := g.today().Add(time.Duration(g.IntN(300)-60) * time.Minute)
		return pick(g, []string{at.Format(time.RFC3339), at.In(time.FixedZone("", -5400)).Format(time.RFC3339Nano)})
	}
	return g.text(schema)
}

// text is a string of a schema. Few of them are short, so that they meet again.
func (g *generator) text(schema map[string]any) string {
	letters := []rune("abcdefgh/?#~!%&\"\\<>")
	if schema["pattern"] == nil {
		letters = append(letters, ' ', 'é', '日', '🙂', '\u202e', '\n', 0)
	}
	low, high := number(schema, "minLength", 0), number(schema, "maxLength", 80)
	length := low + g.IntN(3)
	if g.chance(20) {
		length = high
	}
	text := make([]rune, min(length, high))
	for i := range text {
		text[i] = pick(g, letters[:len(letters)-g.IntN(len(letters))])
	}
	return string(text)
}

// spoiled is a value of a schema with something wrong in it, as JSON; what is
// wrong may by chance be right.
func (g *generator) spoiled(c *contract, schema map[string]any) any {
	out := g.object(c, schema)
	names := sorted(dig(schema, "properties"))
	name := pick(g, names)
	field := c.resolved(dig(schema, "properties", name))
	if field["type"] == "object" && g.chance(2) {
		out[name] = g.spoiled(c, field)
		return out
	}
	switch g.IntN(8) {
	case 0:
		out[name] = nil
	case 1:
		delete(out, name)
	case 2:
		out[pick(g, []string{"another", strings.ToUpper(name), "", name + " "})] = out[name]
	case 3:
		out[name] = number(field, "maximum", 1000) + 1
	case 4:
		out[name] = strings.Repeat("x", number(field, "maxLength", 1000)+1)
	case 5:
		out[name] = pick(g, []any{"", "ümlaut here", "2026-02-30T10:00:00Z", "tomorrow", "true"})
	case 6:
		out[name] = pick(g, []any{[]any{}, map[string]any{}, map[string]any{"a": 1}, []any{nil}, true, false})
	case 7:
		out[name] = pick(g, []any{-1, 0, 1.5, -2.5e-3, json.Number("1e30"), json.Number("15.0"), json.Number("2e1")})
	}
	return out
}

// sorted are the names in m in an order of their own, so that a seed is a run.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
