package room_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"overtime/internal/room"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// TestDocumentation: docs/commands.md is the table, as everybody can read it.
func TestDocumentation(t *testing.T) {
	const path = "../../docs/commands.md"
	commands := slices.DeleteFunc(room.NewTable().All(), func(c room.Command) bool { return c.Name() == "" })
	slices.SortFunc(commands, func(a, b room.Command) int {
		return cmp.Or(cmp.Compare(a.Feature, b.Feature), cmp.Compare(a.Name(), b.Name()))
	})
	var page bytes.Buffer
	page.WriteString(`# What may be asked of a room

Made from the table in ` + "`internal/room`" + ` by ` + "`go test ./internal/room -run TestDocumentation -update`" + `. Who comes in is decided by the rules of
admission (` + "`internal/room/admission.go`" + `). How much a budget is, [operating.md](operating.md) says; what the durabilities mean,
` + "`internal/room/table.go`" + `. A portal asks by REST ([api.md](api.md)), in the role *service*.

| feature | message | who | people | portals | budget | durability |
| --- | --- | --- | --- | --- | --- | --- |
`)
	yes := map[bool]string{true: "yes"}
	for _, c := range commands {
		fmt.Fprintf(&page, "| %s | `%s` | %s | %s | %s | %s | %s |\n", c.Feature, c.Name(), c.Who.Name, yes[c.People], yes[c.Portals], c.Budget, c.Durability)
	}
	if *update {
		if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, page.Bytes()) {
		t.Errorf("docs/commands.md is not what the table says (%v); write it anew with -update", err)
	}
}
