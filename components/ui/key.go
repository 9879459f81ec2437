package ui

// Key is the data attribute that carries an element's id: data-testid once it
// works, data-early before. web/early.js keeps what is pressed on the latter.
func Key(works bool) string {
	if works {
		return "testid"
	}
	return "early"
}

// When is class if it holds, and nothing otherwise.
func When(holds bool, class string) string {
	if holds {
		return class
	}
	return ""
}

// Classes are class names, without the empty ones.
func Classes(names ...string) string {
	out := ""
	for _, name := range names {
		switch {
		case name == "":
		case out == "":
			out = name
		default:
			out += " " + name
		}
	}
	return out
}
