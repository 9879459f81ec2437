package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sealed is a webhook to send. What is left out is as it should be.
type sealed struct {
	id, body  string
	age       time.Duration
	secret    string
	signature string // in place of the right one
}

func sign(secret, id, stamp, body string) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		panic(err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (w *world) send(s sealed) answer {
	w.t.Helper()
	stamp := strconv.FormatInt(time.Now().Add(-s.age).Unix(), 10)
	if s.secret == "" {
		s.secret = testSecret
	}
	if s.signature == "" {
		s.signature = sign(s.secret, s.id, stamp, s.body)
	}
	r := w.request(http.MethodPost, "/webhooks", s.body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("webhook-id", s.id)
	r.Header.Set("webhook-timestamp", stamp)
	r.Header.Set("webhook-signature", s.signature)
	return w.do(r)
}

func body(kind, booking, room, more string) string {
	return fmt.Sprintf(`{"type": %q, "timestamp": "2026-03-04T14:00:00.000Z", "data": {"room_id": %q, "external_id": %q, "session": 1%s}}`, kind, room, booking, more)
}

func endedBody(booking, room, ledger string) string {
	return body("session.ended", booking, room, `, "started_at": "2026-03-04T14:00:00Z", "ends_at": "2026-03-04T14:15:00Z",
		"ended_at": "2026-03-04T14:15:00Z", "reason": "expired", "ledger": `+ledger)
}

func joined(booking, person string) string {
	return body("participant.joined", booking, "room1", fmt.Sprintf(`, "participant": {"id": %q}`, person))
}

// TestNobodyElsesWebhooks: what is forged, old or from the future changes nothing.
func TestNobodyElsesWebhooks(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	ended := endedBody(id1, "room1", testLedger)
	other := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 32)))
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for name, s := range map[string]sealed{
		"OtherSecret":  {id: "1", body: ended, secret: other},
		"OtherBody":    {id: "1", body: ended, signature: sign(testSecret, "1", now, strings.ReplaceAll(ended, "expired", "x"))},
		"OtherID":      {id: "2", body: ended, signature: sign(testSecret, "1", now, ended)},
		"NoID":         {body: ended},
		"NoSignature":  {id: "1", body: ended, signature: " "},
		"OtherVersion": {id: "1", body: ended, signature: "v1a," + sign(testSecret, "1", now, ended)[3:]},
		"Old":          {id: "1", body: ended, age: 6 * time.Minute},
		"Early":        {id: "1", body: ended, age: -6 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			if got := w.send(s); got.status != http.StatusUnauthorized {
				t.Errorf("answered %d: %s", got.status, got.body)
			}
			if b, _ := w.site.diary.get(id1); b.Ended != nil {
				t.Error("it was believed")
			}
		})
	}
	// None of them used the id up.
	if w.send(sealed{id: "1", body: ended, age: 4 * time.Minute}); !w.over() {
		t.Error("the right one was not taken")
	}
}

func (w *world) over() bool {
	b, _ := w.site.diary.get(id1)
	return b.Ended != nil
}

// TestSignaturesOfTwoSecrets: while a secret is replaced Overtime signs with both.
func TestSignaturesOfTwoSecrets(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	ended := endedBody(id1, "room1", testLedger)
	s := sealed{id: "1", body: ended, signature: "v1,bm8= " + sign(testSecret, "1", strconv.FormatInt(time.Now().Unix(), 10), ended)}
	if got := w.send(s); got.status != http.StatusNoContent || !w.over() {
		t.Errorf("answered %d: %s", got.status, got.body)
	}
}

// TestWebhookTwiceIsOnce: an event that comes again, by Overtime or by whoever
// recorded it, is taken politely and changes nothing.
func TestWebhookTwiceIsOnce(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	in := sealed{id: "in", body: joined(id1, "p1")}
	out := sealed{id: "out", body: body("participant.left", id1, "room1", `, "participant": {"id": "p1"}`)}
	for _, s := range []sealed{in, out, in} {
		if got := w.send(s); got.status != http.StatusNoContent {
			t.Errorf("answered %d: %s", got.status, got.body)
		}
	}
	if b, _ := w.site.diary.get(id1); len(b.Inside) != 0 {
		t.Errorf("inside are %v", b.Inside)
	}
}

func TestWhatWasHadIsForgotten(t *testing.T) {
	d, now := newDiary(), time.Now()
	if !d.take("1", event{}, now) || d.take("1", event{}, now.Add(3*24*time.Hour)) {
		t.Error("the first is not the first, or the second is")
	}
	d.take("2", event{}, now.Add(remembered+time.Second))
	if len(d.had) != 1 {
		t.Errorf("remembered are %v", d.had)
	}
}

// TestWebhooksTellTheList: what is listed comes from webhooks alone.
func TestWebhooksTellTheList(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	for i, c := range []struct{ body, says string }{
		{body("session.started", id1, "room1", `, "started_at": "2026-03-04T14:00:00Z", "ends_at": "2026-03-04T14:15:00Z"`), "Nobody inside"},
		{joined(id1, "p1"), "One inside"},
		{joined(id1, "p2"), "Both inside"},
		{joined(id1, "p3"), "3 inside"},
		{body("participant.left", id1, "room1", `, "participant": {"id": "p3"}`), "Both inside"},
		{body("window.opened", id1, "room1", `, "window": "final", "ends_at": "2026-03-04T14:15:00Z"`), "anyone may extend now"},
		{body("session.extended", id1, "room1", `, "ends_at": "2026-03-04T14:30:00Z"`), "Both inside"},
		{endedBody(id1, "another", testLedger), "Both inside"},          // a room that is not ours
		{endedBody(newBookingID(), "room1", testLedger), "Both inside"}, // a booking that is not
		{body("something.new", id1, "room1", ""), "Both inside"},        // a later Overtime
		{endedBody(id1, "room1", testLedger), "Time was up"},            // at last
	} {
		if got := w.send(sealed{id: fmt.Sprint(i), body: c.body}); got.status != http.StatusNoContent {
			t.Errorf("%d is answered %d: %s", i, got.status, got.body)
		}
		if page := w.get("/"); !strings.Contains(page.body, c.says) {
			t.Errorf("after %s the list is\n%s", c.body, page.body)
		}
	}
}

func TestWhatIsNoEvent(t *testing.T) {
	w := startWorld(t)
	if got := w.send(sealed{id: "1", body: "hello"}); got.status != http.StatusBadRequest {
		t.Errorf("answered %d", got.status)
	}
	if got := w.send(sealed{id: "1", body: strings.Repeat("x", maxWebhook+1)}); got.status != http.StatusBadRequest {
		t.Errorf("answered %d", got.status)
	}
}

func TestSecrets(t *testing.T) {
	for _, secret := range []string{"", "whsec_", "whsec_aGVsbG8=", "whsec_not base64", testSecret[6:]} {
		if _, err := newSeal(secret); err == nil {
			t.Errorf("%q is taken", secret)
		}
	}
}
