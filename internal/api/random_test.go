package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"overtime/internal/api"
	"overtime/internal/audit"
	"overtime/internal/bus"
	"overtime/internal/chatlog"
	"overtime/internal/event"
	"overtime/internal/store"
)

// TestRandomRequests makes requests from the description, good ones and bad ones,
// on real rooms that people come into while time passes. Nothing is answered that
// was not declared, nothing is a mistake of the server's, what fits the description
// is not called a bad request and what does not is, every operation is carried out
// often, every code that was declared is seen, and webhooks say what they are
// described to. SEED repeats a run.
func TestRandomRequests(t *testing.T) {
	w := mustWalk(t)
	for i := 0; i < 8000 && (i < 2000 || len(w.lacks(499)) > 0); i++ {
		w.step()
		if i == 1000 {
			w.party()
		}
	}
	t.Logf("%d requests, carried out: %v", w.requests, w.done)
	if lacks := w.lacks(499); len(lacks) > 0 {
		t.Errorf("not seen after %d requests: %q", w.requests, lacks)
	}
	w.checkHooks()
	for _, fault := range w.faults() {
		w.fault = fault
		for _, id := range sorted(w.contract.operations) {
			for range 16 {
				w.request(w.contract.operations[id])
			}
		}
	}
	if lacks := w.lacks(599); len(lacks) > 0 {
		t.Errorf("not seen while things were broken: %q", lacks)
	}
}

// checkHooks holds everything that portals were told meanwhile against the
// description.
func (w *walk) checkHooks() {
	kinds := sorted(dig(w.contract.document, "webhooks"))
	if len(kinds) != 11 {
		w.t.Errorf("described are %q", kinds)
	}
	for _, kind := range kinds {
		schema := w.contract.mustHook(w.t, kind)
		w.until(kind, func() bool { return len(w.news.bodies(event.Kind(kind))) > 0 })
		for _, text := range w.news.bodies(event.Kind(kind)) {
			if told, err := asSchemaSees(text); err != nil {
				w.t.Errorf("%s: %v", text, err)
			} else if err := schema.Validate(told); err != nil {
				w.t.Errorf("%s is not as described: %v", text, err)
			}
		}
	}
}

// often is how many times each operation is to be carried out.
const often = 50

// walk is a portal that does what comes into its head.
type walk struct {
	*world
	*generator
	contract *contract
	requests int
	done     map[string]int  // operations, how often they were carried out
	seen     map[string]bool // operation, status and code

	last                 map[string]*call    // of each operation, that was good
	made                 map[string]*call    // what made a room
	rooms, running, gone []string            // ids; running have people, or had
	aim                  string              // the id of the room to ask about; empty is any
	people               map[string][]string // the ids of who is in a room
	fault                fault               // what is broken now
}

func mustWalk(t *testing.T) *walk {
	t.Helper()
	seed := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("SEED=%d", seed)
	w := &walk{done: map[string]int{}, seen: map[string]bool{}, people: map[string][]string{}, last: map[string]*call{}, made: map[string]*call{}}
	w.world = mustWorld(t, time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC), func(c *api.Config) {
		c.Open, c.Store, c.Chats = true, brokenStore{c.Store, w}, brokenChats{c.Chats, w}
		c.Rooms, c.News, c.Audit = brokenRooms{c.Rooms, w}, brokenNews{c.News, w}, brokenAudit{c.Audit, w}
	})
	w.generator = &generator{rand.New(rand.NewPCG(seed, 0)), w.Clock.Now, map[string][]any{}}
	w.known["minutes"] = []any{10, 11, 29, 30}
	w.contract = mustContract(t, w.handler)
	return w
}

