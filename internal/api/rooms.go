package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// extension are the settings of a room's extensions.
type extension struct {
	DefaultMinutes int              `json:"default_minutes,omitempty" minimum:"10" maximum:"30" doc:"what an extension is if nobody says how long; 15 if left out"`
	LatestEnd      *time.Time       `json:"latest_end,omitempty" doc:"a booking that follows: the session ends by then, extended or not"`
	By             meeting.ExtendBy `json:"by,omitempty" enum:"anyone,moderators" doc:"who may extend; viewers never may"`
}

// createInput is a request to make a room.
type createInput struct {
	origin string
	Body   struct {
		Name            string    `json:"name,omitempty" maxLength:"100" doc:"what people read"`
		DurationMinutes int       `json:"duration_minutes" minimum:"1" maximum:"1440" doc:"how long a session is, from the first person's entry"`
		Extension       extension `json:"extension,omitempty"`
	}
}

// Resolve notes the origin at which the request came. A page says it itself,
// and so rightly also where a proxy in front speaks HTTPS.
func (in *createInput) Resolve(ctx huma.Context) []error {
	if page, err := url.Parse(ctx.Header("Origin")); err == nil && page.Host == ctx.Host() && page.Scheme == "https" {
		in.origin = "https://" + page.Host
		return nil
	}
	scheme := "http"
	if ctx.TLS() != nil {
		scheme = "https"
	}
	in.origin = scheme + "://" + ctx.Host()
	return nil
}

// links lead into the room; a link's holder has its role.
type links struct {
	Moderator string `json:"moderator"`
	Guest     string `json:"guest"`
}

type createOutput struct {
	Location string `header:"Location"`
	Body     struct {
		ID              string    `json:"id"`
		Name            string    `json:"name"`
		DurationMinutes int       `json:"duration_minutes"`
		CreatedAt       time.Time `json:"created_at"`
		Extension       extension `json:"extension"`
		Links           links     `json:"links"`
	}
}

func (a *api) createRoom(ctx context.Context, in *createInput) (*createOutput, error) {
	now := meeting.Instant(a.cfg.Now())
	room := meeting.Room{
		ID: newRoomID(), Name: in.Body.Name, CreatedAt: now,
		Duration: in.Body.DurationMinutes, DefaultExtension: in.Body.Extension.DefaultMinutes,
		ExtendBy: in.Body.Extension.By, Minute: a.cfg.Minute,
	}
	if end := in.Body.Extension.LatestEnd; end != nil {
		room.LatestEnd = meeting.Instant(*end)
		if room.LatestEnd.Year() > 9999 { // which JSON cannot say
			return nil, problem(http.StatusUnprocessableEntity, protocol.CodeBadRequest, "latest_end is too far away; leave it out for no limit")
		}
		if !room.LatestEnd.After(now) {
			return nil, problem(http.StatusUnprocessableEntity, protocol.CodeTooLate, "latest_end has passed; give a time that is still to come")
		}
	}
	room, err := room.Validate()
	if err != nil {
		return nil, a.explain(err)
	}
	if err := a.cfg.Store.Create(ctx, room); err != nil {
		return nil, a.explain(err)
	}
	return a.created(room, in.origin)
}

func (a *api) created(room meeting.Room, origin string) (*createOutput, error) {
	if a.cfg.PublicURL != "" {
		origin = a.cfg.PublicURL
	}
	moderator, err := a.cfg.Links.Invitation(room, meeting.RoleModerator)
	if err != nil {
		return nil, a.explain(err)
	}
	guest, err := a.cfg.Links.Invitation(room, meeting.RoleParticipant)
	if err != nil {
		return nil, a.explain(err)
	}
	out := &createOutput{Location: "/api/v1/rooms/" + room.ID}
	out.Body.ID, out.Body.Name = room.ID, room.Name
	out.Body.DurationMinutes, out.Body.CreatedAt = room.Duration, room.CreatedAt
	out.Body.Extension = extension{DefaultMinutes: room.DefaultExtension, By: room.ExtendBy}
	if !room.LatestEnd.IsZero() {
		out.Body.Extension.LatestEnd = &room.LatestEnd
	}
	out.Body.Links = links{Moderator: origin + moderator, Guest: origin + guest}
	return out, nil
}

// newRoomID is 60 random bits in letters that are easy to read out.
func newRoomID() string { return strings.ToLower(rand.Text()[:12]) }
