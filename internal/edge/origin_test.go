package edge_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/edge"
)

// TestOrigin is which pages may connect: those of the host that is asked, or,
// where origins are listed, of those alone. HOST is the server's own host.
func TestOrigin(t *testing.T) {
	const listed = "https://meet.example"
	w := mustWorld(t)
	plain, secure := map[string]*httptest.Server{}, map[string]*httptest.Server{}
	for _, origins := range []string{"", listed} {
		e := edge.New(edge.Config{
			Bus: w.Bus(), Secrets: w.Secrets(), Limits: w.Config.Limits, Origins: strings.Fields(origins), Logger: w.Config.Logger,
		})
		plain[origins], secure[origins] = httptest.NewServer(e), httptest.NewTLSServer(e)
		defer plain[origins].Close()
		defer secure[origins].Close()
		defer e.Drain(context.Background(), time.Millisecond)
	}
	for name, c := range map[string]struct {
		tls         bool
		host        string // which is asked; empty: HOST
		origin      string
		open, alone bool // let in where none is listed, and where one is
	}{
		"None":              {false, "", "", true, true},
		"Own":               {false, "", "http://HOST", true, false},
		"OwnBehindProxy":    {false, "", "https://HOST", true, false},
		"OwnSecure":         {true, "", "https://HOST", true, false},
		"OwnByAnotherName":  {false, "evil.example", "http://evil.example", true, false},
		"Listed":            {false, "", listed, false, true},
		"ListedBehindProxy": {false, "meet.example", listed, true, true},
		"ListedCase":        {false, "", "https://Meet.Example", false, true},
		"ListedDowngraded":  {false, "meet.example", "http://meet.example", true, false},
		"ListedOtherScheme": {false, "", "http://meet.example", false, false},
		"ListedOtherPort":   {false, "", "https://meet.example:8443", false, false},
		"ListedSubdomain":   {false, "", "https://a.meet.example", false, false},
		"Null":              {false, "", "null", false, false},
		"Evil":              {false, "", "https://evil.example", false, false},
		"Downgraded":        {true, "", "http://HOST", false, false},
		"OtherPort":         {false, "", "http://127.0.0.1:1", false, false},
		"NoPort":            {false, "", "http://127.0.0.1", false, false},
		"Prefix":            {false, "", "http://HOST.evil.example", false, false},
		"UserInfo":          {false, "", "http://HOST@evil.example", false, false},
		"File":              {false, "", "file://", false, false},
		"OtherScheme":       {false, "", "ftp://HOST", false, false},
		"Broken":            {false, "", "http://[::1", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			for origins, want := range map[string]bool{"": c.open, listed: c.alone} {
				own := strings.TrimPrefix(plain[origins].URL, "http://")
				url := "ws://" + own
				options := &websocket.DialOptions{Host: c.host, HTTPHeader: http.Header{}}
				if c.tls {
					own = strings.TrimPrefix(secure[origins].URL, "https://")
					url, options.HTTPClient = "wss://"+own, secure[origins].Client()
				}
				if c.origin != "" {
					options.HTTPHeader.Set("Origin", strings.ReplaceAll(c.origin, "HOST", own))
				}
				ws, r, err := websocket.Dial(t.Context(), url, options)
				if ws != nil {
					defer func() { _ = ws.CloseNow() }()
				}
				if want {
					if err != nil {
						t.Errorf("with %q listed it is refused: %v", origins, err)
					}
					continue
				}
				if err == nil || r.StatusCode != http.StatusForbidden {
					t.Errorf("with %q listed it is let in, or refused otherwise: %v, %v", origins, r, err)
					continue
				}
				text, err := io.ReadAll(r.Body)
				if err != nil || !strings.Contains(string(text), "--public-url") || !strings.Contains(string(text), origins) {
					t.Errorf("with %q listed it is told %q, %v", origins, text, err)
				}
			}
		})
	}
}
