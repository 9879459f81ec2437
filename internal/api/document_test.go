package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"overtime/internal/api"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/web"
)

func TestNotFound(t *testing.T) {
	s := mustSite(t)
	for _, path := range []string{
		"/api/", "/api/v1/nothing", "/api/v2/rooms", "/api/v1/schemas/x", "/api/v1/docs", "/api/v1/openapi.yaml",
		rooms + "/", rooms + "/aaa/nothing", rooms + "/aaa/session/1", rooms + "/aaa/",
		rooms + "/../rooms", rooms + "//aaa", rooms + "/aaa/../aaa/session", rooms + "/./aaa", rooms + "/..", "/api/v1/..",
	} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			s.mustProblem(404, "not_found", method, path, "")
		}
	}
}

func TestWrongMethod(t *testing.T) {
	s := mustSite(t)
	for path, allow := range map[string]string{
		rooms: "POST, GET", rooms + "/aaa": "GET, PATCH, DELETE", rooms + "/aaa/extend": "POST", rooms + "/aaa/session": "GET",
		rooms + "/aaa/participants/p": "DELETE", "/api/v1/openapi.json": "GET", "/api/v1/": "GET",
	} {
		for _, method := range []string{"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "POST"} {
			if strings.Contains(allow, method) {
				continue
			}
			s.mustProblem(405, "bad_method", method, path, "")
			if r, _ := s.ask(method, path, ""); r.Header.Get("Allow") != allow {
				t.Errorf("%s allows %q, want %q", path, r.Header.Get("Allow"), allow)
			}
		}
	}
}

// TestOtherOrigins: no page of anybody else may call.
func TestOtherOrigins(t *testing.T) {
	s := mustPortal(t)
	for _, method := range []string{"GET", "OPTIONS"} {
		r, _ := s.ask(method, rooms, "", "Origin", "https://evil.example", "Access-Control-Request-Method", "GET")
		for name := range r.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s is answered with %s", method, name)
			}
		}
	}
}

// TestOpenAPI: the API describes itself, and sends nobody anywhere else.
func TestOpenAPI(t *testing.T) {
	s := mustSite(t)
	r, got := s.ask("GET", "/api/v1/openapi.json", "")
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(got["openapi"].(string), "3.1") {
		t.Fatalf("answered %d %v", r.StatusCode, got["openapi"])
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range regexp.MustCompile(`https?:[^"]*`).FindAllString(string(text), -1) {
		if !strings.HasPrefix(host, "https://meet.example/") {
			t.Errorf("names %v", host)
		}
	}
	schemes := got["components"].(map[string]any)["securitySchemes"].(map[string]any)
	if key := schemes["key"].(map[string]any); key["type"] != "http" || key["scheme"] != "bearer" {
		t.Errorf("keys are shown by %v", schemes)
	}
	created, _ := s.ask("POST", rooms, `{"duration_minutes":60}`)
	if link := created.Header.Get("Link"); link != "" {
		t.Errorf("answers carry the link %q", link)
	}
}

// TestDescriptions: every operation says what it is for, has examples, and names
// every error that it can have; every field says what it is.
func TestDescriptions(t *testing.T) {
	s := mustSite(t)
	_, document := s.ask("GET", "/api/v1/openapi.json", "")
	for name, schema := range dig(document, "components", "schemas") {
		for field := range dig(schema, "properties") {
			if says := dig(schema, "properties", field)["description"]; says == nil || says == "" {
				t.Errorf("%s: what is the field %s?", name, field)
			}
		}
	}
	if servers := list(document["servers"]); len(servers) != 1 || servers[0]["url"] != "/" {
		t.Errorf("the servers are %v", servers)
	}
	named := map[string]bool{"bad_method": true} // of no operation
	for name, op := range s.operations() {
		if op["summary"] == nil || op["description"] == nil || op["operationId"] == nil {
			t.Errorf("%s: described as %v", name, op)
		}
		for _, p := range parameters(op) {
			if p["description"] == nil || p["description"] == "" {
				t.Errorf("%s: what is the parameter %v?", name, p["name"])
			}
		}
		if body, there := op["requestBody"].(map[string]any); there && media(body, "application/json")["example"] == nil {
			t.Errorf("%s: the body has no example", name)
		}
		for status, r := range op["responses"].(map[string]any) {
			answer := r.(map[string]any)
			problems := media(answer, "application/problem+json")
			switch {
			case status == "204":
			case status < "400":
				if media(answer, "application/json")["example"] == nil || media(answer, "application/json")["schema"] == nil {
					t.Errorf("%s: the answer %s has no example", name, status)
				}
			case problems["schema"] == nil || problems["examples"] == nil:
				t.Errorf("%s: the error %s is not described", name, status)
			default:
				for code, p := range problems["examples"].(map[string]any) {
					named[code] = true
					if value := p.(map[string]any)["value"].(map[string]any); value["code"] != code || fmt.Sprint(value["status"]) != status {
						t.Errorf("%s: the example of %s %s is %v", name, status, code, value)
					}
				}
			}
		}
	}
	for _, code := range api.FaultCodes() {
		if !named[string(code)] {
			t.Errorf("no operation can fail with %s", code)
		}
		delete(named, string(code))
	}
	if len(named) > 0 {
		t.Errorf("nobody knows what %v mean", named)
	}
}

func media(of map[string]any, kind string) map[string]any {
	content, _ := of["content"].(map[string]any)
	m, _ := content[kind].(map[string]any)
	return m
}

func parameters(op map[string]any) (all []map[string]any) {
	list, _ := op["parameters"].([]any)
	for _, p := range list {
		all = append(all, p.(map[string]any))
	}
	return all
}

// TestExamplesAreTaken: what the description shows as a request is one.
func TestExamplesAreTaken(t *testing.T) {
	s := mustPortal(t)
	rec := s.mustRoom("aaa", ended)
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{Room: rec.Room, Session: rec.Session, Grant: &meeting.Grant{}}, nil
	}
	s.mustRoom("bbb")
	for name, op := range s.operations() {
		body, there := op["requestBody"].(map[string]any)
		if !there {
			continue
		}
		text, err := json.Marshal(media(body, "application/json")["example"])
		if err != nil {
			t.Fatal(err)
		}
		method, path, _ := strings.Cut(name, " ")
		r, got := s.ask(method, strings.Replace(path, "{id}", "bbb", 1), string(text))
		if r.StatusCode >= 300 {
			t.Errorf("%s %s: answered %d %v", name, text, r.StatusCode, got)
		}
	}
	if id := api.RoomIDOf(api.ExampleExternalID); id != api.ExampleRoomID {
		t.Errorf("the example's room is %s", id)
	}
}

