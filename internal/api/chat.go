package api

import (
	"context"
	"errors"
	"strconv"
	"time"

	"overtime/internal/chatlog"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// Chats gives what was written in sessions; see chatlog.Log.
type Chats interface {
	Read(ctx context.Context, s chatlog.Session, r chatlog.Range) (chatlog.Part, error)
}

type (
	chatMessage struct {
		Number      int                `json:"number" doc:"1 for the session's first"`
		At          time.Time          `json:"at" doc:"when it was written"`
		From        *control.Person    `json:"from,omitempty" doc:"who wrote it, under the name of that time"`
		Participant string             `json:"participant" doc:"their id of that time"`
		Text        string             `json:"text,omitempty" doc:"as it was written, with line breaks; absent once it was deleted"`
		Deleted     protocol.DeletedBy `json:"deleted,omitempty" enum:"author,moderator" doc:"by whom it was deleted, a portal being a moderator; absent if it was not"`
	}
	chatPage struct {
		Messages []chatMessage `json:"messages" nullable:"false" doc:"in the order in which they were written"`
		Next     string        `json:"next,omitempty" doc:"after for the next page; absent on the last"`
	}
	chatOutput struct{ Body chatPage }
	chatInput  struct {
		AtSession
		After int `query:"after" minimum:"0" doc:"the number after which the page begins: next of the page before"`
		Limit int `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"how many messages at most"`
	}
	messageInput struct {
		AtSession
		Message int `path:"message" minimum:"1" doc:"the message's number"`
	}
)

// chats are the operations on what was written.
type chats struct {
	kept    Chats // nil: nothing is
	records records
	actors  *actors
}

// read gives a page of what was written in a session.
func (o chats) read(ctx context.Context, in *chatInput) (*chatOutput, error) {
	rec, err := o.records.load(ctx, in.Room)
	switch {
	case err != nil:
		return nil, err
	case rec.Session == nil || rec.Session.Number < in.Number:
		return nil, refusal(protocol.CodeNotFound, "the room has no session of that number")
	}
	page := chatPage{Messages: []chatMessage{}}
	if o.kept == nil {
		return &chatOutput{page}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	after := min(in.After, chatlog.MaxMessages)
	part, err := o.kept.Read(ctx, chatlog.Session{Room: in.Room, Number: in.Number}, chatlog.Range{
		Before: after + in.Limit + 1, Limit: in.Limit, Bytes: chatlog.MaxBytes,
	})
	if err != nil {
		return nil, errors.Join(store.ErrUnavailable, err)
	}
	for _, m := range part.Messages {
		if m.Number > after {
			page.Messages = append(page.Messages, chatMessageOf(m))
		}
	}
	if last := after + in.Limit; last < part.Last {
		page.Next = strconv.Itoa(last)
	}
	return &chatOutput{page}, nil
}

func chatMessageOf(m chatlog.Message) chatMessage {
	return chatMessage{
		Number: m.Number, At: m.At, From: control.PersonOf(meeting.Person{Sub: m.Sub, Name: m.From.Name}),
		Participant: m.From.Participant, Text: m.Text, Deleted: m.Deleted,
	}
}

// delete takes a message's text away for good, and has people told.
func (o chats) delete(ctx context.Context, in *messageInput) (*struct{}, error) {
	_, err := o.actors.do(ctx, in.Room, control.Command{DeleteChat: &control.DeleteChat{Session: in.Number, Number: in.Message}})
	return nil, err
}
