package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"overtime/internal/words"
)

// speakers are the packages that say sentences of the catalogue.
var speakers = []string{"overtime/components", "overtime/internal/httpd", "overtime/internal/embed"}

// pages are the packages whose text is all for people.
var pages = []string{"overtime/components"}

const (
	reasonSay  = "a sentence comes whole from internal/words/en.arb, by its key: then it can be said in any language"
	reasonKeys = "a key that is missing is read by people instead of its sentence, and one that nobody says is translated for nothing"
	reasonArgs = "an argument that a sentence does not ask for, or does not get, is a word that people miss: write words.Text, words.Count or words.Slot with its name in the call itself"
)

// keyed is what a literal that names a sentence looks like.
var keyed = regexp.MustCompile(`^[a-z]+(\.[a-z_]+)+$`)

// checkSentences compares what is said with the catalogue. written are the keys
// in files that are not Go.
func checkSentences(sources []source, catalogue map[words.Key]string, written []string) []violation {
	c := &sayings{catalogue: catalogue, used: map[words.Key]bool{}}
	for _, key := range written {
		c.name("web", key)
	}
	for _, s := range sources {
		if s.isTest() || !withinAny(s.pkg(), speakers) || within(s.pkg(), "overtime/components/storybook") {
			continue
		}
		c.read(s)
	}
	for _, key := range slices.Sorted(maps.Keys(catalogue)) {
		if !c.used[key] {
			c.found = append(c.found, violation{"internal/words/en.arb", "has " + string(key) + ", which nobody says", reasonKeys})
		}
	}
	return c.found
}

// sayings are the places where sentences are said.
type sayings struct {
	catalogue map[words.Key]string
	used      map[words.Key]bool
	found     []violation
}

// name takes in that a place names a key.
func (c *sayings) name(where, key string) {
	if _, ok := c.catalogue[words.Key(key)]; !ok {
		c.found = append(c.found, violation{where, "says " + key + ", which is not in the catalogue", reasonKeys})
	}
	c.used[words.Key(key)] = true
}

func (c *sayings) read(s source) {
	said := map[*ast.BasicLit]bool{} // keys in a call that says them
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if !says(n) {
				return true
			}
			if key, ok := n.Args[0].(*ast.BasicLit); ok {
				said[key] = true
				c.name(s.at(n.Pos()), unquote(key))
				c.compare(s.at(n.Pos()), unquote(key), n.Args[1:])
			} else if len(n.Args) > 1 {
				c.found = append(c.found, violation{s.at(n.Pos()), "gives arguments to a sentence of whatever key", reasonArgs})
			}
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if key := unquote(n); n.Kind == token.STRING && !said[n] && withinAny(s.pkg(), pages) && c.isKey(key) {
				c.name(s.at(n.Pos()), key)
				c.compare(s.at(n.Pos()), key, nil)
			}
		}
		return true
	})
}

// isKey reports whether a literal outside of a call is one: either there is such
// a key, or it looks like one of those that stand beside it.
func (c *sayings) isKey(text string) bool {
	if _, ok := c.catalogue[words.Key(text)]; ok {
		return true
	}
	first, _, _ := strings.Cut(text, ".")
	return keyed.MatchString(text) && slices.ContainsFunc(slices.Collect(maps.Keys(c.catalogue)), func(key words.Key) bool {
		return strings.HasPrefix(string(key), first+".")
	})
}

// compare finds placeholders that differ from the arguments.
func (c *sayings) compare(where, key string, args []ast.Expr) {
	placeholders, _ := words.Placeholders(c.catalogue[words.Key(key)]) // the catalogue's own test says what is broken
	asked := map[string]bool{}
	for _, p := range placeholders {
		asked[p.Name] = true
		kind, ok := given(args, p.Name)
		switch {
		case !ok:
			c.found = append(c.found, violation{where, "says " + key + " without its " + p.Name, reasonArgs})
		case p.Kind == "plural" && kind != "Count":
			c.found = append(c.found, violation{where, "says " + key + " with a " + p.Name + " that is no number", reasonArgs})
		}
	}
	for _, arg := range args {
		if name, _ := argument(arg); !asked[name] {
			c.found = append(c.found, violation{where, fmt.Sprintf("says %s with %q, which it does not ask for", key, name), reasonArgs})
		}
	}
}

