package disk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// world is a whole server whose store fills up.
type world struct {
	*testkit.Server
	t *testing.T

	// What was acknowledged, and so has to be kept.
	rooms      []string
	extensions map[string][]time.Time // of each room, the ends they moved to
}

// mustWorld starts a world, changed by how, with flags.
func mustWorld(t *testing.T, how func(*testkit.Server), flags ...string) *world {
	t.Helper()
	w := &world{Server: testkit.New(t, flags...), t: t, extensions: map[string][]time.Time{}}
	limits := &w.Config.Limits
	limits.Create.Burst, limits.CreateAll.Burst = 1<<20, 1<<20
	limits.Socket.Extends.Burst = 1 << 20 // what is tested here is not how often one may ask
	limits.Socket.Ping = time.Hour        // nor who reads: Bob does so now and then
	how(w.Server)
	w.Start()
	return w
}

// streams is the folder of what is kept.
func (w *world) streams() string { return testkit.Streams(w.Config.Flags.Data) }

// made is the API's answer to a new room, or why there is none.
type made struct {
	ID    string `json:"id"`
	Links struct {
		Moderator string `json:"moderator"`
		Guest     string `json:"guest"`
	} `json:"links"`
	Code protocol.Code `json:"code"`
}

// post asks the API for a room, and notes the one it confirms.
func (w *world) post() (status int, m made) {
	w.t.Helper()
	r, err := http.Post(w.URL()+"/api/v1/rooms", "application/json", strings.NewReader(`{"duration_minutes":60}`))
	if err != nil {
		w.t.Fatal(err)
	}
	err = json.NewDecoder(r.Body).Decode(&m)
	if err := r.Body.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if r.StatusCode == http.StatusCreated {
		w.rooms = append(w.rooms, m.ID)
	}
	return r.StatusCode, m
}

func (w *world) mustPost() made {
	w.t.Helper()
	status, m := w.post()
	if status != http.StatusCreated {
		w.t.Fatalf("no room was made: %d %+v", status, m)
	}
	return m
}

// stuff makes rooms, past the API, until the store takes no more.
func (w *world) stuff() {
	w.t.Helper()
	for range 100_000 {
		room, err := meeting.Room{ID: fmt.Sprintf("filler%d", len(w.rooms)), Name: strings.Repeat("x", 100), CreatedAt: w.Clock.Now(), Duration: 60}.Validate()
		if err != nil {
			w.t.Fatal(err)
		}
		if w.Store().Create(w.t.Context(), room) != nil {
			return
		}
		w.rooms = append(w.rooms, room.ID)
	}
	w.t.Fatal("the store is never full")
}

// mustHave reads everything that was acknowledged from a copy of the folder as it
// is, by another server: nothing is missing, and nothing was granted beside.
func (w *world) mustHave() {
	w.t.Helper()
	kept, stop := testkit.Kept(w.t, asKilled(w.t, w.streams()))
	defer stop()
	acked, missing := 0, 0
	for _, id := range w.rooms {
		acked++
		v, err := kept.Load(w.t.Context(), id)
		if err != nil {
			missing++
			w.t.Errorf("the room %s was confirmed, and is not there: %v", id, err)
			continue
		}
		if v.Session == nil {
			continue
		}
		var ends []time.Time
		for _, e := range v.Session.Extensions() {
			ends = append(ends, e.EndsAt)
		}
		if acked += len(w.extensions[id]); !slices.EqualFunc(ends, w.extensions[id], time.Time.Equal) {
			w.t.Errorf("extensions to %v were confirmed, and to %v are kept", w.extensions[id], ends)
		}
	}
	w.t.Logf("a copy as a kill would leave it: %d rooms and extensions were confirmed, %d rooms are missing", acked, missing)
}