// step is one thing that the portal does, or the world around it.
func (w *walk) step() {
	switch {
	case w.chance(12):
		w.Clock.Pass(time.Duration(1+w.IntN(4)) * time.Minute)
		return
	case w.chance(80):
		w.guess()
		return
	case len(w.running) < 3 || w.chance(8):
		w.begin()
		return
	}
	ids := sorted(w.contract.operations)
	if lacks := w.lacks(499); len(lacks) > 0 && w.chance(2) {
		slices.Sort(lacks)
		id, _, _ := strings.Cut(pick(w.generator, lacks), " ")
		ids = []string{id}
	}
	w.request(w.contract.operations[pick(w.generator, ids)])
}

// guess tries many keys.
func (w *walk) guess() {
	ids := sorted(w.contract.operations)
	for range 10 + len(ids) {
		o := w.contract.operations[pick(w.generator, ids)]
		c := w.call(o)
		c.r.Header.Set("Authorization", "Bearer portal:wrong-horse-battery-staple-0123")
		c.want = []int{401, 429}
		w.send(c)
	}
}

// begin makes a room and has somebody come in.
func (w *walk) begin() {
	body := map[string]any{"duration_minutes": 1 + w.IntN(12), "reusable": w.chance(2)}
	if w.chance(4) { // a window with no time left
		body["extension"] = map[string]any{"latest_end": w.Clock.Now().Add(15 * time.Minute)}
	}
	if w.chance(2) {
		body["external_id"] = fmt.Sprint("begun-", w.requests)
	}
	made := w.ask("create-room", "POST", "/api/v1/rooms", body)
	id, _ := made["id"].(string)
	if id == "" {
		return
	}
	for range 1 + w.IntN(3) {
		w.comeIn(id)
	}
	w.learn(&call{operation: w.contract.operations["list-participants"], room: id}, 200,
		w.ask("list-participants", "GET", "/api/v1/rooms/"+id+"/participants", nil))
	w.aim = id
	for range w.IntN(4) {
		w.request(w.contract.operations["extend-session"])
	}
	w.aim = ""
	w.running = append(w.running, id)
	w.running = w.running[max(0, len(w.running)-6):] // others are over soon
}

// comeIn has somebody come into a room.
func (w *walk) comeIn(id string) {
	made := w.ask("create-token", "POST", "/api/v1/rooms/"+id+"/tokens", map[string]any{"name": w.text(map[string]any{"minLength": json.Number("1"), "maxLength": json.Number("64")})})
	if token, is := made["token"].(string); is && w.tryJoin(token) == nil {
		w.busy()
	}
}

// party removes people from one session until no more can be.
func (w *walk) party() {
	id, _ := w.ask("create-room", "POST", "/api/v1/rooms", map[string]any{"duration_minutes": 1440, "capacity": 100})["id"].(string)
	people := "/api/v1/rooms/" + id + "/participants"
	for many := false; !many; {
		w.comeIn(id)
		all := list(w.ask("list-participants", "GET", people, nil)["participants"])
		if len(all) > 0 {
			many = w.ask("remove-participant", "DELETE", people+"/"+all[0]["id"].(string), nil)["code"] == "conflict"
		}
	}
}

// ask makes a request of the walk's own.
func (w *walk) ask(id, method, path string, body any) map[string]any {
	var text []byte
	if body != nil {
		text = mustJSON(body)
	}
	return w.send(&call{operation: w.contract.operations[id], body: body, sent: text, r: w.http(method, path, text)})
}

// call is a request that is about to be made.
type call struct {
	*operation
	r    *http.Request
	room string
	body any // what was sent, as far as it is JSON
	sent []byte
	// want are the statuses of which one must come; nil: any that is declared and
	// that does not call the request bad.
	want []int
}

