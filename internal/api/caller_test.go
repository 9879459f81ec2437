package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"overtime/internal/api"
	"overtime/internal/auth"
	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/throttle"
)

// operations are those of the description, as "POST /api/v1/rooms".
func (s *site) operations() (all map[string]map[string]any) {
	s.t.Helper()
	all = map[string]map[string]any{}
	paths, _ := s.must(200, "GET", "/api/v1/openapi.json", "")["paths"].(map[string]any)
	for path, item := range paths {
		for method, op := range item.(map[string]any) {
			all[strings.ToUpper(method)+" "+path] = op.(map[string]any)
		}
	}
	if len(all) < 13 {
		s.t.Fatalf("there are %d operations", len(all))
	}
	return all
}

// TestKeys: every operation but an open one wants a key, and does nothing
// without.
func TestKeys(t *testing.T) {
	s := mustSite(t, func(c *api.Config) { c.Open = false })
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		t.Error("an actor was asked")
		return control.Answer{}, nil
	}
	s.memory.Fail = errors.New("the store was asked")
	for name, op := range s.operations() {
		method, path, _ := strings.Cut(name, " ")
		path = strings.NewReplacer("{id}", "aaa", "{number}", "1", "{participant}", "p").Replace(path)
		if security, _ := op["security"].([]any); len(security) != 1 {
			t.Errorf("%s: the description says %v of keys", name, security)
		}
		for _, key := range []string{
			"", "Bearer portal:wrong", "Bearer nobody:" + secret, "Bearer portal", "Bearer portal:", "Bearer :" + secret,
			"Basic portal:" + secret, "Bearer", "portal:" + secret, "Bearer portal:" + secret + "x", "Bearer portal:" + secret[1:],
		} {
			s.now = s.now.Add(time.Hour) // the limit is not what is meant here
			r, _ := s.ask(method, path, "", "Authorization", key)
			p := s.mustProblem(401, "unauthorized", method, path, "", "Authorization", key)
			if r.Header.Get("WWW-Authenticate") != "Bearer" || strings.Contains(p["detail"].(string), secret) {
				t.Errorf("%s with %q: %v, %v", name, key, r.Header, p)
			}
		}
	}
	if told := s.noted.of(event.APIRefused); len(told) == 0 || told[0].Who.Key != "" || strings.Contains(string(told[0].Data), "secret") {
		t.Errorf("the audit was told %+v", told)
	}
}

// TestNoKeysAtAll: a server without keys lets nobody in, whatever they show.
func TestNoKeysAtAll(t *testing.T) {
	for name, how := range map[string]func(*api.Config){
		"Nil":  func(c *api.Config) { c.Keys = nil },
		"None": func(c *api.Config) { c.Keys = (*auth.APIKeys)(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			s := mustPortal(t, how)
			s.mustProblem(401, "unauthorized", "GET", rooms, "")
			s.mustProblem(401, "unauthorized", "POST", rooms, `{"duration_minutes":60}`)
			s.key = ""
			s.must(201, "POST", rooms, `{"duration_minutes":60}`)
		})
	}
}

// TestBadKeys: whoever tries keys is turned away before long; who has one, and
// everybody else, is not.
func TestBadKeys(t *testing.T) {
	s := mustSite(t)
	try := func(address, key string) *httptest.ResponseRecorder {
		r := s.request("GET", rooms, "", "Authorization", key)
		r.RemoteAddr = address + ":1"
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		return w
	}
	for range throttle.Default.BadTokens.Burst {
		if w := try("203.0.113.7", "Bearer portal:wrong"); w.Code != http.StatusUnauthorized {
			t.Fatalf("answered %d %s", w.Code, w.Body)
		}
	}
	for range 5 {
		mustWait(t, try("203.0.113.7", "Bearer portal:wrong"))
	}
	for address, key := range map[string]string{"203.0.113.7": bearer, "203.0.113.8": bearer} {
		if w := try(address, key); w.Code != http.StatusOK {
			t.Errorf("%s was answered %d %s", address, w.Code, w.Body)
		}
	}
	if w := try("203.0.113.8", "Bearer portal:wrong"); w.Code != http.StatusUnauthorized {
		t.Errorf("somebody else was answered %d", w.Code)
	}
	if w := try("203.0.113.7", ""); w.Code != http.StatusUnauthorized {
		t.Errorf("without a key: %d", w.Code)
	}
	told := s.noted.of(event.APIRefused)
	if len(told) != throttle.Default.BadTokens.Burst+1 || told[0].Who.Address != "203.0.113.7/32" || string(told[0].Data) != `{"code":"unauthorized","method":"GET","path":"/api/v1/rooms"}` {
		t.Errorf("the audit was told %d times, %+v", len(told), told[0])
	}
	s.now = s.now.Add(6 * time.Second)
	if w := try("203.0.113.7", "Bearer portal:wrong"); w.Code != http.StatusUnauthorized {
		t.Errorf("later: %d", w.Code)
	}
}

// TestPortalsAreNotLimited by what those without a key make.
func TestPortalsAreNotLimited(t *testing.T) {
	s := mustSite(t)
	for range 1000 {
		if w := s.makeFrom("203.0.113.7"); w.Code == http.StatusTooManyRequests {
			break
		}
	}
	mustWait(t, s.makeFrom("203.0.113.7"))
	s.key = bearer
	for range 300 {
		if w := s.makeFrom("203.0.113.7"); w.Code != http.StatusCreated {
			t.Fatalf("a portal was answered %d %s", w.Code, w.Body)
		}
	}
}

// TestOperator: whoever has the operator's socket needs no key, and is named in
// the audit.
func TestOperator(t *testing.T) {
	s := mustSite(t, func(c *api.Config) { c.Open = false })
	s.handler = api.Operator(s.handler)
	s.must(200, "GET", rooms, "")
	id, _ := s.must(201, "POST", rooms, `{"duration_minutes":60,"reusable":true}`)["id"].(string)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) { return control.Answer{}, nil }
	s.must(204, "DELETE", rooms+"/"+id, "")
	if made := s.noted.of(event.RoomCreated); len(made) != 1 || made[0].Who.Key != "operator" || s.actors.asked[0].Key != "operator" {
		t.Errorf("told %+v, asked %+v", made, s.actors.asked)
	}
}
