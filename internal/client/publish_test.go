package client_test

import (
	"fmt"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// crowd is a room of people, and what was written in it.
func crowd(people, messages int) protocol.Welcome {
	v := newServer()
	w := v.welcome(protocol.Hello{Sending: []protocol.Source{protocol.Microphone}})
	for i := range people - len(w.People) {
		w.People = append(w.People, person(fmt.Sprint("p", i), fmt.Sprint("Person ", i), protocol.Microphone, protocol.Camera))
	}
	w.Chat = &protocol.Chat{Last: messages}
	for i := range messages {
		w.Chat.Messages = append(w.Chat.Messages, protocol.ChatMessage{Number: i + 1, At: serverBorn, Text: "As was said before",
			From: protocol.ChatAuthor{Participant: "p_asha", Name: "Asha"}})
	}
	w.Session.EndsAt = time.Now().Add(time.Hour)
	return w
}

func speaks(i int) protocol.ServerFrame {
	return protocol.ServerFrame{Epoch: 1, Seq: 1, Message: protocol.Speaking{IDs: []string{"p_asha", fmt.Sprint("p", i%40)}}}
}

// While people talk, every part of the View but the stage is the one before.
func TestWhoSpeaksChangesTheStageAlone(t *testing.T) {
	s := client.NewStill(newTab("token").browser(newServer()), crowd(50, 500))
	defer s.Close()
	s.Receive(speaks(1))
	before := s.View()
	s.Receive(speaks(2))
	after := s.View()
	if before.Stage == after.Stage || !after.Stage.Speaks("p2") {
		t.Error("the stage did not change")
	}
	before.Stage = after.Stage
	if before != after {
		t.Error("another part changed, too")
	}
	allocated := testing.AllocsPerRun(100, func() { s.Receive(speaks(3)) })
	if allocated > 30 {
		t.Errorf("%.0f allocations; a list of people or messages is made anew", allocated)
	}
}

// BenchmarkPublish is a change of who speaks, in a room of 50 with 500 messages.
func BenchmarkPublish(b *testing.B) {
	s := client.NewStill(newTab("token").browser(newServer()), crowd(50, 500))
	defer s.Close()
	var frames []protocol.ServerFrame
	for i := range 40 {
		frames = append(frames, speaks(i))
	}
	b.ReportAllocs()
	for i := range b.N {
		s.Receive(frames[i%len(frames)])
	}
}
