package browser

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// TestWrongAddress: a page that can be loaded and cannot connect says what is the
// matter and leads to where the meeting is, or tells whom to speak to; and the
// server's log has it.
func TestWrongAddress(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	s.keepAddress()
	plain := s.url
	s.stop()
	s.args = append(s.args, "--public-url", plain)
	s.start()
	c := startChromium(t)

	there := s.create(60).Links.Guest // at localhost
	jun := c.open("jun", strings.Replace(there, "localhost", "127.0.0.1", 1))
	jun.sees("ended")
	jun.until("to hear of the wrong address", `document.querySelector('[data-testid=ended-reason]')?.dataset.reason === 'wrong_address'`)
	jun.reads(plain)
	jun.shoot("closed-address")
	jun.press("open-there")
	jun.until("to be at the right address", `location.origin === '`+plain+`'`)
	jun.join("Jun")

	s.stop()
	s.args = s.args[:len(s.args)-2]
	s.start()
	maya := c.open("maya", lossyProxy(t, s.url, ""))
	maya.press("create-meeting")
	maya.reads("Tell whoever runs it to start it with --public-url")
	maya.shoot("home-unknown-name")
	for name, keep := range map[string]string{"neither Host nor Upgrade": "", "no Upgrade": "Host"} {
		front := lossyProxy(t, s.url, keep)
		mina := c.open("mina", strings.Replace(s.create(60).Links.Guest, s.url, front, 1))
		mina.sees("ended")
		mina.until("to hear of a proxy that keeps "+name, `document.querySelector('[data-testid=ended-reason]')?.dataset.reason === 'proxy'`)
		mina.reads("the proxy has to keep the Host header and pass WebSockets on")
		mina.shoot("closed-proxy")
		mina.sees("rejoin")
	}
	if log := s.log.String(); strings.Count(log, "level=WARN msg=\"edge: ") < 2 { // of each start of the server
		t.Errorf("the log does not warn:\n%s", log)
	}
}

// lossyProxy is a proxy in front of a server that loses what a WebSocket needs: it
// never passes Upgrade on, and Host only if it is to keep it.
func lossyProxy(t *testing.T, to, keep string) (at string) {
	t.Helper()
	behind, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind)
		if keep == "Host" {
			r.Out.Host = r.In.Host
		}
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Upgrade")
		r.Header.Del("Connection")
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL
}
