package words

import "strconv"

// Arg is a named argument of a sentence. It is a pointer, and made by functions
// that are not inlined, because there are hundreds of calls: what each costs, all
// who come for the first time wait for.
type Arg *arg

type arg struct {
	name  string
	text  string // what stands in its place, and what a select goes by
	count int    // what a plural goes by
	slot  bool
}

// Text is an argument that is a text, such as a name or a time, or the choice
// that a select goes by.
//
//go:noinline
func Text(name, text string) Arg { return &arg{name: name, text: text} }

// Count is an argument that is a number, which a plural goes by.
//
//go:noinline
func Count(name string, n int) Arg { return &arg{name: name, text: strconv.Itoa(n), count: n} }

// Slot is an argument whose place is left for whoever draws the sentence; see
// Catalogue.Parts.
//
//go:noinline
func Slot(name string) Arg { return &arg{name: name, slot: true} }
