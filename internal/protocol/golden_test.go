package protocol_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"overtime/internal/protocol"
)

var update = flag.Bool("update", false, "write the golden files and docs/protocol.md anew")

const goldenFolder = "testdata/golden"

// TestGolden holds the wire: what is encoded is what the files say, and
// reading the files gives the examples back.
func TestGolden(t *testing.T) {
	for _, m := range clientExamples {
		name := protocol.ClientType(m)
		t.Run(name, func(t *testing.T) {
			frame := protocol.ClientFrame{ID: "7", Message: m}
			if !asksNothing(m) {
				mustBeFilled(t, name, m)
			}
			got, err := protocol.DecodeClient(mustGolden(t, name, frame.Encode()))
			if err != nil || !reflect.DeepEqual(got, frame) {
				t.Errorf("read back as %+v, %v; want %+v", got, err, frame)
			}
			if got, err := protocol.DecodeRelayed(frame.Encode()); err != nil || !reflect.DeepEqual(got, frame) {
				t.Errorf("relayed as %+v, %v; want %+v", got, err, frame)
			}
		})
	}
	for _, m := range serverExamples {
		name := protocol.ServerType(m)
		t.Run(name, func(t *testing.T) {
			frame := protocol.ServerFrame{Epoch: 3, Seq: 12, Message: m}
			if slices.Contains(answers, name) {
				frame.ID = "7"
			}
			mustBeFilled(t, name, m)
			got, err := protocol.DecodeServer(mustGolden(t, name, frame.Encode()))
			if err != nil || !reflect.DeepEqual(got, frame) {
				t.Errorf("read back as %+v, %v; want %+v", got, err, frame)
			}
		})
	}
}

// answers are the messages that answer a request; the others answer none.
var answers = []string{"room.state", "welcome", "room.waiting", "over", "ok", "error"}

func asksNothing(m protocol.ClientMessage) bool { return reflect.TypeOf(m).NumField() == 0 }

// TestGoldenCoversAll fails when a message is added without an example, or a
// file is left of one that was taken away.
func TestGoldenCoversAll(t *testing.T) {
	var want []string
	for _, m := range protocol.ClientMessages() {
		want = append(want, protocol.ClientType(m)+".json")
	}
	for _, m := range protocol.ServerMessages() {
		want = append(want, protocol.ServerType(m)+".json")
	}
	slices.Sort(want)
	if double := slices.Compact(slices.Clone(want)); len(double) != len(want) {
		t.Errorf("two messages have one type: %v", want)
	}
	entries, err := os.ReadDir(goldenFolder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("the golden files are\n%v\nthe messages are\n%v", got, want)
	}
}

// TestEvents says which messages are the room's numbered events.
func TestEvents(t *testing.T) {
	want := []string{
		"person.joined", "person.changed", "person.left", "window.opened", "session.extended", "session.ended", "room.changed",
		"chat.message", "chat.deleted",
	}
	var got []string
	for _, m := range protocol.ServerMessages() {
		if (protocol.ServerFrame{Message: m}).Event() {
			got = append(got, protocol.ServerType(m))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("events are %v, want %v", got, want)
	}
}

// TestServerFieldsAreForgiven: a tab outlives an update of the server.
func TestServerFieldsAreForgiven(t *testing.T) {
	f, err := protocol.DecodeServer([]byte(`{"type":"person.left","new":1,"data":{"id":"p_1","reason":"left","newer":{"a":[]}}}`))
	want := protocol.PersonLeft{ID: "p_1", Reason: protocol.LeftByChoice}
	if err != nil || f.Message != want {
		t.Errorf("got %+v, %v", f.Message, err)
	}
	for _, text := range []string{"", "[]", `{"type":"nobody.knows"}`, `{"type":"person.left","data":[]}`, `{"type":7}`} {
		if _, err := protocol.DecodeServer([]byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// mustGolden compares one encoded frame with its file and returns the file.
func mustGolden(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	path := filepath.Join(goldenFolder, name+".json")
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	if *update {
		if err := os.MkdirAll(goldenFolder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go generate here", err)
	}
	if !bytes.Equal(pretty.Bytes(), want) {
		t.Errorf("encoded as\n%s\nthe file %s says\n%s\nif that is meant, run go generate here", pretty.Bytes(), path, want)
	}
	return want
}

// mustBeFilled wants every field of an example to say something.
func mustBeFilled(t *testing.T, name string, m any) {
	t.Helper()
	v := reflect.ValueOf(m)
	for i := range v.NumField() {
		field := name + "." + v.Type().Field(i).Name
		if _, meant := leftOut[field]; v.Field(i).IsZero() && !meant {
			t.Errorf("the example leaves %s empty", field)
		}
	}
}
