package portal

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"overtime/test/program"
)

const key = "portal:correct-horse-battery-staple-0123"

// mustFile writes a file that holds a secret.
func mustFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// startServer runs the server that tells hooks what happens until the test ends.
func startServer(t *testing.T, hooks receiver) (url string) {
	t.Helper()
	url, _ = serve(t, "--data", t.TempDir(), "--api-keys", mustFile(t, "keys", key),
		"--webhooks", mustFile(t, "hooks", hooks.url+" "+hooks.secret), "--webhook-private")
	return url
}

// serve runs the server on a free port until the test ends.
func serve(t *testing.T, args ...string) (url string, log *program.Log) {
	t.Helper()
	return program.Run(t, exec.Command(program.Server(t), append([]string{"--addr", "127.0.0.1:0", "--rtc-port", "0"}, args...)...))
}

// day runs the script and returns all that it says.
func day(t *testing.T, environment ...string) (said string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "../../docs/portal-day.sh")
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "OVERTIME=" + program.Server(t), "no_proxy=*"}, environment...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestDay: a portal that knows docs/api.md only gets through its day.
func TestDay(t *testing.T) {
	hooks := startReceiver(t)
	url := startServer(t, hooks)
	said, err := day(t, "URL="+url, "KEY="+key, "HOOK_LOG="+hooks.log)
	if err != nil || !strings.HasSuffix(said, "All as it should be.\n") {
		t.Errorf("%v, after\n%s", err, said)
	}
	t.Log(said)
}

// TestBadDay: the script stops, and says why, where something is not as it should
// be.
func TestBadDay(t *testing.T) {
	hooks := startReceiver(t)
	url := startServer(t, hooks)
	for name, c := range map[string]struct {
		environment []string
		says        string
	}{
		"WrongKey":  {[]string{"URL=" + url, "KEY=" + key + "x", "HOOK_LOG=" + hooks.log}, "POST /rooms: answered 401, not 201"},
		"NoServer":  {[]string{"URL=http://127.0.0.1:1", "KEY=" + key, "HOOK_LOG=" + hooks.log}, "Failed to connect"},
		"NoKey":     {[]string{"URL=" + url, "HOOK_LOG=" + hooks.log}, "say which API key to use"},
		"NoSecret":  {[]string{"URL=" + url, "KEY=" + key}, "say what the webhook is signed with"},
		"NoProgram": {[]string{"URL=" + url, "KEY=" + key, "HOOK_LOG=" + hooks.log, "OVERTIME=/bin/false", "PATIENCE=1"}, "no webhook participant.joined came"},
	} {
		t.Run(name, func(t *testing.T) {
			if said, err := day(t, c.environment...); err == nil || !strings.Contains(said, c.says) {
				t.Errorf("%v, after\n%s", err, said)
			}
		})
	}
}
