package config_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"overtime/internal/config"
)

const manual = "../../docs/operating.md"

// TestManualHasEveryFlag compares the table of docs/operating.md with the
// struct. If it fails, put the table it prints into the manual.
func TestManualHasEveryFlag(t *testing.T) {
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	if want := table(); !strings.Contains(string(text), want) {
		t.Errorf("%s lacks this table:\n\n%s", manual, want)
	}
}

func table() string {
	var b strings.Builder
	b.WriteString("| flag | environment | default | what it does |\n| --- | --- | --- | --- |\n")
	for field := range reflect.TypeFor[config.Config]().Fields() {
		name, standard := field.Tag.Get("name"), field.Tag.Get("default")
		if standard != "" {
			standard = "`" + standard + "`"
		}
		flag := strings.TrimSpace("--" + name + " " + field.Tag.Get("placeholder"))
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", flag, config.EnvName(name), standard, field.Tag.Get("help"))
	}
	return b.String()
}
