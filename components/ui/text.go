package ui

// Text is what stands in a text field. go-app trims what it writes into an
// input, so writing back what a person types would take away the space they
// have just typed: only texts of the program's own are written.
type Text struct {
	written string // by the program, last
	now     string
}

// Written is a text that the program puts into a field.
func Written(text string) Text { return Text{written: text, now: text} }

// Type takes over what a person typed.
func (t *Text) Type(text string) { t.now = text }

// String is what stands in the field.
func (t Text) String() string { return t.now }

// Value is for the input's Value.
func (t Text) Value() string { return t.written }
