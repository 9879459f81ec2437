package chatlog_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"

	"overtime/internal/bus"
	"overtime/internal/chatlog"
)

// victimVariable has the test's program be a process that is killed: it names the
// folder.
const victimVariable = "CHATLOG_VICTIM"

// order is what the victim is asked to do, and answers when it is done.
type order struct {
	Op     string `json:"op"`
	Delete int    `json:"delete,omitempty"`
	Number int    `json:"number,omitempty"` // the answer
}

// serve does what it reads until it is killed.
func serve(folder string) error {
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	l, err := chatlog.Open(context.Background(), b.JetStream(), chatlog.Config{})
	if err != nil {
		return err
	}
	answers := json.NewEncoder(os.Stdout)
	for lines := json.NewDecoder(os.Stdin); ; {
		var o order
		if err := lines.Decode(&o); err != nil {
			return err
		}
		var m chatlog.Message
		if o.Delete > 0 {
			m, err = l.Delete(context.Background(), here, o.Delete, byAuthor)
		} else {
			m, err = l.Append(context.Background(), here, draft(o.Op, "secret "+o.Op))
		}
		if err != nil {
			return err
		}
		o.Number = m.Number
		if err := answers.Encode(o); err != nil {
			return err
		}
	}
}

// TestKill: whatever moment the process is killed at, what was acknowledged is there,
// once, at its number, and what was deleted is gone.
func TestKill(t *testing.T) {
	folder := t.TempDir()
	told := map[string]int{} // the number of each operation
	gone := map[int]bool{}   // what was deleted
	asked := []order{{Op: "0"}}
	for life, sent := 0, 0; life < 6; life++ {
		// Orders are sent ahead of their answers, so that the kill comes in the midst
		// of one. Those without an answer are sent again to the next.
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimVariable+"="+folder)
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for ahead := rand.IntN(5); ahead >= 0; ahead-- {
			sent++
			asked = append(asked, order{Op: fmt.Sprint(sent)})
		}
		for _, o := range asked {
			mustOrder(t, in, o)
		}
		answers := bufio.NewScanner(out)
		for left := 10 + rand.IntN(30); answers.Scan(); left-- {
			var o order
			if err := json.Unmarshal(answers.Bytes(), &o); err != nil {
				t.Fatal(err)
			}
			asked = slices.DeleteFunc(asked, func(a order) bool { return a.Op == o.Op })
			if before, again := told[o.Op]; again && before != o.Number || o.Number == 0 {
				t.Errorf("%s was %d, and is %d", o.Op, before, o.Number)
			}
			told[o.Op] = o.Number
			if o.Delete > 0 {
				gone[o.Delete] = true
			}
			if left == 0 {
				break
			}
			sent++
			next := order{Op: fmt.Sprint(sent)}
			if o.Number%3 == 0 && o.Delete == 0 {
				next.Delete = o.Number
			}
			asked = append(asked, next)
			mustOrder(t, in, next)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}

	b := mustBus(t, folder)
	defer b.Close()
	l := mustOpen(t, b.JetStream(), chatlog.Config{})
	seen := map[string]int{}
	for i, m := range mustPage(t, l, here, all).Messages {
		if m.Number != i+1 {
			t.Errorf("%d is followed by %d", i, m.Number)
		}
		if m.Deleted == "" && gone[m.Number] {
			t.Errorf("%d is there again", m.Number)
		}
		if m.Text == "" {
			continue
		}
		if seen[m.Text] > 0 {
			t.Errorf("%q is there twice, as %d and as %d", m.Text, seen[m.Text], m.Number)
		}
		seen[m.Text] = m.Number
	}
	for op, number := range told {
		if is := seen["secret "+op]; is != number && !gone[number] && (is != 0 || !isDeletion(asked, number)) {
			t.Errorf("%s was acknowledged as %d, and is %d", op, number, is)
		}
		if gone[number] {
			mustNotHold(t, folder, fmt.Sprintf("secret %s\"", op))
		}
	}
	t.Logf("%d were acknowledged, %d of them deleted; %d are there", len(told), len(gone), len(seen))
}

// isDeletion reports whether a number may be deleted by what was not answered.
func isDeletion(asked []order, number int) bool {
	return slices.ContainsFunc(asked, func(o order) bool { return o.Delete == number })
}

func mustOrder(t *testing.T, in io.Writer, o order) {
	t.Helper()
	if err := json.NewEncoder(in).Encode(o); err != nil {
		t.Fatal(err)
	}
}
