package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/meeting"
)

func TestTicket(t *testing.T) {
	k := mustKeyring(t, key)
	want := auth.Ticket{
		ID: "t1", Room: "aaa", Role: meeting.RoleModerator, Name: "Ada", Sub: "user-7",
		IssuedAt: now, ExpiresAt: now.Add(auth.MaxTicketLife),
	}
	token, err := k.Ticket(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := k.CheckTicket(token)
	if err != nil || !got.IssuedAt.Equal(want.IssuedAt) || !got.ExpiresAt.Equal(want.ExpiresAt) {
		t.Errorf("read %+v, %v", got, err)
	}
	got.IssuedAt, got.ExpiresAt = want.IssuedAt, want.ExpiresAt
	if got != want {
		t.Errorf("read %+v, want %+v", got, want)
	}
	if _, err := k.CheckResume(token); !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("a ticket as a resume secret: %v", err)
	}
}

// TestTicketClaims: every claim is there, whatever was left out.
func TestTicketClaims(t *testing.T) {
	k := mustKeyring(t, key)
	subs, ids := map[any]bool{}, map[any]bool{}
	for range 3 {
		token, err := k.Ticket(auth.Ticket{Room: "aaa", Role: meeting.RoleViewer, ExpiresAt: now.Add(time.Minute)})
		if err != nil {
			t.Fatal(err)
		}
		text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var c object
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		if names := slices.Sorted(maps.Keys(c)); !slices.Equal(names, []string{"aud", "exp", "iat", "iss", "jti", "nbf", "role", "room", "sub"}) {
			t.Errorf("claims %v", names)
		}
		got, err := k.CheckTicket(token)
		if err != nil || got.ID != c["jti"] || got.Sub != c["sub"] || got.ID == "" || got.Sub == "" || got.Invite {
			t.Errorf("read %+v, %v of %v", got, err, c)
		}
		subs[got.Sub], ids[got.ID] = true, true
	}
	if len(subs) != 3 || len(ids) != 3 {
		t.Errorf("three tickets are %v, for %v", ids, subs)
	}
}

// TestTicketRefused is what no ticket may be.
func TestTicketRefused(t *testing.T) {
	k := mustKeyring(t, key)
	for name, ticket := range map[string]auth.Ticket{
		"NoExpiry":     {},
		"TooLong":      {ExpiresAt: now.Add(auth.MaxTicketLife + time.Millisecond)},
		"TooLongSince": {IssuedAt: now.Add(-time.Minute), ExpiresAt: now.Add(auth.MaxTicketLife)},
		"NoTime":       {ExpiresAt: now},
		"Backwards":    {ExpiresAt: now.Add(-time.Minute)},
		"Invite":       {ExpiresAt: now.Add(time.Minute), Invite: true},
		"Link":         {ExpiresAt: now.Add(time.Minute), Link: 1},
		"LongSub":      {ExpiresAt: now.Add(time.Minute), Sub: strings.Repeat("x", 4<<10)},
	} {
		ticket.Room, ticket.Role = "aaa", meeting.RoleParticipant
		if token, err := k.Ticket(ticket); err == nil || token != "" {
			t.Errorf("%s: made %q, %v", name, token, err)
		}
	}
}

// TestTicketName: a name from a token is cleaned like one that was typed.
func TestTicketName(t *testing.T) {
	k := mustKeyring(t, key)
	token, err := k.Ticket(auth.Ticket{Room: "aaa", Role: meeting.RoleViewer, Name: " A\u202ed\na\x00 ", ExpiresAt: now.Add(auth.MaxTicketLife)})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.CheckTicket(token); err != nil || got.Name != "Ad a" {
		t.Errorf("read %q, %v", got.Name, err)
	}
}

// TestExpired: a ticket that was good once still says what it was for.
func TestExpired(t *testing.T) {
	k := mustKeyring(t, key)
	for name, c := range map[string]struct {
		ago  time.Duration
		want error
	}{
		"NotYet":       {-time.Second, nil},
		"WithinLeeway": {29 * time.Second, nil},
		"Expired":      {31 * time.Second, auth.ErrExpired},
		"LongAgo":      {10 * 365 * 24 * time.Hour, auth.ErrExpired},
	} {
		t.Run(name, func(t *testing.T) {
			token := signed(header, claims.with(object{
				"iat": now.Add(-c.ago - time.Minute).Unix(), "nbf": now.Add(-c.ago - time.Minute).Unix(), "exp": now.Add(-c.ago).Unix(),
			}), key.Secret)
			ticket, err := k.CheckTicket(token)
			if !errors.Is(err, c.want) || ticket.Room != "aaa" || ticket.Role != meeting.RoleParticipant {
				t.Errorf("got %+v, %v; want %v", ticket, err, c.want)
			}
		})
	}
}