// TestPage: people can read the same, without scripts and from a phone; all that
// it refers to is there.
func TestPage(t *testing.T) {
	s := mustSite(t)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, s.request("GET", "/api/v1/", ""))
	text := w.Body.String()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("answered %d %v", w.Code, w.Header())
	}
	for name, op := range s.operations() {
		method, path, _ := strings.Cut(name, " ")
		curl := `curl &#34;$API` + strings.NewReplacer("/api/v1", "", "{id}", api.ExampleRoomID, "{number}", "1").Replace(path)
		curl, _, _ = strings.Cut(curl, "{")
		for _, want := range []string{
			`id="` + op["operationId"].(string) + `"`, `href="#` + op["operationId"].(string) + `"`, "<code>" + path + "</code>",
			">" + method + "</span>", html.EscapeString(op["summary"].(string)), html.EscapeString(op["description"].(string)), curl,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page lacks %s", name, want)
			}
		}
		for _, p := range parameters(op) {
			if !strings.Contains(text, "<code>"+p["name"].(string)+"</code>") {
				t.Errorf("%s: the page lacks the parameter %v", name, p["name"])
			}
		}
	}
	for _, field := range []string{"extension.latest_end", "rooms[].id", "session.ledger[].by.user_ref", "participants[].joined_at", "opens_at"} {
		if !strings.Contains(text, "<code>"+field+"</code>") {
			t.Errorf("the page lacks the field %s", field)
		}
	}
	checkPage(t, w.Body.Bytes())
}

// checkPage wants ids that are there once, references that lead somewhere, and
// nothing that a strict policy forbids.
func checkPage(t *testing.T, page []byte) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var ids, refs []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && slices.Contains([]string{"script", "style", "iframe"}, n.Data) {
			t.Errorf("there is a %s", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				if slices.Contains(ids, a.Val) {
					t.Errorf("there are two %s", a.Val)
				}
				ids = append(ids, a.Val)
			case a.Key == "href", a.Key == "src":
				refs = append(refs, a.Val)
			case a.Key == "style", strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s has a %s", n.Data, a.Key)
			}
		}
	}
	for _, ref := range refs {
		anchor, inside := strings.CutPrefix(ref, "#")
		file, ours := strings.CutPrefix(ref, "/web/")
		_, err := fs.Stat(web.Files(), file)
		switch {
		case inside && slices.Contains(ids, anchor), ours && err == nil, ref == "/", ref == "/api/v1/openapi.json":
		default:
			t.Errorf("nothing is at %s", ref)
		}
	}
	if len(refs) < 30 {
		t.Errorf("there are %d references", len(refs))
	}
}
