package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// event is what Overtime tells. Each type uses some of the fields.
type event struct {
	Type string    `json:"type"`
	Data eventData `json:"data"`
}

type eventData struct {
	RoomID      string `json:"room_id"`
	ExternalID  string `json:"external_id"`
	Window      string `json:"window"`
	Participant struct {
		ID string `json:"id"`
	} `json:"participant"`
	sessionEnded
}

// sessionEnded is what session.ended tells. Other events have its first two.
type sessionEnded struct {
	StartedAt time.Time  `json:"started_at"`
	EndsAt    time.Time  `json:"ends_at"`
	EndedAt   time.Time  `json:"ended_at"`
	Reason    string     `json:"reason"`
	By        *author    `json:"by,omitempty"`
	Text      string     `json:"text,omitempty"`
	Ledger    []occasion `json:"ledger"`
}

// hear takes an event into the booking. Those of one room come in their order.
func (b *booking) hear(e event) {
	switch e.Type {
	case "session.started":
		b.StartedAt, b.EndsAt = e.Data.StartedAt, e.Data.EndsAt
	case "participant.joined":
		b.Inside[e.Data.Participant.ID] = true
	case "participant.left":
		delete(b.Inside, e.Data.Participant.ID)
	case "window.opened":
		b.Window = e.Data.Window
	case "session.extended":
		b.EndsAt, b.Window = e.Data.EndsAt, ""
	case "session.ended":
		b.Window = ""
		clear(b.Inside)
		ended := e.Data.sessionEnded
		b.Ended = &ended
	}
}

// seal checks who a webhook is from, as https://www.standardwebhooks.com has it.
type seal struct {
	key []byte
	now func() time.Time
}

// tolerance is how far the time of a request may be from ours. Whoever recorded a
// request can send it again no later; that it is taken once is the diary's.
const tolerance = 5 * time.Minute

func newSeal(secret string) (seal, error) {
	code, ok := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(code)
	if !ok || err != nil || len(key) < 24 {
		return seal{}, errors.New("the webhook's secret is not whsec_ and 24 or more bytes in base64; " +
			"take the one that stands behind our address in the file of Overtime's --webhooks")
	}
	return seal{key, time.Now}, nil
}

// check says what is wrong with a request. The body must be what came, to the byte.
func (s seal) check(h http.Header, body []byte) error {
	id, stamp := h.Get("webhook-id"), h.Get("webhook-timestamp")
	if id == "" {
		return errors.New("it has no id")
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errors.New("it has no time")
	}
	if age := s.now().Sub(time.Unix(seconds, 0)); age.Abs() > tolerance {
		return errors.New("its time is not near ours; is a clock wrong?")
	}
	mac := hmac.New(sha256.New, s.key)
	fmt.Fprintf(mac, "%s.%s.", id, stamp)
	mac.Write(body)
	right := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	// While a secret is replaced there are several signatures: one is enough.
	for _, signature := range strings.Fields(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(signature), []byte(right)) {
			return nil
		}
	}
	return errors.New("no signature of it is right; have we and Overtime the same secret?")
}

// maxWebhook bounds a webhook, in bytes.
const maxWebhook = 1 << 20

// takeWebhook answers POST /webhooks. What is answered 2xx is not sent again.
func (s *site) takeWebhook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
	if err != nil {
		http.Error(w, "that cannot be read", http.StatusBadRequest)
		return
	}
	if err := s.seal.check(r.Header, body); err != nil {
		s.log.Print("a webhook was thrown away: ", err)
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		s.log.Print("a webhook cannot be read: ", err)
		http.Error(w, "that is no event", http.StatusBadRequest)
		return
	}
	if s.diary.take(r.Header.Get("webhook-id"), e, s.seal.now()) {
		s.log.Printf("webhook: %s of booking %s", e.Type, e.Data.ExternalID)
	}
	w.WriteHeader(http.StatusNoContent)
}
