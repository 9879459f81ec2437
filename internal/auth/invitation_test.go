package auth_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/meeting"
)

// TestInvitation: the link is the same however often it is asked for, and its
// token lets in as a nameless somebody of that role, for as long as the room is.
func TestInvitation(t *testing.T) {
	k := mustKeyring(t, key)
	room := meeting.Room{ID: "abc", CreatedAt: now.Add(123 * time.Millisecond)}
	path, err := k.Invitation(room, meeting.RoleParticipant)
	if err != nil {
		t.Fatal(err)
	}
	k.Now = func() time.Time { return now.Add(10 * 365 * 24 * time.Hour) }
	if again, err := k.Invitation(room, meeting.RoleParticipant); err != nil || again != path {
		t.Errorf("asked again: %q, %v; first %q", again, err, path)
	}
	before, token, _ := strings.Cut(path, "#")
	got, err := k.CheckTicket(token)
	want := auth.Ticket{Room: "abc", Role: meeting.RoleParticipant, Invite: true, IssuedAt: got.IssuedAt}
	if err != nil || before != "/r/abc" || got != want || !got.IssuedAt.Equal(now) {
		t.Errorf("%s: %+v, %v", before, got, err)
	}
	if place, err := k.CheckResume(token); !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("a link as a resume secret: %+v, %v", place, err)
	}
}

// TestRenewedLink is another link, which says how often it was renewed.
func TestRenewedLink(t *testing.T) {
	k := mustKeyring(t, key)
	seen := map[string]int{}
	for links := range 3 {
		path, err := k.Invitation(meeting.Room{ID: "abc", CreatedAt: now, Links: links}, meeting.RoleParticipant)
		if err != nil {
			t.Fatal(err)
		}
		if other, there := seen[path]; there {
			t.Errorf("renewals %d and %d give one link", other, links)
		}
		seen[path] = links
		_, token, _ := strings.Cut(path, "#")
		if got, err := k.CheckTicket(token); err != nil || got.Link != links || !got.Invite {
			t.Errorf("renewal %d: %+v, %v", links, got, err)
		}
	}
}

// TestOldLink: the links that earlier versions gave out, which were tickets of
// 60 days, still let in until then; any other ticket of that length does not.
func TestOldLink(t *testing.T) {
	k := mustKeyring(t, key)
	const life = 60 * 24 * time.Hour
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		ago  time.Duration
		more object
		want error
	}{
		"New":      {0, nil, nil},
		"LastDay":  {life - day, nil, nil},
		"Expired":  {life + day, nil, auth.ErrExpired},
		"Person":   {0, object{"sub": "user-7"}, auth.ErrInvalid},
		"Name":     {0, object{"name": "Ada"}, auth.ErrInvalid},
		"ID":       {0, object{"jti": "x"}, auth.ErrInvalid},
		"Longer":   {0, object{"exp": now.Add(life + time.Second).Unix()}, auth.ErrInvalid},
		"Shorter":  {0, object{"exp": now.Add(life - time.Second).Unix()}, auth.ErrInvalid},
		"Renewed":  {0, object{"link": 1}, auth.ErrInvalid},
		"NoExpiry": {0, object{"exp": nil}, auth.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			made := now.Add(-c.ago)
			link := claims.with(object{
				"jti": nil, "sub": nil, "iat": made.Unix(), "nbf": made.Unix(), "exp": made.Add(life).Unix(),
			}).with(c.more)
			got, err := k.CheckTicket(signed(header, link, key.Secret))
			if !errors.Is(err, c.want) {
				t.Errorf("%+v, %v, want %v", got, err, c.want)
			}
			if c.want != auth.ErrInvalid && (!got.Invite || got.Link != 0 || got.Sub != "" || got.ExpiresAt.IsZero()) {
				t.Errorf("says %+v", got)
			}
		})
	}
}
