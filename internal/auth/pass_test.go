package auth_test

import (
	"errors"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/meeting"
)

// passed is what a pass consists of.
var passed = claims.with(object{"aud": "overtime/pass", "waiting": "w_1"})

// TestPass: a pass says what the ticket said, holds a quarter of an hour from when
// it was made and no longer than a day after the ticket was.
func TestPass(t *testing.T) {
	k := mustKeyring(t, key)
	at := now
	k.Now = func() time.Time { return at }
	want := auth.Ticket{
		ID: "t1", Room: "aaa", Role: meeting.RoleViewer, Name: "Ada", Sub: "u:7", Waiting: "w_1", IssuedAt: now,
	}
	pass, err := k.Pass(want)
	if err != nil {
		t.Fatal(err)
	}
	for ; at.Before(now.Add(auth.MaxPassLife)); at = at.Add(14 * time.Minute) {
		got, err := k.CheckTicket(pass)
		if err != nil || got.ExpiresAt.After(at.Add(auth.PassLife)) || got.ExpiresAt.After(now.Add(auth.MaxPassLife)) {
			t.Fatalf("after %v: %+v, %v", at.Sub(now), got, err)
		}
		got.IssuedAt, got.ExpiresAt = got.IssuedAt.UTC(), time.Time{}
		if got != want {
			t.Fatalf("after %v: %+v, want %+v", at.Sub(now), got, want)
		}
		if pass, err = k.Pass(got); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := k.CheckTicket(pass); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("after a day: %v", err)
	}
	at = now
	if pass, err = k.Pass(auth.Ticket{Room: "aaa", Role: meeting.RoleViewer, Invite: true, Link: 3, IssuedAt: now.Add(-90 * 24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got, err := k.CheckTicket(pass); err != nil || !got.Invite || got.Link != 3 {
		t.Errorf("of an old link: %+v, %v", got, err)
	}
	at = at.Add(auth.PassLife + time.Minute)
	if _, err := k.CheckTicket(pass); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("of an old link, later: %v", err)
	}
	if _, err := k.CheckResume(pass); !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("as a secret: %v", err)
	}
}

// TestForgedPasses: what only passes say makes nothing else better, and no pass
// holds for ever.
func TestForgedPasses(t *testing.T) {
	k := mustKeyring(t, key)
	if _, err := k.CheckTicket(signed(header, passed, key.Secret)); err != nil {
		t.Fatalf("the good one is refused, so that the others prove nothing: %v", err)
	}
	for name, c := range map[string]object{
		"a ticket with a place in line":  claims.with(object{"waiting": "w_1"}),
		"a ticket that says it is one":   claims.with(object{"invite": true}),
		"an invitation with such a word": claims.with(invited).with(object{"invite": true}),
		"a pass without an end":          passed.with(object{"exp": nil}),
		"a pass of a ticket too old":     passed.with(object{"iat": now.Add(-25 * time.Hour).Unix()}),
		"a pass for two":                 passed.with(object{"aud": []string{"overtime/pass", "overtime/join"}}),
	} {
		if got, err := k.CheckTicket(signed(header, c, key.Secret)); !errors.Is(err, auth.ErrInvalid) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
