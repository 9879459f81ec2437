package api

import (
	"context"
	"crypto/rand"
	"time"

	"overtime/internal/auth"
	"overtime/internal/event"
	"overtime/internal/meeting"
)

type (
	newToken struct {
		Role    meeting.Role `json:"role,omitempty" enum:"moderator,participant,viewer" default:"participant" doc:"what its holder may do"`
		Name    string       `json:"name,omitempty" maxLength:"64" doc:"as the others read it; if left out, its holder is asked"`
		UserRef string       `json:"user_ref,omitempty" minLength:"1" maxLength:"64" pattern:"^[!-~]*$" patternDescription:"printable ASCII without spaces" doc:"what the portal calls the person: whoever comes again with it is the same one, and takes the place of their older connection"`
	}
	tokenInput struct {
		AtRoom
		Body *newToken
	}
	token struct {
		Token     string    `json:"token" doc:"for the embedded element"`
		URL       string    `json:"url" doc:"for a browser; the token stands behind the #, which stays out of logs"`
		ExpiresAt time.Time `json:"expires_at" doc:"until when it lets its holder join; it ends no session, and whoever is in may come back"`
	}
	tokenOutput struct{ Body token }
)

// tokens are the operations on what lets one person in.
type tokens struct {
	records records
	links   Links
	origins origins
	notes   *notes
	now     func() time.Time
}

// create makes one person's way into a room.
func (o *tokens) create(ctx context.Context, in *tokenInput) (*tokenOutput, error) {
	asked := newToken{Role: meeting.RoleParticipant}
	if in.Body != nil {
		asked = *in.Body
	}
	rec, err := o.records.load(ctx, in.Room)
	if err == nil {
		err = o.mayJoin(rec.Room, o.records.sessionNow(rec.Room, rec.Session))
	}
	if err != nil {
		return nil, err
	}
	now := meeting.Instant(o.now()).Truncate(time.Second) // as tokens have it
	ticket := auth.Ticket{
		ID: rand.Text(), Room: rec.Room.ID, Role: asked.Role, Name: meeting.Clean(asked.Name),
		IssuedAt: now, ExpiresAt: now.Add(auth.MaxTicketLife),
	}
	if asked.UserRef != "" {
		ticket.Sub = meeting.UserSub(asked.UserRef)
	}
	text, err := o.links.Ticket(ticket)
	if err != nil {
		return nil, err
	}
	err = o.notes.record(ctx, event.Event{Kind: event.TokenMade, Room: ticket.Room, Who: event.Who{Ticket: ticket.ID}}, tokenMade{
		RoomID: ticket.Room, Role: ticket.Role, Name: ticket.Name, UserRef: asked.UserRef, ExpiresAt: ticket.ExpiresAt,
	})
	if err != nil {
		return nil, err
	}
	return &tokenOutput{token{
		Token: text, URL: o.origins.linked(ctx) + "/r/" + ticket.Room + "#" + text, ExpiresAt: ticket.ExpiresAt,
	}}, nil
}

// mayJoin refuses a token for a room that nobody can come into any more.
func (o *tokens) mayJoin(r meeting.Room, s *meeting.Session) error {
	if s != nil && s.Ending == nil {
		return nil
	}
	if s != nil && !r.Reusable {
		return over("the session of this room has ended; make another room", s.Ending)
	}
	_, err := meeting.Start(r, 1, o.now(), meeting.Person{})
	return err
}
