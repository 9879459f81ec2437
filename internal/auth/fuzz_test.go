package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"overtime/internal/auth"
	"overtime/internal/meeting"
)

// signedByUs reports whether a token carries the signature of the tests' key, by
// the standard library alone.
func signedByUs(token string) bool {
	dot := strings.LastIndex(token, ".")
	if dot < 0 {
		return false
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(token[dot+1:])
	mac := hmac.New(sha256.New, key.Secret)
	mac.Write([]byte(token[:dot]))
	return err == nil && hmac.Equal(signature, mac.Sum(nil))
}

// resumable is what a good resume secret consists of.
var resumable = claims.with(object{"aud": "overtime/resume", "exp": nil, "jti": nil, "nbf": nil, "participant": "p_1", "session": 3})

// FuzzCheckResume: nothing that we did not sign brings anybody back.
func FuzzCheckResume(f *testing.F) {
	k := mustKeyring(f, key)
	good := signed(header, resumable, key.Secret)
	if _, err := k.CheckResume(good); err != nil {
		f.Fatalf("the good one is refused, so that the others prove nothing: %v", err)
	}
	for _, secret := range []string{good, good + "=", good[1:], signed(header, claims, key.Secret)} {
		f.Add(secret)
	}
	f.Fuzz(func(t *testing.T, secret string) {
		place, err := k.CheckResume(secret)
		switch {
		case err != nil && (!errors.Is(err, auth.ErrInvalid) || place != auth.Place{}):
			t.Fatalf("%q is refused with %v and says %+v", secret, err, place)
		case err == nil && (!signedByUs(secret) || place.Participant == "" || !place.Role.Joins()):
			t.Fatalf("%q is taken: %+v", secret, place)
		}
	})
}

// roomID is what may name a room: it becomes a part of subjects and keys.
var roomID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// FuzzSignedClaims signs whatever header and claims with our key, as a mistake of
// ours or of a portal's might: what is taken then is still one kind of token, of
// our algorithm and key, for a room and a role that can be.
func FuzzSignedClaims(f *testing.F) {
	k := mustKeyring(f, key)
	raw := func(o object) string {
		text, err := base64.RawURLEncoding.DecodeString(o.part())
		if err != nil {
			f.Fatal(err)
		}
		return string(text)
	}
	for _, c := range []object{claims, claims.with(invited), claims.with(expired), passed, resumable} {
		f.Add(raw(header), raw(c))
	}
	f.Fuzz(func(t *testing.T, head, body string) {
		text := base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + base64.RawURLEncoding.EncodeToString([]byte(body))
		mac := hmac.New(sha256.New, key.Secret)
		mac.Write([]byte(text))
		token := text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
		ticket, ticketErr := k.CheckTicket(token)
		place, placeErr := k.CheckResume(token)
		isTicket, isPlace := !errors.Is(ticketErr, auth.ErrInvalid), placeErr == nil
		switch {
		case isTicket && isPlace:
			t.Fatalf("%s is a ticket and a resume secret", body)
		case !isTicket && !isPlace:
			return
		case isTicket && (!roomID.MatchString(ticket.Room) || !ticket.Role.Joins() || meeting.Clean(ticket.Name) != ticket.Name):
			t.Fatalf("%s gives %+v", body, ticket)
		case isTicket && ticketErr == nil && !ticket.Invite && !ticket.ExpiresAt.After(now.Add(-auth.MaxTicketLife)):
			t.Fatalf("%s lets in, and expired at %v", body, ticket.ExpiresAt)
		case isPlace && (!roomID.MatchString(place.Room) || !place.Role.Joins() || place.Participant == ""):
			t.Fatalf("%s gives %+v", body, place)
		}
		var h map[string]any
		if json.Unmarshal([]byte(head), &h) != nil || h["alg"] != "HS256" || h["kid"] != key.ID {
			t.Fatalf("a token with the header %s is taken", head)
		}
	})
}
