package portal

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

const key = "portal:correct-horse-battery-staple-0123"

// built is the server under test, as `make build` leaves it.
func built(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../bin/overtime")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the server is not built; run `make build` first: %v", err)
	}
	return path
}

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
func serve(t *testing.T, args ...string) (url string, log *syncBuffer) {
	t.Helper()
	log = &syncBuffer{}
	cmd := exec.Command(built(t), append([]string{"--addr", "127.0.0.1:0", "--rtc-port", "0"}, args...)...)
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server stopped badly: %v", err)
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", log)
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, url, ok := strings.Cut(lines.Text(), "Overtime is ready: "); ok {
			return url, log
		}
	}
	t.Fatal("the server did not start")
	return "", nil
}

// day runs the script and returns all that it says.
func day(t *testing.T, environment ...string) (said string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "../../docs/portal-day.sh")
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "OVERTIME=" + built(t), "no_proxy=*"}, environment...)
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

// syncBuffer collects what a process writes.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