func (w *walk) http(method, path string, body []byte) *http.Request {
	r := httptest.NewRequestWithContext(w.t.Context(), method, "http://meet.example"+path, bytes.NewReader(body))
	r.Header.Set("Authorization", bearer)
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// call makes a request that fits the description.
func (w *walk) call(o *operation) *call {
	c := &call{operation: o, room: w.target(o)}
	path, query, headers := o.path, url.Values{}, http.Header{}
	w.known["ends_at"] = w.ends(c.room)
	for _, p := range o.parameters {
		name, schema := p["name"].(string), dig(p, "schema")
		switch p["in"] {
		case "path":
			path = strings.Replace(path, "{"+name+"}", url.PathEscape(w.inPath(name, c.room)), 1)
		case "query":
			if w.chance(3) {
				query.Set(name, fmt.Sprint(w.value(w.contract, "", schema)))
			}
		case "header":
			if w.chance(2) {
				headers.Set(name, pick(w.generator, []string{"a", "b", "c", w.text(schema)}))
			}
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	var text []byte
	if o.body != nil && (o.needsBody || !w.chance(4)) {
		c.body = w.object(w.contract, o.body)
		text = mustJSON(c.body)
	}
	c.r, c.sent = w.http(o.method, path, text), text
	for name, values := range headers {
		c.r.Header[name] = values
	}
	return c
}

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was made from a schema
	}
	return text
}

// target is the room that an operation is to be about.
func (w *walk) target(o *operation) string {
	switch {
	case w.aim != "":
		return w.aim
	case w.chance(12) && len(w.gone) > 0:
		return pick(w.generator, w.gone)
	case w.chance(20) || len(w.rooms) == 0:
		return pick(w.generator, []string{"nobody", "a.b", "*", ">", "%00", "\x00", "é", strings.Repeat("x", 200)})
	case len(w.running) > 0 && (!w.chance(4) || o.id == "remove-participant"):
		return w.running[len(w.running)-1-min(w.IntN(len(w.running)), w.IntN(len(w.running)))]
	}
	return pick(w.generator, w.rooms)
}

// inPath is the value of a part of a path.
func (w *walk) inPath(name, room string) string {
	switch {
	case name == "id":
		return room
	case name == "number":
		return strconv.Itoa(1 + w.IntN(2))
	case name == "message":
		return strconv.Itoa(1 + w.IntN(4))
	case len(w.people[room]) > 0 && !w.chance(5):
		return pick(w.generator, w.people[room])
	}
	return "p" + w.text(map[string]any{"pattern": "", "maxLength": json.Number("255")})
}

// ends are ends that a room's session has, or had.
func (w *walk) ends(room string) (all []any) {
	v, err := w.Store().Load(w.t.Context(), room)
	if err != nil || v.Session == nil {
		return nil
	}
	for _, e := range v.Session.Ledger {
		all = append(all, e.EndsAt)
	}
	for range all { // half of the time the one that holds
		all = append(all, v.Session.EndsAt)
	}
	return all
}

// request makes one of an operation, which three times of ten does not fit its
// description.
func (w *walk) request(o *operation) {
	c := w.call(o)
	last := w.last[o.id]
	if o.id == "create-room" && len(w.gone) > 0 && w.chance(4) {
		last = w.made[pick(w.generator, w.gone)]
	}
	switch {
	case w.fault != nil:
	case w.IntN(10) < 3:
		w.spoil(c)
	case last != nil && w.chance(4):
		c = w.again(last)
	default:
		w.last[o.id] = c
	}
	w.send(c)
}

// again is the same request once more.
func (w *walk) again(last *call) *call {
	c := *last
	c.r = w.http(last.method, last.r.URL.RequestURI(), last.sent)
	c.r.Header = last.r.Header
	return &c
}

// spoil makes a request one that must be refused.
func (w *walk) spoil(c *call) {
	if c.operation.body != nil && !w.chance(3) {
		w.spoilBody(c)
		return
	}
	switch w.IntN(4) {
	case 0:
		c.want = []int{401}
		if c.id == "create-room" { // which whoever has no key may do, with less and not anywhere
			c.body = map[string]any{"duration_minutes": 5, "capacity": 3}
			if w.chance(2) {
				c.body, c.want = map[string]any{"duration_minutes": 5}, []int{421}
			}
			c.r = w.http(c.method, c.path, mustJSON(c.body))
			c.r.Host = "evil.com"
			c.r = c.r.WithContext(context.WithValue(c.r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(192, 168, 1, 5)}))
		}
		c.r.Header.Del("Authorization")
	case 1:
		c.r.URL.RawQuery = "another=" + url.QueryEscape(w.text(nil))
		c.want = []int{422}
	case 2:
		c.r.URL.RawQuery = pick(w.generator, []string{"%zz", "a;b", "limit=1&limit=2", "after=%ff", "limit=1.5", "limit="})
		c.want = []int{422}
	default:
		c.r.Header["Idempotency-Key"] = pick(w.generator, [][]string{{""}, {"a", "b"}, {"two words"}, {strings.Repeat("x", 129)}})
		if slices.ContainsFunc(c.parameters, func(p map[string]any) bool { return p["in"] == "header" }) {
			c.want = []int{422}
		}
	}
}

