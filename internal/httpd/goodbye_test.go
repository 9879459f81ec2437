package httpd_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"testing"
)

// aFrame runs the goodbye that comes by stdin in a frame with a place to give up,
// lets the server welcome it, and prints what it said and how much is still kept.
// The argument names the browser's storage that is refused, or "none".
const aFrame = `
const vm = require("node:vm"), fs = require("node:fs");
const refused = process.argv[1], said = [];
const tab = { "overtime.slot.0.overtime.resume.abc": "secret" }, local = { "overtime.again": "abc secret" };
class Socket extends EventTarget {
  constructor() { super(); this.constructor.only = this; }
  send(text) { said.push(JSON.parse(text).type); }
}
const storage = (kept) => ({ getItem: (k) => kept[k] ?? null, removeItem: (k) => { delete kept[k]; } });
const world = {
  URLSearchParams, WebSocket: Socket,
  get sessionStorage() { if (refused === "session") { throw new Error("refused"); } return storage(tab); },
  get localStorage() { if (refused === "local") { throw new Error("refused"); } return storage(local); },
  window: { parent: {}, location: { hash: "#room=abc&slot=0", origin: "https://meet.example", replace: () => said.push("gone") } },
};
process.on("uncaughtException", () => {}); // as a page goes on after one
process.on("exit", () => console.log(JSON.stringify({ said, kept: Object.keys(tab).length + Object.keys(local).length })));
vm.runInNewContext(fs.readFileSync(0, "utf8"), world);
if (Socket.only) {
  Socket.only.dispatchEvent(new Event("open"));
  Socket.only.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify({ type: "welcome" }) }));
}
`

// TestGoodbye: the place is given up, and nothing leads back to it, whatever the
// browser refuses to keep.
func TestGoodbye(t *testing.T) {
	script := get("/web/goodbye.js").Body.Bytes()
	for refused, want := range map[string][]string{
		"none":    {"hello", "session.leave"},
		"local":   {"hello", "session.leave"},
		"session": {"gone"},
	} {
		var trouble bytes.Buffer
		node := exec.CommandContext(t.Context(), "node", "-e", aFrame, refused)
		node.Stdin, node.Stderr = bytes.NewReader(script), &trouble
		out, err := node.Output()
		if err != nil {
			t.Fatalf("node, which `make tools` installs: %v\n%s", err, &trouble)
		}
		var told struct {
			Said []string
			Kept int
		}
		if err := json.Unmarshal(out, &told); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if !slices.Equal(told.Said, want) || refused == "none" && told.Kept != 0 {
			t.Errorf("refused %s: said %v, keeps %d, want %v", refused, told.Said, told.Kept, want)
		}
	}
}
