package config_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
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

// TestManualHasEveryCommand looks for each command of the help in the manual.
func TestManualHasEveryCommand(t *testing.T) {
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	var help bytes.Buffer
	if _, err := config.Parse([]string{"--help"}, func(string) string { return "" }, &help); !errors.Is(err, config.ErrHelp) {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^  ([a-z][a-z ]*?)(?: [-<\[].*)?$`).FindAllStringSubmatch(help.String(), -1)
	if len(commands) < 11 {
		t.Fatalf("found only %q in the help:\n%s", commands, &help)
	}
	for _, c := range commands {
		if !strings.Contains(string(text), "`overtime "+c[1]) {
			t.Errorf("%s lacks overtime %s", manual, c[1])
		}
	}
}

func table() string {
	var b strings.Builder
	b.WriteString("| flag | environment | default | what it does |\n| --- | --- | --- | --- |\n")
	for field := range reflect.TypeFor[config.Config]().Fields() {
		name, standard := field.Tag.Get("name"), field.Tag.Get("default")
		if name == "" {
			continue
		}
		if standard != "" {
			standard = "`" + standard + "`"
		}
		flag := strings.ReplaceAll(strings.TrimSpace("--"+name+" "+field.Tag.Get("placeholder")), "|", `\|`) // a cell ends at a bar
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", flag, config.EnvName(name), standard, field.Tag.Get("help"))
	}
	return b.String()
}