// spoilBody breaks the body of a request.
func (w *walk) spoilBody(c *call) {
	text := mustJSON(w.object(w.contract, c.operation.body))
	kind, status := "application/json", 400
	switch w.IntN(9) {
	case 0:
		text = pick(w.generator, [][]byte{[]byte("{"), []byte("nul"), []byte(`{"by":"a","by":"b"}`), []byte("{\"name\":\"\xff\"}"), []byte(`{"name":"\ud800"}`)})
	case 1:
		kind, status = pick(w.generator, []string{"text/plain", "application/foo+json", "application/json; charset=latin1", ""}), 415
	case 2:
		text, status = bytes.Repeat([]byte(" "), 65<<10), 413
	case 3:
		status = 408
	default:
		c.body = w.spoiled(w.contract, c.operation.body)
		text, status = mustJSON(c.body), 422
		if sent, err := asSchemaSees(text); err != nil || c.takes.Validate(sent) == nil {
			status = 0 // it is right by chance
		}
	}
	spoiled := w.http(c.method, c.r.URL.RequestURI(), text)
	spoiled.Header = c.r.Header.Clone()
	spoiled.Header.Set("Content-Type", kind)
	if c.want = nil; status != 0 {
		c.want = []int{status}
	}
	if status == 408 {
		spoiled.Body, spoiled.ContentLength = io.NopCloser(late{}), -1
	}
	c.r = spoiled
}

// late is a body that does not come in time.
type late struct{}

func (late) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// send makes a request and holds its answer against the description.
func (w *walk) send(c *call) map[string]any {
	w.t.Helper()
	w.requests++
	answered := httptest.NewRecorder()
	w.handler.ServeHTTP(answered, c.r)
	text := answered.Body.Bytes()
	var body map[string]any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &body); err != nil {
			w.t.Fatalf("%s answered %q", c.id, text)
		}
	}
	code, _ := body["code"].(string)
	complain := func(what string, args ...any) {
		w.t.Helper()
		w.t.Errorf("%s %s %.300s %v\nanswered %d %.400s\n%s", c.r.Method, c.r.URL, mustJSON(c.body), c.r.Header, answered.Code, text, fmt.Sprintf(what, args...))
	}
	if err := c.check(answered.Result(), text); err != nil {
		complain("%v", err)
	}
	switch {
	case answered.Code >= 500 && w.fault == nil:
		complain("a mistake of the server's")
	case w.fault != nil:
	case c.want != nil && !slices.Contains(c.want, answered.Code):
		complain("wanted %v", c.want)
	case c.want == nil && (code == "bad_request" || answered.Code == 401) && !w.mayBeBad(c):
		complain("it fits the description")
	}
	w.seen[c.id+" "+strconv.Itoa(answered.Code)+" "+code] = true
	if answered.Code < 300 {
		w.done[c.id]++
	}
	w.learn(c, answered.Code, body)
	return body
}

// mayBeBad: what no schema says. An extension says which end it answers, or has a
// key; and the end must have been one.
func (w *walk) mayBeBad(c *call) bool { return c.id == "extend-session" }