// TestResume: a secret has no age, and is no ticket.
func TestResume(t *testing.T) {
	k := mustKeyring(t, key)
	want := auth.Place{Room: "aaa", Session: 3, Participant: "p_1", Sub: "user-7", Name: "Ada", Role: meeting.RoleViewer}
	secret, err := k.Resume(want)
	if err != nil {
		t.Fatal(err)
	}
	k.Now = func() time.Time { return now.Add(1000 * time.Hour) }
	if got, err := k.CheckResume(secret); err != nil || got != want {
		t.Errorf("read %+v, %v; want %+v", got, err, want)
	}
	if ticket, err := k.CheckTicket(secret); !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("a secret as a ticket: %+v, %v", ticket, err)
	}
}

// TestRotation: the first key signs, every key checks, one that was taken out
// does not.
func TestRotation(t *testing.T) {
	old, young := key, auth.Key{ID: "k2", Secret: []byte(strings.Repeat("newer!", 6))}
	before, during, after := mustKeyring(t, old), mustKeyring(t, young, old), mustKeyring(t, young)
	ticket := auth.Ticket{Room: "aaa", Role: meeting.RoleParticipant, ExpiresAt: now.Add(auth.MaxTicketLife)}
	first, err := before.Ticket(ticket)
	if err != nil {
		t.Fatal(err)
	}
	second, err := during.Ticket(ticket)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ring  *auth.Keyring
		token string
		want  error
	}{
		"OldDuring": {during, first, nil}, "OldAfter": {after, first, auth.ErrInvalid},
		"NewDuring": {during, second, nil}, "NewAfter": {after, second, nil}, "NewBefore": {before, second, auth.ErrInvalid},
	} {
		if _, err := c.ring.CheckTicket(c.token); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	swapped := signed(header.with(object{"kid": "k2"}), claims, old.Secret)
	if _, err := during.CheckTicket(swapped); !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("one key's name with the other's secret: %v", err)
	}
}

func TestNewKeyring(t *testing.T) {
	for name, keys := range map[string][]auth.Key{
		"None": nil, "Nameless": {{Secret: key.Secret}}, "Short": {{ID: "k", Secret: key.Secret[:31]}},
		"SecondShort": {key, {ID: "k2"}}, "SameName": {key, {ID: key.ID, Secret: []byte(strings.Repeat("newer!", 6))}},
		"Three": {key, {ID: "k2", Secret: []byte(strings.Repeat("newer!", 6))}, {ID: "k3", Secret: []byte(strings.Repeat("newest", 6))}},
	} {
		if k, err := auth.NewKeyring(keys...); err == nil {
			t.Errorf("%s: made %v", name, k)
		}
	}
}

// FuzzCheckTicket: nothing that we did not sign gets in, whatever it is.
func FuzzCheckTicket(f *testing.F) {
	k := mustKeyring(f, key)
	good := signed(header, claims, key.Secret)
	for _, token := range []string{
		good, "", "..", signed(header, claims.with(expired), key.Secret), signed(header, claims.with(invited), key.Secret), good + ".", strings.Repeat(".", 100),
		object{"alg": "none"}.part() + "." + claims.part() + ".", signed(header, object{}, key.Secret),
	} {
		f.Add(token)
	}
	genuine := map[string]bool{}
	for _, c := range []object{claims, claims.with(expired), claims.with(invited), {}} {
		token := signed(header, c, key.Secret)
		genuine[token[:strings.LastIndex(token, ".")]] = true
	}
	f.Fuzz(func(t *testing.T, token string) {
		ticket, err := k.CheckTicket(token)
		if errors.Is(err, auth.ErrInvalid) {
			if ticket != (auth.Ticket{}) {
				t.Fatalf("%q is not valid and says %+v", token, ticket)
			}
			return
		}
		if dot := strings.LastIndex(token, "."); dot < 0 || !genuine[token[:dot]] {
			t.Fatalf("%q is taken: %+v, %v", token, ticket, err)
		}
		if !ticket.Role.Joins() || ticket.Room == "" {
			t.Fatalf("%q gives %+v", token, ticket)
		}
	})
}
