package portal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// receiver is a portal's end of its webhooks: it checks each request as Standard
// Webhooks has it, and writes the bodies into a file, one on each line.
type receiver struct {
	url, secret, log string
}

// maxAge is how old a request may be; they are made anew at each attempt.
const maxAge = 5 * time.Minute

func startReceiver(t *testing.T) receiver {
	t.Helper()
	key := []byte(strings.Repeat("k", 32))
	r := receiver{secret: "whsec_" + base64.StdEncoding.EncodeToString(key), log: filepath.Join(t.TempDir(), "hooks")}
	file, err := os.OpenFile(r.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return // it comes again
		}
		if why := wrong(q.Header, body, key); why != "" {
			t.Errorf("a webhook came that nobody may trust: %s; %v %s", why, q.Header, body)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if _, err := file.Write(append(body, '\n')); err != nil { // in one piece
			t.Error(err)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(func() {
		s.Close()
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	r.url = s.URL
	return r
}

// wrong says what is wrong with a request; empty is nothing.
func wrong(h http.Header, body, key []byte) string {
	id, stamp := h.Get("webhook-id"), h.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if age := time.Since(time.Unix(seconds, 0)); err != nil || age.Abs() > maxAge {
		return "its time"
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	right := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, signature := range strings.Fields(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(signature), []byte(right)) {
			return ""
		}
	}
	return "its signature"
}
