package api_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/sweep"
)

// asks asks the API as the portal does, and wants a status.
func (w *world) asks(status int, method, path, body string) map[string]any {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer portal:"+secret)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		w.t.Fatalf("%s %s answered %d %s, %v; want %d", method, path, answer.StatusCode, text, err, status)
	}
	var got map[string]any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &got); err != nil {
			w.t.Fatal(err)
		}
	}
	return got
}

// leadsNowhere wants the links of a room to let nobody in, whatever they were.
func (w *world) leadsNowhere(room string) {
	w.t.Helper()
	w.until("the links of "+room+" lead nowhere", func() bool { return errors.Is(w.Bus().OpenRoom(room), bus.ErrNoRoom) })
}

// sweep goes through everything once.
func (w *world) sweep() {
	w.t.Helper()
	s := sweep.New(sweep.Config{
		Store: w.Store(), Audit: w.News(), Keep: 90 * 24 * time.Hour, Now: w.Clock.Now, Logger: slog.New(slog.DiscardHandler),
	})
	for more := true; more; {
		var err error
		if more, err = s.Piece(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestSwept: what is over for long is gone, with its names and what was said of it;
// its links, a moderator's too, lead nowhere, and its name is not given again. So
// it is of a room that a portal deleted, from the first moment on.
func TestSwept(t *testing.T) {
	w := mustWorld(t, time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC))
	ids := map[string]string{}
	for name, body := range map[string]string{
		"over": `{"external_id":"over","name":"Ada's review","duration_minutes":60}`, "waiting": `{"external_id":"waiting","duration_minutes":60}`,
		"again":   `{"external_id":"again","duration_minutes":60,"reusable":true}`,
		"deleted": `{"external_id":"deleted","name":"Ada's other","duration_minutes":60}`,
	} {
		ids[name] = w.asks(201, "POST", "/rooms", body)["id"].(string)
		if name != "waiting" {
			w.join(w.asks(201, "POST", "/rooms/"+ids[name]+"/tokens", `{"role":"moderator","name":"Ada"}`)["token"].(string))
		}
	}
	w.asks(204, "DELETE", "/rooms/"+ids["deleted"], "")
	w.leadsNowhere(ids["deleted"])
	w.asks(410, "POST", "/rooms", `{"external_id":"deleted","duration_minutes":60}`)
	for name := range ids {
		w.pass(time.Hour, ids[name])
	}
	w.sweep()
	if n := len(w.asks(200, "GET", "/rooms", "")["rooms"].([]any)); n != 3 {
		t.Errorf("after the end there are %d rooms", n)
	}
	for _, name := range []string{"over", "deleted", "again"} {
		w.until(name+" is told and quiet", func() bool {
			v, err := w.Store().Load(t.Context(), ids[name])
			return err == nil && len(v.Outbox) == 0
		})
	}
	w.pass(91*24*time.Hour, ids["over"])
	w.sweep()
	for _, name := range []string{"over", "deleted"} {
		w.asks(404, "GET", "/rooms/"+ids[name], "")
		w.asks(404, "GET", "/rooms/"+ids[name]+"/sessions/1", "")
		w.asks(404, "POST", "/rooms/"+ids[name]+"/tokens", `{"role":"moderator"}`)
		w.asks(410, "POST", "/rooms", `{"external_id":"`+name+`","duration_minutes":60}`)
		w.leadsNowhere(ids[name])
		v, err := w.Store().Load(t.Context(), ids[name])
		if err != nil || v.Swept.IsZero() || v.Room.Name != "" || v.Room.ExternalID != "" || v.Session != nil || len(v.People)+len(v.Former)+len(v.Held)+len(v.Ops) > 0 {
			t.Errorf("of %s is left %+v, %v", name, v.Record, err)
		}
		if _, err := w.Store().Ledger(t.Context(), ids[name], 1); err == nil {
			t.Errorf("the ledger of %s is there", name)
		}
		entries, _, err := w.News().Read(t.Context(), 0, ids[name], 100)
		if err != nil || entries[len(entries)-1].Kind != event.RoomSwept || !strings.Contains(string(entries[len(entries)-1].Data), `"over_at"`) {
			t.Errorf("the audit of %s ends in %+v, %v", name, entries, err)
		}
	}
	left := w.asks(200, "GET", "/rooms", "")["rooms"].([]any)
	if len(left) != 2 {
		t.Errorf("left are %v", left)
	}
	for _, name := range []string{"waiting", "again"} {
		w.asks(200, "GET", "/rooms/"+ids[name], "")
	}
	w.sweep() // which finds nothing to do
	if entries, _, err := w.News().Read(t.Context(), 0, ids["over"], 100); err != nil || entries[len(entries)-2].Kind == event.RoomSwept {
		t.Errorf("swept twice: %+v, %v", entries, err)
	}
}
