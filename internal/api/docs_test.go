package api_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"overtime/internal/api"
	"overtime/internal/event"
	"overtime/internal/protocol"
)

var update = flag.Bool("update", false, "write the real answers into docs/api.md")

const documentation = "../../docs/api.md"

// TestDocumentation runs every command of docs/api.md, from its first to its
// last, and compares what comes out with what it says. In the text these are:
//
//	```sh run                        a command, run by bash; its variables stay
//	```json answer                   what the command before prints, or text
//	```json webhook session.ended    what portals are told by then
//	<!-- test: join -->              the holder of $TOKEN comes in
//	<!-- test: write Hello -->       whoever came in last writes that
//	<!-- test: raise -->             and raises a hand
//	<!-- test: minutes 20 -->        so much time passes
//	<!-- test: webhook -->           a webhook comes in, for a shell to check
//
// Tokens and ids that are drawn at random are left out of the comparison.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile(documentation)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{world: mustWorld(t, time.Date(2026, 3, 4, 13, 0, 0, 0, time.UTC)), folder: t.TempDir(), ids: map[string]string{}}
	r.set("API", r.url+"/api/v1")
	r.set("KEY", "portal:"+secret)
	steps := regexp.MustCompile("(?ms)^<!-- test: ([^\n]*) -->$|^```(?:sh|json|text) (run|answer|webhook[^\n]*)\n(.*?)^```$")
	after := steps.ReplaceAllStringFunc(string(text), func(step string) string {
		m := steps.FindStringSubmatch(step)
		return r.take(step, m[1], m[2], m[3])
	})
	if r.runs < 15 {
		t.Errorf("only %d commands were run", r.runs)
	}
	if *update {
		if err := os.WriteFile(documentation, []byte(after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if after != string(text) {
		t.Error("docs/api.md is stale; run go test ./internal/api -run TestDocumentation -update, and look at what changed")
	}
}

// reader does what the documentation says.
type reader struct {
	*world
	folder string            // in which the shell is, with its variables in a file
	out    string            // of the last command
	ids    map[string]string // what each id is shown as
	runs   int
}

// take does one step and returns it as it should stand there.
func (r *reader) take(step, direction, kind, body string) string {
	r.t.Helper()
	fence, _, _ := strings.Cut(step, "\n")
	switch kind, what, _ := strings.Cut(kind, " "); kind {
	case "run":
		r.runs++
		r.out = r.shell(body)
	case "answer":
		return r.compare(step, fence, body, r.out)
	case "webhook":
		var told []byte
		r.until(what, func() (there bool) { told, there = r.news.body(event.Kind(what)); return there })
		return r.compare(step, fence, body, string(told))
	default:
		r.direct(direction)
	}
	return step
}

// compare is the step as it should stand there.
func (r *reader) compare(step, fence, body, is string) string {
	r.t.Helper()
	is = strings.TrimSpace(r.plain(is))
	var pretty bytes.Buffer
	if strings.HasPrefix(fence, "```json") {
		if err := json.Indent(&pretty, []byte(is), "", "  "); err != nil {
			r.t.Fatalf("%s: %q is no JSON", fence, is)
		}
		is = pretty.String()
	}
	if is == strings.TrimSpace(body) {
		return step
	}
	r.t.Logf("it says %s\nbut it is %s", body, is)
	return fence + "\n" + is + "\n```"
}

var (
	tokens       = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`)
	participants = regexp.MustCompile(`p_[A-Z2-7]{12}`)
)

// plain is text without what is another each time.
func (r *reader) plain(text string) string {
	text = tokens.ReplaceAllString(text, "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")
	return participants.ReplaceAllStringFunc(text, func(id string) string {
		if r.ids[id] == "" {
			r.ids[id] = []string{"p_GQ2TKMZRGIYD", "p_M5XW6ZDPO4QA"}[len(r.ids)]
		}
		return r.ids[id]
	})
}

func (r *reader) direct(direction string) {
	r.t.Helper()
	word, rest, _ := strings.Cut(direction, " ")
	switch word {
	case "join":
		r.join(strings.TrimSpace(r.shell(`echo "$TOKEN"`)))
	case "write":
		r.newest.Send(protocol.SendChat{Text: rest})
		const chat = `curl -s "$API/rooms/$ROOM/sessions/1/chat" -H "Authorization: Bearer $KEY"`
		r.until(rest+" is written", func() bool { return strings.Contains(r.shell(chat), rest) })
	case "raise":
		r.newest.Send(protocol.SetAttribute{Name: protocol.AttributeHand, Value: protocol.HandUp})
	case "minutes":
		n, err := strconv.Atoi(rest)
		if err != nil {
			r.t.Fatal(err)
		}
		r.pass(time.Duration(n)*time.Minute, strings.TrimSpace(r.shell(`echo "$ROOM"`)))
	case "webhook":
		key, at := strings.Repeat("k", 32), strconv.FormatInt(r.Clock.Now().Unix(), 10)
		body, _ := r.news.body(event.SessionStarted)
		mac := hmac.New(sha256.New, []byte(key))
		fmt.Fprintf(mac, "%s.%s.%s", "ridxqcs32ao7-1", at, body)
		r.set("SECRET", "whsec_"+base64.StdEncoding.EncodeToString([]byte(key)))
		r.set("ID", "ridxqcs32ao7-1")
		r.set("TIMESTAMP", at)
		r.set("BODY", string(body))
		r.set("SIGNATURE", "v1,b2xk v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	default:
		r.t.Fatalf("what is %q?", direction)
	}
}

// shell runs a script with the variables that those before it have left, and
// gives what it prints.
func (r *reader) shell(script string) string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "bash", "-euo", "pipefail", "-c",
		`set -a; [ ! -e "$STATE" ] || . "$STATE"; trap 'export -p > "$STATE"' EXIT; `+"\n"+script)
	cmd.Dir = r.folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "STATE=" + filepath.Join(r.folder, "state"), "no_proxy=*"}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("%s\nfailed: %v, %s", script, err, complaints.String())
	}
	return string(out)
}

func (r *reader) set(name, value string) {
	r.t.Helper()
	r.shell(name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'")
}

// TestDocumentationIsWhole: every operation, error and kind of event is there.
func TestDocumentationIsWhole(t *testing.T) {
	text, err := os.ReadFile(documentation)
	if err != nil {
		t.Fatal(err)
	}
	s := mustSite(t)
	var lacks []string
	need := func(what string) {
		if !strings.Contains(string(text), what) {
			lacks = append(lacks, what)
		}
	}
	for name, op := range s.operations() {
		method, path, _ := strings.Cut(name, " ")
		need("`" + method + " " + strings.TrimPrefix(path, "/api/v1") + "`")
		runs := regexp.MustCompile("(?ms)^```sh run\n.*?^```$").FindAllString(string(text), -1)
		if !shows(runs, method, strings.TrimPrefix(path, "/api/v1")) {
			lacks = append(lacks, "a command for "+op["operationId"].(string))
		}
	}
	for _, code := range api.FaultCodes() {
		need("| `" + string(code) + "` |")
	}
	for _, kind := range []event.Kind{
		event.SessionStarted, event.ParticipantJoined, event.ParticipantLeft, event.WindowOpened, event.SessionExtended, event.SessionEnded,
	} {
		if !kind.Hook() {
			t.Errorf("portals are not told of %s", kind)
		}
		need("```json webhook " + string(kind))
	}
	for _, kind := range event.Optional() {
		need("| `" + string(kind) + "` |")
	}
	if len(lacks) > 0 {
		t.Errorf("docs/api.md lacks %q", lacks)
	}
}

// shows reports whether one of some commands calls an operation.
func shows(runs []string, method, path string) bool {
	at := regexp.MustCompile(`"\$API` + regexp.MustCompile(`\\\{[^/]*\\\}`).ReplaceAllString(regexp.QuoteMeta(path), `[^/"?]+`) + `["?]`)
	for _, run := range runs {
		does := "GET"
		if strings.Contains(run, " -d ") {
			does = "POST"
		}
		if m := regexp.MustCompile(`-X (\w+)`).FindStringSubmatch(run); m != nil {
			does = m[1]
		}
		if does == method && at.MatchString(run) {
			return true
		}
	}
	return false
}