// learn notes what the answer says about the world.
func (w *walk) learn(c *call, status int, body map[string]any) {
	id, _ := body["id"].(string)
	switch {
	case c.id == "create-room" && status == 201:
		w.rooms, w.made[id] = append(w.rooms, id), c
	case c.id == "delete-room" && status == 204:
		forget := func(r string) bool { return r == c.room }
		w.rooms, w.running = slices.DeleteFunc(w.rooms, forget), slices.DeleteFunc(w.running, forget)
		w.gone = append(w.gone, c.room)
	case c.id == "create-token" && status == 201 && w.chance(2):
		w.tryJoin(body["token"].(string))
	case c.id == "list-participants" && status == 200:
		w.people[c.room] = nil
		for _, p := range list(body["participants"]) {
			w.people[c.room] = append(w.people[c.room], p["id"].(string))
		}
	}
}

// lacks is what was declared up to a status and not seen, and what was not done
// often enough.
func (w *walk) lacks(most int) (all []string) {
	for _, id := range sorted(w.contract.operations) {
		if w.done[id] < often {
			all = append(all, fmt.Sprintf("%s %d times more", id, often-w.done[id]))
		}
		for status, a := range w.contract.operations[id].answers {
			codes := a.codes
			if status < 400 {
				codes = []string{""}
			}
			for _, code := range codes {
				if seen := id + " " + strconv.Itoa(status) + " " + code; status <= most && !w.seen[seen] {
					all = append(all, seen)
				}
			}
		}
	}
	return all
}

// fault is what a thing that the API stands on says while it is broken.
type fault error

// faults are what can go wrong, one after the other.
func (w *walk) faults() []fault {
	return []fault{store.ErrUnavailable, audit.ErrUnavailable, bus.ErrUnknown, errors.New("something that nobody thought of"), errNonsense}
}

// errNonsense has rooms answer what nobody understands.
var errNonsense = errors.New("nonsense")

// What the API stands on, as it is or as the walk says.
type (
	brokenStore struct {
		api.Store
		w *walk
	}
	brokenRooms struct {
		api.Rooms
		w *walk
	}
	brokenChats struct {
		api.Chats
		w *walk
	}
	brokenNews struct {
		api.News
		w *walk
	}
	brokenAudit struct {
		api.Audit
		w *walk
	}
)

func (b brokenStore) Load(ctx context.Context, id string) (store.Versioned, error) {
	if b.w.fault != nil {
		return store.Versioned{}, b.w.fault
	}
	return b.Store.Load(ctx, id)
}

func (b brokenStore) Rooms(ctx context.Context, after uint64, limit int) ([]store.Versioned, uint64, bool, error) {
	if b.w.fault != nil {
		return nil, 0, false, b.w.fault
	}
	return b.Store.Rooms(ctx, after, limit)
}

func (b brokenRooms) Call(ctx context.Context, room string, command []byte) ([]byte, error) {
	switch {
	case errors.Is(b.w.fault, errNonsense):
		return []byte("what?"), nil
	case b.w.fault != nil:
		return nil, b.w.fault
	}
	return b.Rooms.Call(ctx, room, command)
}

func (b brokenChats) Read(ctx context.Context, s chatlog.Session, r chatlog.Range) (chatlog.Part, error) {
	if b.w.fault != nil {
		return chatlog.Part{}, b.w.fault
	}
	return b.Chats.Read(ctx, s, r)
}

func (b brokenNews) Record(ctx context.Context, e event.Event) error {
	if b.w.fault != nil {
		return b.w.fault
	}
	return b.News.Record(ctx, e)
}

func (b brokenAudit) Read(ctx context.Context, after uint64, room string, limit int) ([]audit.Stored, bool, error) {
	if b.w.fault != nil {
		return nil, false, b.w.fault
	}
	return b.Audit.Read(ctx, after, room, limit)
}
