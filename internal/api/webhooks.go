package api

import (
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// What webhooks carry, for the description. Actors write it (rooms.news), with the
// fields of all kinds in one; a test holds what is sent to what is described.
type (
	// hook is the body of a webhook; its type is the event's kind.
	hook[Data any] struct {
		Type      event.Kind `json:"type" doc:"what happened"`
		Timestamp time.Time  `json:"timestamp" doc:"when it happened"`
		Data      Data       `json:"data" doc:"the facts"`
	}
	// AboutRoom is in each of them. It has a capital because the library sees no
	// others.
	AboutRoom struct {
		RoomID     string `json:"room_id" doc:"the room's id"`
		ExternalID string `json:"external_id,omitempty" doc:"what the portal calls the room"`
		RoomName   string `json:"room_name,omitempty" doc:"what people read"`
		Session    int    `json:"session" doc:"the session's number"`
	}
	sessionStarted struct {
		AboutRoom
		StartedAt time.Time       `json:"started_at" doc:"when the first person came in"`
		EndsAt    time.Time       `json:"ends_at" doc:"the scheduled end"`
		By        *control.Person `json:"by,omitempty" doc:"who came in"`
	}
	participantJoined struct {
		AboutRoom
		Participant control.Participant `json:"participant" doc:"who came in"`
	}
	participantLeft struct {
		AboutRoom
		Participant control.Participant `json:"participant" doc:"who is out"`
		LeftAt      time.Time           `json:"left_at" doc:"when"`
		Reason      protocol.LeftReason `json:"reason" enum:"left,lost,removed" doc:"whether they left, did not come back in time, or were removed"`
	}
	windowOpened struct {
		AboutRoom
		EndsAt      time.Time      `json:"ends_at" doc:"the scheduled end that an extension answers"`
		Window      meeting.Window `json:"window" enum:"first,final" doc:"first opens 10 minutes before the end, final 5 minutes before it"`
		MinutesLeft int            `json:"minutes_left" doc:"until the scheduled end, rounded up"`
		Grantable   int            `json:"grantable_minutes" doc:"the most an extension can be; 0 if latest_end leaves no room for one"`
	}
	sessionExtended struct {
		AboutRoom
		EndsAt   time.Time       `json:"ends_at" doc:"the new scheduled end"`
		Window   meeting.Window  `json:"window" enum:"first,final" doc:"the window that was answered"`
		Extended int             `json:"extended_minutes" doc:"by how much"`
		By       *control.Person `json:"by,omitempty" doc:"whose doing it was"`
	}
	sessionEnded struct {
		AboutRoom
		StartedAt time.Time       `json:"started_at" doc:"when the first person came in"`
		EndsAt    time.Time       `json:"ends_at" doc:"the scheduled end"`
		EndedAt   time.Time       `json:"ended_at" doc:"when it ended"`
		By        *control.Person `json:"by,omitempty" doc:"whose doing it was; absent if the time was up"`
		Reason    meeting.Reason  `json:"reason" enum:"expired,ended_by_moderator,ended_by_api" doc:"why"`
		Text      string          `json:"text,omitempty" doc:"what was said about it"`
		Ledger    []control.Entry `json:"ledger,omitempty" nullable:"false" doc:"what happened, in order"`
	}
)

// describeWebhooks adds what portals are told to the description.
func describeWebhooks(doc *huma.OpenAPI) {
	about := AboutRoom{RoomID: exampleRoomID, ExternalID: exampleExternalID, RoomName: exampleRoom().Name, Session: 1}
	ended := exampleEnded()
	doc.Webhooks = map[string]*huma.PathItem{}
	describeWebhook(doc, event.SessionStarted, "A session started", "The first person is in, and the time runs.",
		exampleAt(0), sessionStarted{about, exampleAt(0), exampleAt(30), exampleAsha()})
	describeWebhook(doc, event.ParticipantJoined, "Somebody joined", "They have a place. Coming back after a lost connection is no event.",
		exampleAt(0), participantJoined{about, exampleParticipant()})
	describeWebhook(doc, event.ParticipantLeft, "Somebody left", "They gave up their place, did not come back in time, or were removed. "+
		"A session's end is told once, and not by one of these for each.",
		exampleAt(9), participantLeft{about, exampleParticipant(), exampleAt(9), protocol.LeftRemoved})
	describeWebhook(doc, event.WindowOpened, "An extension window opened", "Whoever may extend can do it now, once.",
		exampleAt(20), windowOpened{about, exampleAt(30), meeting.FirstWindow, 10, 30})
	describeWebhook(doc, event.SessionExtended, "A session was extended", "By whom, by how much, until when.",
		exampleAt(22), sessionExtended{about, exampleAt(45), meeting.FirstWindow, 15, ended.Ending.By})
	describeWebhook(doc, event.SessionEnded, "A session ended", "Why, and everything that happened. It is the last event of its session.",
		exampleAt(38), sessionEnded{about, ended.StartedAt, ended.EndsAt, exampleAt(38), ended.Ending.By, ended.Ending.Reason, ended.Ending.Text, ended.Ledger})
	describeOptional(doc, about)
}

// describeWebhook adds one kind of event, with an example.
func describeWebhook[Data any](doc *huma.OpenAPI, kind event.Kind, summary, about string, at time.Time, example Data) {
	body := doc.Components.Schemas.Schema(reflect.TypeFor[hook[Data]](), true, "")
	said := doc.Components.Schemas.SchemaFromRef(body.Ref).Properties["type"] // of all kinds that carry the same
	said.Enum = append(said.Enum, string(kind))
	header := func(name, says string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: says, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	answer := func(says string) *huma.Response { return &huma.Response{Description: says} }
	doc.Webhooks[string(kind)] = &huma.PathItem{Post: &huma.Operation{
		OperationID: "hear-" + string(kind), Tags: []string{tagWebhooks}, Summary: summary,
		Description: about + " The request is signed as Standard Webhooks are.",
		Security:    []map[string][]string{}, // the signature is the portal's to check
		Parameters: []*huma.Param{
			header("webhook-id", "the event's id, the same each time it is sent: one that was had before is a repetition"),
			header("webhook-timestamp", "when this request was made, in seconds since 1970: refuse one that is minutes old"),
			header("webhook-signature", "signatures, separated by spaces: v1, and the HMAC-SHA256 of id.timestamp.body in base64; one that is right is enough"),
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: body, Example: hook[Data]{kind, at, example}},
		}},
		Responses: map[string]*huma.Response{
			strconv.Itoa(204): answer("It was taken; so says any answer from 200 to 299."),
			strconv.Itoa(410): answer("It will never be wanted, and is not sent again."),
			"default":         answer("It is sent again, ever more rarely, for three days."),
		},
	}}
}
