package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"overtime/internal/api"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

const booked = `{"external_id":"b-1","name":"Asha","duration_minutes":30,"capacity":4,"waiting_room":true,"reusable":true,
	"chat":"moderators","screen_share":"moderators",
	"extension":{"default_minutes":20,"latest_end":"2026-03-04T10:00:00Z","by":"moderators"}}`

// TestEverySetting: a portal may set what there is to set.
func TestEverySetting(t *testing.T) {
	s := mustPortal(t)
	got := s.must(201, "POST", rooms, booked)
	want := meeting.Room{
		ID: api.RoomIDOf("b-1"), ExternalID: "b-1", Name: "Asha", CreatedAt: now, Duration: 30, DefaultExtension: 20,
		ExtendBy: meeting.ExtendByModerators, LatestEnd: time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC),
		Capacity: 4, WaitingRoom: true, Reusable: true, Minute: time.Second,
		Chat: meeting.ChatByModerators, ScreenShare: meeting.ScreenByModerators,
	}
	if made := s.memory.rooms(); len(made) != 1 || made[0] != want {
		t.Errorf("made %+v, want %+v", made, want)
	}
	for field, want := range map[string]any{
		"id": want.ID, "external_id": "b-1", "capacity": 4.0, "waiting_room": true, "reusable": true, "locked": false,
		"chat": "moderators", "screen_share": "moderators",
	} {
		if got[field] != want {
			t.Errorf("%s is %v, want %v", field, got[field], want)
		}
	}
	if made := s.noted.of(event.RoomCreated); len(made) != 1 || made[0].Room != want.ID || made[0].Who.Key != "portal" ||
		made[0].Who.Address != "192.0.2.1/32" || !made[0].At.Equal(now) || !strings.Contains(string(made[0].Data), `"external_id":"b-1"`) {
		t.Errorf("the audit was told %+v", made)
	}
}

// TestAskedTwice: a second request finds what the first has made.
func TestAskedTwice(t *testing.T) {
	for name, headers := range map[string][]string{"ExternalID": nil, "IdempotencyKey": {"Idempotency-Key", "k-1"}} {
		t.Run(name, func(t *testing.T) {
			s := mustPortal(t)
			body := booked
			if headers != nil {
				body = strings.Replace(body, `"external_id":"b-1",`, "", 1)
			}
			first := s.must(201, "POST", rooms, body, headers...)
			s.now = now.Add(2 * time.Hour) // its latest end has passed, and still it is there
			r, second := s.ask("POST", rooms, body, headers...)
			if r.StatusCode != 200 || r.Header.Get("Location") != rooms+"/"+first["id"].(string) || !reflect.DeepEqual(first, second) {
				t.Errorf("then %d %v, first %v", r.StatusCode, second, first)
			}
			if made := s.memory.rooms(); len(made) != 1 || len(s.noted.of(event.RoomCreated)) != 1 {
				t.Errorf("made %+v", made)
			}
		})
	}
}

