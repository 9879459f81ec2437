package api_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"overtime/internal/control"
	"overtime/internal/meeting"
)

// TestStrictJSON: a body that two programs could read in two ways is refused,
// at whatever depth and wherever one is taken.
func TestStrictJSON(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	for body, detail := range map[string]string{
		`{"duration_minutes":30,"duration_minutes":31}`:                                     "duration_minutes is there twice",
		`{"duration_minutes":30,"extension":{"by":"anyone","by":"moderators"}}`:             "extension.by is there twice",
		`{"duration_minutes":30,"duration_\u006dinutes":31}`:                                "duration_minutes is there twice",
		"{\"duration_minutes\":30,\"name\":\"\xff\"}":                                       "not UTF-8",
		"{\"duration_minutes\":30,\"name\":\"\xed\xa0\x80\"}":                               "not UTF-8",
		`{"duration_minutes":30,"name":"\ud800"}`:                                           "half of a character",
		`{"duration_minutes":30,"name":"\udc00\ud800"}`:                                     "half of a character",
		"\ufeff" + `{"duration_minutes":30}`:                                                "is no JSON",
		`{"duration_minutes":30} {}`:                                                        "is no JSON",
		`{"duration_minutes":30,}`:                                                          "is no JSON",
		`{"duration_minutes":030}`:                                                          "is no JSON",
		`{"duration_minutes":30`:                                                            "is no JSON",
		`{"duration_minutes":30,"name":"` + "\n" + `"}`:                                     "is no JSON",
		`{"duration_minutes":30,"extension":` + strings.Repeat("[", 20000) + `}`:            "is no JSON",
		strings.Repeat(`{"extension":`, 4000) + `1` + strings.Repeat("}", 4000) + " " + "x": "is no JSON",
	} {
		p := s.mustProblem(400, "bad_request", "POST", rooms, body)
		if !strings.Contains(fmt.Sprint(p["detail"]), detail) {
			t.Errorf("%.80q: told %v, want %q", body, p["detail"], detail)
		}
	}
	if made := s.memory.rooms(); len(made) != 1 {
		t.Errorf("made %+v", made)
	}
	for _, path := range []string{"/tokens", "/extend", "/end"} {
		s.mustProblem(400, "bad_request", "POST", rooms+"/aaa"+path, `{"by":"a","by":"b"}`)
		s.mustProblem(422, "bad_request", "POST", rooms+"/aaa"+path, `null`)
	}
}

// TestNoNull: null is no way to leave something out, but where it is said to be.
func TestNoNull(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{Room: s.memory.rooms()[0]}, nil
	}
	for field, name := range map[string]string{
		`"name":null`: "name", `"external_id":null`: "external_id", `"capacity":null`: "capacity", `"waiting_room":null`: "waiting_room",
		`"extension":null`: "extension", `"extension":{"latest_end":null}`: "extension.latest_end", `"extension":{"by":null}`: "extension.by",
		`"extension":{"default_minutes":null}`: "extension.default_minutes",
	} {
		p := s.mustProblem(422, "bad_request", "POST", rooms, `{"duration_minutes":30,`+field+`}`)
		if !strings.Contains(fmt.Sprint(p["detail"]), name+" is null; leave it out") {
			t.Errorf("%s: told %v", field, p["detail"])
		}
	}
	for path, fields := range map[string][]string{
		"/tokens": {"role", "name", "user_ref"}, "/extend": {"minutes", "ends_at", "by"}, "/end": {"reason", "by"},
	} {
		for _, field := range fields {
			s.mustProblem(422, "bad_request", "POST", rooms+"/aaa"+path, `{"`+field+`":null}`)
		}
	}
	for _, field := range []string{"name", "duration_minutes", "extension", "capacity", "waiting_room", "chat", "screen_share", "reusable", "locked"} {
		s.mustProblem(422, "bad_request", "PATCH", rooms+"/aaa", `{"`+field+`":null}`)
	}
	s.must(200, "PATCH", rooms+"/aaa", `{"extension":{"latest_end":null}}`)
	if c := s.actors.asked; len(c) != 1 || c[0].Change.LatestEnd == nil || !c[0].Change.LatestEnd.IsZero() {
		t.Errorf("asked %+v", c)
	}
}

// TestWholeNumbers are whole however they are written, and nothing else is.
func TestWholeNumbers(t *testing.T) {
	s := mustPortal(t)
	for number, minutes := range map[string]int{
		"30": 30, "30.0": 30, "3e1": 30, "3.0E+1": 30, "300e-1": 30, "30.000000": 30, "0.3e2": 30,
		"30.5": 0, "305e-1": 0, "3e0.5": 0, "1e9": 0, "1e400": 0, "-30": 0, "-3e1": 0, "0": 0, "-0.0": 0, `"30"`: 0, "true": 0, "[30]": 0, "{}": 0,
	} {
		r, got := s.ask("POST", rooms, `{"duration_minutes":`+number+`}`)
		switch {
		case minutes != 0 && (r.StatusCode != 201 || got["duration_minutes"] != float64(minutes)):
			t.Errorf("%s: answered %d %v", number, r.StatusCode, got)
		case minutes == 0 && (r.StatusCode != 422 && r.StatusCode != 400 || got["code"] != "bad_request"):
			t.Errorf("%s: answered %d %v", number, r.StatusCode, got)
		}
	}
}

