package words

import "strconv"

// Arg is a named argument of a sentence.
type Arg struct {
	name  string
	text  string // what stands in its place, and what a select goes by
	count int    // what a plural goes by
	slot  bool
}

// Text is an argument that is a text, such as a name or a time, or the choice
// that a select goes by.
func Text(name, text string) Arg { return Arg{name: name, text: text} }

// Count is an argument that is a number, which a plural goes by.
func Count(name string, n int) Arg { return Arg{name: name, text: strconv.Itoa(n), count: n} }

// Slot is an argument whose place is left for whoever draws the sentence; see
// Catalogue.Parts.
func Slot(name string) Arg { return Arg{name: name, slot: true} }