// TestAskedTwiceLater: it comes with the session that it has by then.
func TestAskedTwiceLater(t *testing.T) {
	s := mustPortal(t)
	s.must(201, "POST", rooms, booked)
	rec := store.Record{Room: s.memory.rooms()[0]}
	session, err := meeting.Start(rec.Room, 3, now, meeting.Person{Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	rec.Session, rec.Room.Locked = &session, true
	s.memory.set(rec)
	got := s.must(200, "POST", rooms, booked)
	if got["session"].(map[string]any)["number"] != 3.0 || got["locked"] != true {
		t.Errorf("answered %v", got)
	}
}

// TestAskedOtherwise: one name is one room, and POST changes none.
func TestAskedOtherwise(t *testing.T) {
	for field, with := range map[string][2]string{
		"name":                      {`"Asha"`, `"Ben"`},
		"duration_minutes":          {`30`, `31`},
		"capacity":                  {`"capacity":4,`, ``},
		"waiting_room":              {`"waiting_room":true,`, ``},
		"chat":                      {`"chat":"moderators",`, `"chat":"off",`},
		"screen_share":              {`"screen_share":"moderators",`, ``},
		"reusable":                  {`"reusable":true,`, `"reusable":false,`},
		"extension.default_minutes": {`"default_minutes":20`, `"default_minutes":25`},
		"extension.latest_end":      {`T10:00:00Z`, `T10:00:00.001Z`},
		"extension.by":              {`,"by":"moderators"`, ``},
	} {
		t.Run(field, func(t *testing.T) {
			s := mustPortal(t)
			id := s.must(201, "POST", rooms, booked)["id"].(string)
			other := strings.Replace(booked, with[0], with[1], 1)
			p := s.mustProblem(409, "conflict", "POST", rooms, other)
			if want := "another " + field + "; change it with PATCH " + rooms + "/" + id; !strings.Contains(p["detail"].(string), want) {
				t.Errorf("told %v, not %q", p["detail"], want)
			}
			if made := s.memory.rooms(); len(made) != 1 || made[0].Name != "Asha" {
				t.Errorf("there is %+v", made)
			}
		})
	}
}

// TestTwoDifferences are both named.
func TestTwoDifferences(t *testing.T) {
	s := mustPortal(t)
	s.must(201, "POST", rooms, `{"external_id":"b-1","duration_minutes":30}`)
	p := s.mustProblem(409, "conflict", "POST", rooms, `{"external_id":"b-1","duration_minutes":40,"name":"B"}`)
	if !strings.Contains(p["detail"].(string), "another name, duration_minutes;") {
		t.Errorf("told %v", p["detail"])
	}
}

// TestNameOfTheDeleted is not given again.
func TestNameOfTheDeleted(t *testing.T) {
	s := mustPortal(t)
	s.must(201, "POST", rooms, booked)
	s.memory.set(store.Record{Room: s.memory.rooms()[0], Deleted: now})
	s.mustProblem(410, "deleted", "POST", rooms, booked)
	s.mustProblem(410, "deleted", "POST", rooms, `{"external_id":"b-1","duration_minutes":1}`)
}

// TestIdempotencyKeys are each API key's own, and not needed beside an
// external_id.
func TestIdempotencyKeys(t *testing.T) {
	s := mustPortal(t)
	make := func(body string, idempotency string) string {
		t.Helper()
		return s.must(201, "POST", rooms, body, "Idempotency-Key", idempotency)["id"].(string)
	}
	seen := map[string]bool{make(`{"duration_minutes":30}`, "k"): true, make(`{"duration_minutes":30}`, "K"): true}
	s.key = "Bearer other:another-" + secret
	seen[make(`{"duration_minutes":30}`, "k")] = true
	seen[make(`{"duration_minutes":30,"external_id":"k"}`, "k")] = true
	if len(seen) != 4 {
		t.Errorf("made %v", seen)
	}
	s.must(200, "POST", rooms, `{"duration_minutes":30,"external_id":"k"}`, "Idempotency-Key", "k2")
	for _, bad := range []string{"with space", "tab\t", "ümlaut", strings.Repeat("x", 129)} {
		s.mustProblem(422, "bad_request", "POST", rooms, `{"duration_minutes":30}`, "Idempotency-Key", bad)
	}
}

// TestExternalIDs: what they may be.
func TestExternalIDs(t *testing.T) {
	s := mustPortal(t)
	for id, status := range map[string]int{
		"": 422, "with space": 422, "é": 422, strings.Repeat("x", 129): 422,
		strings.Repeat("x", 128): 201, "a/b?c#d.*>": 201, `~!@$%^&()_+`: 201,
	} {
		body := fmt.Sprintf(`{"duration_minutes":30,"external_id":%q}`, id)
		if r, got := s.ask("POST", rooms, body); r.StatusCode != status {
			t.Errorf("%q: answered %d %v", id, r.StatusCode, got)
		}
	}
}

// TestAtOnce: 20 requests for one room make one, though all of them find first
// that it is not there.
func TestAtOnce(t *testing.T) {
	const all = 20
	s := mustPortal(t)
	var looked sync.WaitGroup
	looked.Add(all)
	s.memory.Absent = func() {
		looked.Done()
		looked.Wait()
	}
	var (
		group    sync.WaitGroup
		mu       sync.Mutex // guards what follows
		statuses = map[int]int{}
		bodies   = map[string]bool{}
	)
	for range all {
		group.Go(func() {
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, s.request("POST", rooms, booked))
			mu.Lock()
			defer mu.Unlock()
			statuses[w.Code]++
			bodies[w.Body.String()] = true
		})
	}
	group.Wait()
	if statuses[http.StatusCreated] != 1 || statuses[http.StatusOK] != all-1 || len(bodies) != 1 {
		t.Errorf("answered %v, %d different bodies", statuses, len(bodies))
	}
	if made := s.noted.of(event.RoomCreated); len(s.memory.rooms()) != 1 || len(made) != 1 {
		t.Errorf("made %+v, told %+v", s.memory.rooms(), made)
	}
}

// TestWithoutKey: whoever shows no key gets a simple room where that is open,
// and nothing elsewhere.
func TestWithoutKey(t *testing.T) {
	s := mustSite(t)
	s.must(201, "POST", rooms, `{"duration_minutes":30,"name":"A","extension":{"default_minutes":20},"waiting_room":false}`)
	for field, body := range map[string]string{
		"external_id":  `{"duration_minutes":30,"external_id":"x"}`,
		"capacity":     `{"duration_minutes":30,"capacity":5}`,
		"waiting_room": `{"duration_minutes":30,"waiting_room":true}`,
		"chat":         `{"duration_minutes":30,"chat":"on"}`,
		"screen_share": `{"duration_minutes":30,"screen_share":"anyone"}`,
		"reusable":     `{"duration_minutes":30,"reusable":true}`,
	} {
		if p := s.mustProblem(401, "unauthorized", "POST", rooms, body); !strings.HasPrefix(p["detail"].(string), field+" needs an API key") {
			t.Errorf("%s: told %v", field, p["detail"])
		}
	}
	s.mustProblem(401, "unauthorized", "POST", rooms, `{"duration_minutes":30}`, "Idempotency-Key", "k")
	s.mustProblem(401, "unauthorized", "POST", rooms, `{"duration_minutes":30}`, "Authorization", "Bearer portal:wrong")
	if made := s.memory.rooms(); len(made) != 1 {
		t.Errorf("made %+v", made)
	}
	s = mustSite(t, func(c *api.Config) { c.Open = false })
	r, _ := s.ask("POST", rooms, `{"duration_minutes":30}`)
	s.mustProblem(401, "unauthorized", "POST", rooms, `{"duration_minutes":30}`)
	if r.Header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("headers %v", r.Header)
	}
	s.key = bearer
	s.must(201, "POST", rooms, `{"duration_minutes":30}`)
}

// TestAtOnceInTheStore is the same over a real store.
func TestAtOnceInTheStore(t *testing.T) {
	w := mustWorld(t, now)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	var group sync.WaitGroup
	statuses := make(chan int, 20)
	for range cap(statuses) {
		group.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), "POST", w.url+rooms, strings.NewReader(booked))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Authorization", bearer)
			r.Header.Set("Content-Type", "application/json")
			answer, err := client.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			_ = answer.Body.Close() // only the status counts
			statuses <- answer.StatusCode
		})
	}
	group.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	made, _, _, err := w.Store().Rooms(t.Context(), 0, 10)
	if err != nil || len(made) != 1 || count[http.StatusCreated] != 1 || count[http.StatusOK] != 19 {
		t.Errorf("answered %v, made %+v, %v", count, made, err)
	}
}
