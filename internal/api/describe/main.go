// Describe prints the OpenAPI description of the API, for the programs that check
// it (make lint).
//
// Usage: go run ./internal/api/describe [public URL]
package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"overtime/internal/api"
)

func main() {
	cfg := api.Config{Open: true, Minute: time.Minute, Now: time.Now, Logger: slog.Default()}
	if len(os.Args) > 1 {
		cfg.PublicURL = os.Args[1]
	}
	w := httptest.NewRecorder()
	api.New(cfg).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	if _, err := w.Body.WriteTo(os.Stdout); err != nil {
		slog.Error("the description cannot be printed", "error", err)
		os.Exit(1)
	}
}
