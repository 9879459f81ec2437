package auth_test

import (
	"strings"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/meeting"
)

// TestInvitation: the link is the same however often it is asked for, and its
// token lets in as a nameless somebody of that role.
func TestInvitation(t *testing.T) {
	k, err := auth.NewKeyring(auth.Key{ID: "k1", Secret: []byte(strings.Repeat("s", auth.MinSecret))})
	if err != nil {
		t.Fatal(err)
	}
	made := meeting.Instant(time.Now())
	room := meeting.Room{ID: "abc", CreatedAt: made}
	path, err := k.Invitation(room, meeting.RoleParticipant)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := k.Invitation(room, meeting.RoleParticipant); err != nil || again != path {
		t.Errorf("asked again: %q, %v; first %q", again, err, path)
	}
	before, token, _ := strings.Cut(path, "#")
	got, err := k.CheckTicket(token)
	if err != nil || before != "/r/abc" || got.Role != meeting.RoleParticipant || got.Name != "" || got.Sub != "" {
		t.Errorf("%s: %+v, %v", before, got, err)
	}
	if life := got.ExpiresAt.Sub(made); life < 59*24*time.Hour {
		t.Errorf("it lives %v only", life)
	}
}
