package ui_test

import (
	"testing"

	"overtime/components/ui"
)

// What a person types is never written back into the field: go-app trims what
// it writes, and the space they have just typed would be gone.
func TestTypedTextIsNotWrittenBack(t *testing.T) {
	text := ui.Written("Weekly")
	text.Type("Weekly ")
	if text.Value() != "Weekly" || text.String() != "Weekly " {
		t.Errorf("the field is written %q and reads %q", text.Value(), text.String())
	}
}
