package theme

import (
	"strings"
	"unicode"
)

// The most that a list of families may be.
const (
	mostFamilies = 10
	longestFont  = 400
)

// generic families are written without quotation marks, or they would be names
// of fonts.
var generic = map[string]bool{
	"serif": true, "sans-serif": true, "monospace": true, "system-ui": true, "cursive": true,
	"ui-serif": true, "ui-sans-serif": true, "ui-monospace": true, "ui-rounded": true,
	"-apple-system": true, "BlinkMacSystemFont": true,
}

// parseFont reads names of families and writes them anew, each but the generic
// ones in quotation marks, with the system's own at the end. No font is loaded:
// one that a machine does not have is passed over.
func parseFont(text string) (families string, ok bool) {
	if len(text) > longestFont {
		return "", false
	}
	names := strings.Split(text, ",")
	if len(names) > mostFamilies {
		return "", false
	}
	var out []string
	for _, name := range names {
		name = unquoted(strings.TrimSpace(name))
		switch {
		case generic[name]:
			out = append(out, name)
		case isFamily(name):
			out = append(out, `"`+name+`"`)
		default:
			return "", false
		}
	}
	return strings.Join(append(out, "system-ui", "sans-serif"), ", "), true
}

// unquoted is the name without the two quotation marks around it, if it has both.
func unquoted(name string) string {
	if n := len(name); n > 1 && name[0] == name[n-1] && (name[0] == '"' || name[0] == '\'') {
		return name[1 : n-1]
	}
	return name
}

func isFamily(name string) bool {
	if name == "" || name != strings.TrimSpace(name) {
		return false
	}
	for i, r := range name {
		inside := r == ' ' || r == '-' || r == '_' || r == '.'
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && (i == 0 || !inside) {
			return false
		}
	}
	return true
}
