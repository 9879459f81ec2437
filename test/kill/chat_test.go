package kill_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"

	"overtime/internal/bus"
	"overtime/internal/chatlog"
	"overtime/internal/protocol"
)

// noteIDs begin the ids of what people write.
const noteIDs = "note-"

// note is what somebody writes at the opening of a window, and sends again, over one
// connection after the other, until there is an answer.
type note struct {
	op    string // its text as well
	again bool   // it was answered, and is sent once more
}

// say writes something, unless it waits for the answer to what was written before.
func (v *visit) say() (on bool) {
	if v.note == nil {
		v.notes++
		v.note = &note{op: fmt.Sprintf("%s%s-%d", noteIDs, v.name, v.notes)}
	}
	return v.send(v.note.op, protocol.SendChat{Text: v.note.op})
}

// said takes the answer to what was written. What could not be kept is sent again at
// the next window.
func (v *visit) said(f protocol.ServerFrame) (on bool) {
	if v.note == nil || v.note.op != f.ID {
		return true
	}
	switch m := f.Message.(type) {
	case protocol.OK:
		if m.Message == nil {
			v.act.broken("%s wrote %s and is answered %+v", v.name, f.ID, m)
			return false
		}
		v.act.wrote(v.name, f.ID, *m.Message)
	case protocol.Error:
		switch m.Code {
		case protocol.CodeUnavailable, protocol.CodeUnknown, protocol.CodeNotJoined:
			return false // not known, or of a node that took the room over since
		}
		v.act.broken("%s may not write: %v", v.name, m)
	}
	again := !v.note.again && rand.N(3) == 0
	if v.note = nil; again { // as somebody whose answer was lost could
		v.note = &note{op: f.ID, again: true}
		return v.say()
	}
	return true
}

// reads applies what was written before, as a welcome has it.
func (v *visit) reads(epoch uint64, chat *protocol.Chat) {
	v.chat, v.chatEpoch = 0, epoch
	if chat == nil {
		return
	}
	for _, m := range chat.Messages {
		v.act.read(v.name, m)
	}
	v.chat = chat.Last
}

// hears applies a message: each comes once, after the one before it. The first of
// another owner, before the connection is closed for that, may come after one that was
// missed, or be one that the owner before has told.
func (v *visit) hears(epoch uint64, m protocol.ChatMessage) {
	if m.Number != v.chat+1 && epoch == v.chatEpoch {
		v.act.broken("%s heard %d, %s, after number %d of the chat", v.name, m.Number, m.Text, v.chat)
	}
	v.chat, v.chatEpoch = m.Number, epoch
	v.act.read(v.name, m)
}

// wrote notes what was acknowledged, read what anybody was told of.
func (a *act) wrote(who, op string, m protocol.ChatMessage) {
	a.read(who, m)
	a.mu.Lock()
	before, again := a.acknowledged[op]
	a.acknowledged[op] = m.Number
	a.figures.written++
	a.mu.Unlock()
	if again && before != m.Number || m.Text != op {
		a.broken("%s wrote %s, which is number %d, and before was %d: %s", who, op, m.Number, before, m.Text)
	}
}

func (a *act) read(who string, m protocol.ChatMessage) {
	a.mu.Lock()
	before, known := a.texts[m.Number]
	a.texts[m.Number] = m.Text
	a.mu.Unlock()
	if known && before != m.Text {
		a.broken("%s reads %s as number %d, which was %s", who, m.Text, m.Number, before)
	}
}

// checkChat compares what is kept of a chat with what people were told: what was
// acknowledged is there, once, and so is what anybody has read.
func (a *act) checkChat() {
	a.t.Helper()
	seen := map[string]int{}
	chat := a.server.mustReadChat(a.room.ID)
	for i, m := range chat.Messages {
		if m.Number != i+1 {
			a.t.Errorf("promise broken: number %d of the chat stands in place of %d", m.Number, i+1)
		}
		if seen[m.Text] > 0 || !strings.HasPrefix(m.Text, noteIDs) {
			a.t.Errorf("promise broken: %s is there as number %d and as number %d", m.Text, seen[m.Text], m.Number)
		}
		seen[m.Text] = m.Number
	}
	for op, number := range a.acknowledged {
		if seen[op] != number {
			a.t.Errorf("promise broken: %s was acknowledged as number %d, and is %d", op, number, seen[op])
		}
	}
	for number, text := range a.texts {
		if seen[text] != number {
			a.t.Errorf("promise broken: %s was read as number %d, and is %d", text, number, seen[text])
		}
	}
}

// mustReadChat reads the chat of a room's first session, while no server lives.
func (s *server) mustReadChat(id string) protocol.Chat {
	s.t.Helper()
	b, err := bus.Open(bus.Config{Folder: s.folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		s.t.Fatal(err)
	}
	defer b.Close()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	log, err := chatlog.Open(ctx, b.JetStream(), chatlog.Config{})
	if err != nil {
		s.t.Fatal(err)
	}
	chat, err := log.Page(ctx, chatlog.Session{Room: id, Number: 1}, chatlog.Range{Limit: chatlog.MaxMessages, Bytes: chatlog.MaxBytes})
	if err != nil {
		s.t.Fatal(err)
	}
	return chat
}