func given(args []ast.Expr, name string) (kind string, ok bool) {
	for _, arg := range args {
		if have, kind := argument(arg); have == name {
			return kind, true
		}
	}
	return "", false
}

// argument is the name and the kind of words.Count("name", n); empty for what is
// written otherwise.
func argument(e ast.Expr) (name, kind string) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", ""
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	on, ok := f.X.(*ast.Ident)
	l, named := call.Args[0].(*ast.BasicLit)
	if !ok || on.Name != "words" || !named {
		return "", ""
	}
	return unquote(l), f.Sel.Name
}

// says reports whether a call is of Catalogue.Say or Catalogue.Parts.
func says(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	return ok && len(call.Args) > 0 && (f.Sel.Name == "Say" || f.Sel.Name == "Parts")
}

func unquote(l *ast.BasicLit) string {
	text, err := strconv.Unquote(l.Value)
	if err != nil {
		return ""
	}
	return text
}

// wordPair is two words with a space between them.
var wordPair = regexp.MustCompile(`\p{L}[\p{L}’',.:;…]* [\p{L}(“]+`)

// unread are what takes a literal that nobody reads although it has a space in it.
var unread = []string{"Class", "Classes", "When", "Format", "Attr", "Call", "panic"}

// checkWritten finds text for people in the pages themselves, and sentences that
// are joined of pieces.
func checkWritten(sources []source) []violation {
	var found []violation
	for _, s := range sources {
		if s.isTest() || !withinAny(s.pkg(), pages) || within(s.pkg(), "overtime/components/storybook") || within(s.pkg(), "overtime/components/uitest") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.CallExpr:
				if text := drawn(n); text != "" {
					found = append(found, violation{s.at(n.Pos()), fmt.Sprintf("writes %q", text), reasonSay})
					return false
				}
				return !slices.Contains(unread, called(n))
			case *ast.BinaryExpr:
				if n.Op == token.ADD && (isSaying(n.X) || isSaying(n.Y)) {
					found = append(found, violation{s.at(n.Pos()), "joins something to a sentence", reasonSay})
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && readable(unquote(n)) {
					found = append(found, violation{s.at(n.Pos()), "has the sentence " + n.Value, reasonSay})
				}
			}
			return true
		})
	}
	return found
}

// readable reports whether a literal is a sentence: not markup, nor a selector.
func readable(text string) bool {
	return wordPair.MatchString(text) && !strings.HasPrefix(text, "<") && !strings.ContainsAny(text, "#[]")
}

// drawn is the literal that a call puts where people read it; empty if none.
func drawn(call *ast.CallExpr) string {
	at := 0
	switch called(call) {
	case "Text", "Title", "Placeholder", "Alt":
		if f, ok := call.Fun.(*ast.SelectorExpr); ok {
			if on, ok := f.X.(*ast.Ident); ok && on.Name == "words" {
				return ""
			}
		}
	case "Aria":
		at = 1
		if l, ok := call.Args[0].(*ast.BasicLit); !ok || unquote(l) != "label" && unquote(l) != "description" && unquote(l) != "roledescription" {
			return ""
		}
	default:
		return ""
	}
	if len(call.Args) <= at {
		return ""
	}
	l, ok := call.Args[at].(*ast.BasicLit)
	if !ok || !hasWord.MatchString(unquote(l)) || unquote(l) == product {
		return ""
	}
	return unquote(l)
}

// product is a name, and the same in every language.
const product = "Overtime"

var hasWord = regexp.MustCompile(`\p{L}{2}`)

// called is the name of the function or method that is called.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func isSaying(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	return ok && says(call) && called(call) == "Say"
}

// marks are the places for sentences in the files of package web, which httpd
// fills.
var marks = regexp.MustCompile(`\{\{([a-z][a-z_.]*)\}\}`)

// keysIn are the keys that a file has places for.
func keysIn(text string) []string {
	var keys []string
	for _, m := range marks.FindAllStringSubmatch(text, -1) {
		keys = append(keys, m[1])
	}
	return keys
}
