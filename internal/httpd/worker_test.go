package httpd_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"
)

// aBrowser runs the service worker that comes by stdin, and prints what becomes
// of each request that is named as an argument: its mode and its path. A server
// answers "server", or nobody does; what is kept is "kept" and its name. A request
// that the worker leaves to the browser is "untouched".
const aBrowser = `
const vm = require("node:vm"), fs = require("node:fs");
const listeners = {};
let away = false, preloads = false;
const world = {
  URL,
  self: { location: { origin: "https://meet.example" }, addEventListener: (name, f) => { listeners[name] = f; } },
  caches: { open: async () => ({ match: async (path) => "kept " + path }) },
  Response: { error: () => "error" },
  fetch: async () => { if (away) { throw new TypeError("away"); } return "server"; },
};
vm.runInNewContext(fs.readFileSync(0, "utf8"), world);

async function ask(mode, path) {
  let answer = "untouched";
  const preload = async () => { if (away) { throw new TypeError("away"); } return preloads ? "server, asked once" : undefined; };
  listeners.fetch({
    request: { mode, method: "GET", url: "https://meet.example" + path },
    preloadResponse: { then: (yes, no) => preload().then(yes, no) },
    respondWith: (given) => { answer = given; },
  });
  return Promise.resolve(answer).catch(() => "failed");
}

(async () => {
  const told = {};
  for (const request of process.argv.slice(1)) {
    const [mode, path] = request.split(" ");
    told[request] = [];
    for ([away, preloads] of [[false, false], [false, true], [true, false]]) {
      told[request].push(await ask(mode, path));
    }
  }
  console.log(JSON.stringify(told));
})();
`

// TestWorker is what becomes of a request once the service worker is there: with
// the server, with it and a browser that asks while the worker starts, and without.
func TestWorker(t *testing.T) {
	untouched := [3]string{"untouched", "untouched", "untouched"}
	server := [3]string{"server", "server, asked once", "failed"}
	page := [3]string{"server", "server, asked once", "kept /web/offline.html"}
	want := map[string][3]string{
		"navigate /":                page,
		"navigate /r/abc":           page,
		"navigate /r/embed.js":      page,
		"navigate /embedded":        page,
		"navigate /embed/abc":       server,
		"navigate /embed/abc?x=y":   server,
		"navigate /embed.js":        server,
		"navigate /v/1/embed.js":    server,
		"no-cors /embed.js":         untouched,
		"no-cors /v/1.0.0/embed.js": untouched,
		"cors /embed/origin":        untouched,
		"cors /embed.js":            untouched,
		"no-cors /web/frame.js":     untouched,
		"cors /api/v1/rooms":        untouched,
		"cors /web/app.wasm":        untouched,
		"no-cors /app.css":          {"server", "server", "kept /app.css"},
		"no-cors /web/offline.js":   {"server", "server", "kept /web/offline.js"},
		"no-cors /web/launched.js":  {"server", "server", "kept /web/launched.js"},
		"cors /healthz":             untouched,
	}
	node := exec.CommandContext(t.Context(), "node", "-e", aBrowser)
	for request := range want {
		node.Args = append(node.Args, request)
	}
	var trouble bytes.Buffer
	node.Stdin, node.Stderr = get("/app-worker.js").Body, &trouble
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node, which `make tools` installs: %v\n%s", err, &trouble)
	}
	var got map[string][3]string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for request, outcome := range want {
		if got[request] != outcome {
			t.Errorf("%s: %q, want %q", request, got[request], outcome)
		}
	}
}
