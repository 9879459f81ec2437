package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/control"
	"overtime/internal/event"
)

// What webhooks carry that portals have to ask for, for the description.
type (
	aboutParticipant struct {
		AboutRoom
		Participant control.Participant `json:"participant" doc:"who it is about"`
	}
	chatWritten struct {
		AboutRoom
		Chat writtenMessage `json:"chat" doc:"what was written"`
	}
	writtenMessage struct {
		Number      int             `json:"number" doc:"1 for the session's first"`
		At          time.Time       `json:"at" doc:"when it was written"`
		From        *control.Person `json:"from,omitempty" doc:"who wrote it"`
		Participant string          `json:"participant" doc:"their id"`
		Text        string          `json:"text" doc:"as it was written, with line breaks"`
	}
)

// describeOptional adds what portals are told that ask for it.
func describeOptional(doc *huma.OpenAPI, about AboutRoom) {
	const asked = " Only for who names this kind beside the address and the secret; after a crash of the server one may be missing."
	who := aboutParticipant{about, exampleParticipant()}
	describeWebhook(doc, event.HandRaised, "A hand was raised", "Hands are in the order in which they were raised."+asked, exampleAt(5), who)
	describeWebhook(doc, event.HandLowered, "A hand was lowered", "By whose it is or by a moderator. A hand is down, too, once its participant left."+asked, exampleAt(6), who)
	describeWebhook(doc, event.ScreenShared, "A screen is shared", "Others may be shared at the same time."+asked, exampleAt(7), who)
	describeWebhook(doc, event.ScreenStopped, "A screen is shared no more", "It is not, too, once its participant left."+asked, exampleAt(8), who)
	m := exampleChat().Messages[0]
	describeWebhook(doc, event.ChatMessage, "Something was written", "What was missed is read with read-chat."+asked, m.At,
		chatWritten{about, writtenMessage{m.Number, m.At, m.From, m.Participant, m.Text}})
}