// TestContentTypes: JSON by whatever name it has, and nothing else.
func TestContentTypes(t *testing.T) {
	s := mustPortal(t)
	for kind, status := range map[string]int{
		"application/json": 201, "APPLICATION/JSON": 201, "Application/Json; Charset=UTF-8": 201, `application/json;charset="utf-8"`: 201,
		" application/json ; charset=utf-8": 201, "application/json; q=1": 201,
		"application/foo+json": 415, "application/problem+json": 415, "text/json": 415, "application/x-www-form-urlencoded": 415, "text/plain": 415,
		"json": 415, "application/json, text/plain": 415, "application/json; charset=iso-8859-1": 415, "application/json;;charset": 415, "/": 415,
		"application/jsonp": 415, "foo+json": 415,
	} {
		r, got := s.ask("POST", rooms, `{"duration_minutes":30}`, "Content-Type", kind)
		if r.StatusCode != status {
			t.Errorf("%q: answered %d %v, want %d", kind, r.StatusCode, got, status)
		}
		if kind := r.Header.Get("Content-Type"); status == 415 && kind != "application/problem+json" {
			t.Errorf("the answer is %q", kind)
		}
	}
	for _, accept := range []string{"json", "text/html", "application/xml;q=1, json;q=0.5", "*/*"} {
		if r, _ := s.ask("POST", rooms, `{"duration_minutes":30}`, "Accept", accept); r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("whoever accepts %q gets %q", accept, r.Header.Get("Content-Type"))
		}
	}
	s.mustProblem(415, "bad_request", "POST", rooms, `{"duration_minutes":30}`, "Content-Type", "")
}

// TestStrictParameters: what is said twice, is empty, or cannot be read is no
// parameter.
func TestStrictParameters(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	for query, detail := range map[string]string{
		"?limit=1&limit=2": "limit is there twice", "?limit=": "limit is empty", "?limit": "limit is empty", "?after=a&after=a": "after is there twice",
		"?after=%ff": "not UTF-8", "?after=%zz": "cannot be read", "?limit=1;after=2": "cannot be read", "?limit=1.5": "integer", "?Limit=1": "unknown",
		"?limit=99999999999999999999": "integer",
	} {
		if p := s.mustProblem(422, "bad_request", "GET", rooms+query, ""); !strings.Contains(fmt.Sprint(p["detail"]), detail) {
			t.Errorf("%s: told %v, want %q", query, p["detail"], detail)
		}
	}
	s.must(200, "GET", "/api/v1/audit?room=&limit=1", "")
	for _, path := range []string{"POST /rooms", "POST /rooms/aaa/extend", "POST /rooms/aaa/end"} {
		method, path, _ := strings.Cut(path, " ")
		body := map[bool]string{true: `{"duration_minutes":30}`, false: `{}`}[path == "/rooms"]
		for _, keys := range [][]string{{""}, {"a", "b"}, {"a", "a"}, {"", "a"}} {
			r := s.request(method, "/api/v1"+path, body)
			r.Header["Idempotency-Key"] = keys
			s.mustProblemOf(422, "bad_request", r)
		}
	}
	s.mustProblem(422, "bad_request", "DELETE", rooms+"/aaa/participants/%ff", "")
}

// TestFaultsAreInTheCallersWords: no error names what only this program knows.
func TestFaultsAreInTheCallersWords(t *testing.T) {
	s := mustPortal(t)
	s.mustRoom("aaa")
	inside := regexp.MustCompile(`(?i)\bgo\b|golang|struct|api\.|newRoom|extensionChanges|latestEnd\b|(?-i:json:)|jsontext|unmarshal|strconv|2006-01-02|\*?time\.Time|0x[0-9a-f]+|parsing`)
	for _, body := range []string{
		`{"duration_minutes":1e400}`, `{"duration_minutes":"a"}`, `{"duration_minutes":[]}`, `{"duration_minutes":30,"extension":7}`, `{"duration_minutes":30,"name":{}}`,
		`{"duration_minutes":30,"extension":{"latest_end":"2026-13-01T00:00:00Z"}}`, `{"duration_minutes":30,"extension":{"latest_end":"2026-03-04T1:00:00Z"}}`,
		`{"duration_minutes":30,"extension":{"latest_end":"2026-03-04T10:00:00,5Z"}}`, `{"duration_minutes":30,"extension":{"latest_end":7}}`,
		`{"duration_minutes":30,"extension":{"latest_end":"2026-03-04T10:00:00+24:00"}}`, `{"duration_minutes":30,"waiting_room":"yes"}`, `x`, ``, `{`, `nul`, `[`, `"`,
		`{"duration_minutes":30,"extension":{"by":"x"}}`, `{"duration_minutes":30,"extension":{"by":7}}`, `{"duration_minutes":30,"a":{"b":1,"b":2}}`,
	} {
		for _, address := range []string{"POST " + rooms, "PATCH " + rooms + "/aaa"} {
			method, path, _ := strings.Cut(address, " ")
			r, p := s.ask(method, path, body)
			if r.StatusCode < 400 || r.StatusCode > 422 {
				t.Errorf("%s: answered %d %v", body, r.StatusCode, p)
				continue
			}
			told := []string{fmt.Sprint(p["detail"])}
			for _, e := range list(p["errors"]) {
				told = append(told, e["message"].(string))
			}
			if i := slices.IndexFunc(told, inside.MatchString); i >= 0 {
				t.Errorf("%s: told %q", body, told[i])
			}
		}
	}
	s.actors.CallFn = func(string, control.Command) (control.Answer, error) {
		return control.Answer{Grant: &meeting.Grant{}}, nil
	}
	s.must(200, "POST", rooms+"/aaa/extend", `{"ends_at":"2026-03-04T10:00:00.5+01:00","minutes":1.5e1}`)
}
