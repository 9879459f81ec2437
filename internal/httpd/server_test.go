package httpd_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"overtime/internal/httpd"
)

// TestRun answers until it is stopped, which a request that hangs holds up no
// longer than it may.
func TestRun(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hangs, hung := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "here") })
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) {
		close(hangs)
		<-r.Context().Done()
		close(hung)
	})
	running := httpd.Run(l, mux, "", "", slog.New(slog.DiscardHandler))
	url := "http://" + l.Addr().String()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r.Body); string(text) != "here" || err != nil {
		t.Errorf("answered %q, %v", text, err)
	}
	r.Body.Close()
	done := make(chan error)
	go func() {
		_, err := http.Get(url + "/hang")
		done <- err
	}()
	<-hangs
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := running.Stop(ctx); err != nil {
		t.Error(err)
	}
	if <-done == nil {
		t.Error("the request that hung was answered")
	}
	<-hung
	select {
	case err := <-running.Failed:
		t.Errorf("a stop counts as a failure: %v", err)
	default:
	}
}

// TestRunFails tells when nothing can come in any more.
func TestRunFails(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	running := httpd.Run(l, http.NotFoundHandler(), "", "", nil)
	if err := <-running.Failed; !errors.Is(err, net.ErrClosed) {
		t.Errorf("told %v", err)
	}
}
