package operator_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"overtime/internal/config"
	"overtime/internal/operator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long anything may take that has to happen.
const patience = 30 * time.Second

// in is the data folder of a command.
func in(data string) config.Folder { return config.Folder{Data: data} }

// run does what a command says, and is what it prints.
func run(t *testing.T, command config.Command, open operator.Open) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out bytes.Buffer
	err := operator.Run(ctx, command, open, &out)
	return out.String(), err
}

// mustRun is run for what has to go well.
func mustRun(t *testing.T, command config.Command, open operator.Open) string {
	t.Helper()
	out, err := run(t, command, open)
	if err != nil {
		t.Fatalf("%T: %v", command, err)
	}
	return out
}

// mustFail wants an error that says something, and nothing printed.
func mustFail(t *testing.T, command config.Command, open operator.Open, want string) {
	t.Helper()
	out, err := run(t, command, open)
	if err == nil || !strings.Contains(err.Error(), want) || out != "" {
		t.Errorf("%T printed %q and says %v, want %q", command, out, err, want)
	}
}

// serve answers at the socket of a data folder until the test ends.
func serve(t *testing.T, data string, h http.Handler) {
	t.Helper()
	l, err := operator.Listen(filepath.Join(data, operator.SocketName))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(h)
	_ = s.Listener.Close() // it has another
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
}

// asked is a request as a test reads it.
type asked struct{ method, url, host, origin, body string }

// answering answers each request with the next of some texts, and keeps them.
func answering(t *testing.T, status int, answers ...string) (http.Handler, *[]asked) {
	t.Helper()
	var all []asked
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		all = append(all, asked{r.Method, r.URL.String(), r.Host, r.Header.Get("Origin"), string(body)})
		if len(all) > len(answers) {
			t.Errorf("asked once more: %+v", all[len(all)-1])
			return
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answers[len(all)-1]) // the command may be gone
	}), &all
}

// mustWrite writes a file.
func mustWrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
