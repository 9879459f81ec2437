package words

import (
	"slices"
	"strconv"
	"strings"
)

// speech is a message as it is being put together. What a message has that is
// none of the syntax stays as it is written: it is read, and mended, by people.
type speech struct {
	args     []Arg
	language string
	parts    []Part
}

//go:noinline
func (s *speech) write(text string) {
	if text == "" {
		return
	}
	if n := len(s.parts); n > 0 && s.parts[n-1].Slot == "" {
		s.parts[n-1].Text += text
		return
	}
	s.parts = append(s.parts, Part{Text: text})
}

// say says a message. number is what # stands for; empty outside of a plural.
func (s *speech) say(m, number string) {
	from := 0 // what was written ends here
	for i := 0; i < len(m); {
		switch c := m[i]; {
		case c == '\'':
			text, rest := quoted(m[i:], number != "")
			s.write(m[from:i] + text)
			m, i, from = rest, 0, 0
		case c == '#' && number != "":
			s.write(m[from:i] + number)
			i++
			from = i
		case c == '{':
			inside, rest, ok := cutBrace(m[i+1:])
			if !ok {
				i = len(m)
				continue
			}
			s.write(m[from:i])
			s.argument(inside, number)
			m, i, from = rest, 0, 0
		default:
			i++
		}
	}
	s.write(m[from:])
}

// argument says what stands between two braces.
func (s *speech) argument(inside, number string) {
	name, kind, branches := cutArgument(inside)
	a := s.find(name)
	switch {
	case a == nil:
		s.write("{" + name + "}")
	case kind == kindPlural:
		s.say(s.choose(branches, "="+a.text, category(s.language, a.count)), a.text)
	case kind == kindSelect:
		s.say(s.choose(branches, a.text, ""), number)
	case a.slot:
		s.parts = append(s.parts, Part{Slot: name})
	default:
		s.write(a.text)
	}
}

func (s *speech) find(name string) Arg {
	for _, a := range s.args {
		if a.name == name {
			return a
		}
	}
	return nil
}

// choose is the branch of the exact case, else of the category, else the other.
func (s *speech) choose(branches, exact, category string) string {
	found := map[string]string{}
	for {
		selector, message, rest, ok := cutBranch(branches)
		if !ok {
			break
		}
		found[selector], branches = message, rest
	}
	for _, selector := range []string{exact, category} {
		if message, ok := found[selector]; ok {
			return message
		}
	}
	return found[selectorOther]
}

const (
	kindText      = ""
	kindPlural    = "plural"
	kindSelect    = "select"
	selectorOther = "other"
)

// cutArgument is the name, the kind and what follows of "name, kind, branches".
func cutArgument(inside string) (name, kind, branches string) {
	name, rest, _ := strings.Cut(inside, ",")
	kind, branches, _ = strings.Cut(rest, ",")
	return strings.TrimSpace(name), strings.TrimSpace(kind), branches
}

// cutBranch is the first of "one {…} other {…}", and what follows it.
func cutBranch(branches string) (selector, message, rest string, ok bool) {
	selector, after, ok := strings.Cut(branches, "{")
	if !ok {
		return "", "", "", false
	}
	message, rest, ok = cutBrace(after)
	return strings.TrimSpace(selector), message, rest, ok
}

// cutBrace is what stands before the brace that closes one that was opened
// before m, and what follows.
func cutBrace(m string) (inside, rest string, ok bool) {
	depth := 1
	for i := 0; i < len(m); {
		switch m[i] {
		case '\'':
			_, after := quoted(m[i:], true)
			i = len(m) - len(after)
			continue
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return m[:i], m[i+1:], true
			}
		}
		i++
	}
	return "", "", false
}

// quoted reads an apostrophe that m begins with: two are one, one before what
// would be syntax quotes up to the next, and any other is itself.
func quoted(m string, inPlural bool) (text, rest string) {
	if strings.HasPrefix(m, "''") {
		return "'", m[2:]
	}
	if len(m) < 2 || m[1] != '{' && m[1] != '}' && (m[1] != '#' || !inPlural) {
		return "'", m[1:]
	}
	text, rest, _ = strings.Cut(m[1:], "'")
	return text, rest
}

// Placeholder is an argument that a message asks for.
type Placeholder struct {
	Name string
	Kind string // empty, plural or select
}

// Trouble is what is the matter with a message, for whoever writes it.
type Trouble string

func (t Trouble) Error() string { return string(t) }

// Placeholders are the arguments that a message asks for, each once, in the order
// of the message. It is how a catalogue is checked; nothing that people wait for
// calls it.
func Placeholders(message string) ([]Placeholder, error) {
	var found []Placeholder
	for rest := message; ; {
		opens := opening(rest)
		switch {
		case opens < 0:
			return found, nil
		case rest[opens] == '}':
			return nil, Trouble("a brace is closed that was not opened")
		}
		after := rest[opens+1:]
		inside, tail, ok := cutBrace(after)
		if !ok {
			return nil, Trouble("a brace is not closed")
		}
		more, err := placeholdersOf(inside)
		if err != nil {
			return nil, err
		}
		found, rest = merge(found, more), tail
	}
}

// opening is where the first brace stands that is not quoted; -1 if there is none.
func opening(m string) int {
	for i := 0; i < len(m); {
		switch m[i] {
		case '\'':
			_, rest := quoted(m[i:], true)
			i = len(m) - len(rest)
		case '{', '}':
			return i
		default:
			i++
		}
	}
	return -1
}

func placeholdersOf(inside string) ([]Placeholder, error) {
	name, kind, branches := cutArgument(inside)
	found := []Placeholder{{name, kind}}
	switch {
	case name == "" || strings.ContainsAny(name, " {}"):
		return nil, Trouble("an argument has no name, but " + strconv.Quote(name))
	case kind == kindText:
		return found, nil
	case kind != kindPlural && kind != kindSelect:
		return nil, Trouble("there are no arguments of the kind " + strconv.Quote(kind))
	}
	other := false
	for {
		selector, message, rest, ok := cutBranch(branches)
		if !ok {
			break
		}
		other = other || selector == selectorOther
		if kind == kindPlural && !isPluralSelector(selector) {
			return nil, Trouble("a plural has no case " + strconv.Quote(selector))
		}
		more, err := Placeholders(message)
		if err != nil {
			return nil, err
		}
		found, branches = merge(found, more), rest
	}
	if !other || strings.TrimSpace(branches) != "" {
		return nil, Trouble("the argument " + name + " has no case other, or something after its cases")
	}
	return found, nil
}

// merge adds those that are not there yet. An argument that one branch writes and
// another goes by is of the kind that is gone by.
func merge(have, more []Placeholder) []Placeholder {
	for _, p := range more {
		i := slices.IndexFunc(have, func(h Placeholder) bool { return h.Name == p.Name })
		switch {
		case i < 0:
			have = append(have, p)
		case have[i].Kind == kindText:
			have[i].Kind = p.Kind
		}
	}
	return have
}
