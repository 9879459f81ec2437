package protocol_test

import (
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// The examples are frames of one meeting: an hour from nine, extended once by
// Asha and then ended by Ben.

func at(hour, minute int) time.Time { return time.Date(2026, 3, 4, hour, minute, 0, 0, time.UTC) }

var (
	minutes = 20

	room = protocol.Room{
		ID: "k3q7w2hd5xme", Name: "Weekly review", DurationMinutes: 60, DefaultExtension: 15,
		ExtendBy: meeting.ExtendByAnyone, LatestEnd: at(11, 0), MinuteMS: 60000,
		Capacity: 50, WaitingRoom: true, Locked: true,
		Chat: meeting.ChatByEveryone, ScreenShare: meeting.ScreenByAnyone,
	}
	started  = protocol.StoryEntry{Kind: meeting.EntryStarted, At: at(9, 0), By: "Asha", EndsAt: at(10, 0)}
	opened   = protocol.StoryEntry{Kind: meeting.EntryWindowOpened, At: at(9, 50), EndsAt: at(10, 0), Minutes: 10, Window: meeting.FirstWindow}
	extended = protocol.StoryEntry{Kind: meeting.EntryExtended, At: at(9, 52), By: "Asha", EndsAt: at(10, 20), Minutes: 20, Window: meeting.FirstWindow}
	ended    = protocol.StoryEntry{Kind: meeting.EntryEnded, At: at(10, 5), By: "Ben", EndsAt: at(10, 20)}

	session = protocol.Session{
		Number: 1, StartedAt: at(9, 0), EndsAt: at(10, 0), Story: []protocol.StoryEntry{started, opened},
	}
	over = protocol.Session{
		Number: 1, StartedAt: at(9, 0), EndsAt: at(10, 20),
		Story:  []protocol.StoryEntry{started, opened, extended, ended},
		Ending: &protocol.Ending{Reason: meeting.ReasonEndedByModerator, At: at(10, 5), By: "Ben", Text: "All done, thank you"},
	}
	asha = protocol.Person{
		ID: "p_7gk2mq4xw3ra", Name: "Asha", Role: meeting.RoleParticipant,
		Sending: []protocol.Source{protocol.Microphone, protocol.Camera},
	}
	ben = protocol.Person{
		ID: "p_q5tz6hvn2bcd", Name: "Ben", Role: meeting.RoleModerator,
		Sending: []protocol.Source{protocol.Microphone}, Reconnecting: true,
		Attributes: map[string]string{protocol.AttributeHand: "2026-03-04T09:51:30.250Z"},
	}
	hello   = protocol.ChatMessage{Number: 1, At: at(9, 2), From: protocol.ChatAuthor{Participant: ben.ID, Name: "Ben"}, Deleted: protocol.DeletedByModerator}
	minuted = protocol.ChatMessage{
		Number: 2, At: at(9, 3), From: protocol.ChatAuthor{Participant: asha.ID, Name: "Asha"},
		Text: "The minutes are here:\nhttps://example.org/minutes",
	}
	chat   = protocol.Chat{Last: 2, Messages: []protocol.ChatMessage{hello, minuted}}
	waiter = protocol.Waiter{ID: "w_m4dq7xk2pc5n", Name: "Cem"}
	notice = meeting.Notice{Window: meeting.FirstWindow, EndsAt: at(10, 0), MinutesLeft: 8, Grantable: 30}
)

// clientExamples holds a filled example of every message from a browser.
var clientExamples = []protocol.ClientMessage{
	protocol.Peek{Room: room.ID, Token: "eyJhbGciOiJIUzI1NiIs…"},
	protocol.Hello{
		Room: room.ID, Token: "eyJhbGciOiJIUzI1NiIs…", Name: "Asha",
		Sending: []protocol.Source{protocol.Microphone, protocol.Camera},
	},
	protocol.Leave{},
	protocol.Extend{Window: at(10, 0), Minutes: &minutes},
	protocol.End{Reason: "All done, thank you"},
	protocol.Remove{Participant: asha.ID},
	protocol.Admit{Waiting: waiter.ID},
	protocol.Deny{Waiting: waiter.ID},
	protocol.Lock{Locked: true},
	protocol.RenewLink{},
	protocol.AskClock{},
	protocol.Offer{
		SDP:     "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n…",
		Sources: map[string]protocol.Source{"0": protocol.Microphone, "1": protocol.Camera},
	},
	protocol.Sending{Sources: []protocol.Source{protocol.Microphone, protocol.Screen}},
	protocol.Show{Pictures: []protocol.Picture{{Participant: ben.ID, Source: protocol.Camera, Height: 360}}},
	protocol.SetAttribute{Name: protocol.AttributeHand, Value: protocol.HandUp},
	protocol.LowerHands{},
	protocol.React{Name: protocol.ReactionClap},
	protocol.SendChat{Text: minuted.Text},
	protocol.DeleteChat{Number: 1},
	protocol.PageChat{Before: 120, Limit: 50},
}

// serverExamples holds a filled example of every message from the server.
var serverExamples = []protocol.ServerMessage{
	protocol.RoomState{
		Room: room, Session: &session, People: 2, ServerTime: at(9, 52), Role: meeting.RoleParticipant, Name: "Asha",
		Pass: "eyJhbGciOiJIUzI1NiIs…",
	},
	protocol.Welcome{
		Room: room, Session: session, ServerTime: at(9, 52), You: asha,
		Resume: "eyJhbGciOiJIUzI1NiIs…", Guests: "/r/" + room.ID + "#eyJhbGciOiJIUzI1NiIs…",
		People: []protocol.Person{ben, asha}, Notice: &notice, Speaking: []string{ben.ID},
		Waiting: []protocol.Waiter{waiter}, Chat: &chat,
		Media: protocol.Media{Instance: "m_5f1c", AudioSeats: 5, VideoSeats: 9},
	},
	protocol.Over{Room: room, Session: over, ServerTime: at(10, 30)},
	protocol.OK{Grant: &meeting.Grant{Minutes: 20, EndsAt: at(10, 20)}},
	protocol.Error{
		Code: protocol.CodeAlreadyExtended, Message: "the meeting has been extended already; there is nothing left to do",
		By: "Asha", Minutes: 20, EndsAt: at(10, 20),
	},
	protocol.PersonJoined{Person: asha},
	protocol.PersonChanged{Person: ben},
	protocol.PersonLeft{ID: ben.ID, Reason: protocol.LeftLost},
	protocol.WindowOpened{Notice: notice},
	protocol.SessionExtended{Entry: extended},
	protocol.SessionEnded{Session: over},
	protocol.RoomChanged{Room: room, Notice: &notice},
	protocol.Waiting{Room: room, ServerTime: at(9, 52), Pass: "eyJhbGciOiJIUzI1NiIs…"},
	protocol.Admitted{},
	protocol.PeopleWaiting{People: []protocol.Waiter{waiter}},
	protocol.GuestLink{Guests: "/r/" + room.ID + "#eyJhbGciOiJIUzI1NiIs…"},
	protocol.Speaking{IDs: []string{ben.ID, asha.ID}},
	protocol.Seating{
		Audio: []protocol.Seat{{Mid: "4", Participant: ben.ID, Source: protocol.Microphone}, {Mid: "5"}},
		Video: []protocol.Seat{{Mid: "9", Participant: ben.ID, Source: protocol.Camera}},
	},
	protocol.MediaLost{},
	protocol.GoingAway{RetryMS: 300},
	protocol.Reactions{Reactions: []protocol.Reaction{
		{Participant: asha.ID, Name: protocol.ReactionClap, Count: 3}, {Participant: ben.ID, Name: protocol.ReactionHeart, Count: 1},
	}},
	protocol.ChatSent{Message: minuted},
	protocol.ChatDeleted{Number: 1, ByModerator: true},
}

// leftOut are the fields that an example rightly leaves empty.
var leftOut = map[string]string{
	"hello.Resume":           "stands in the place of a token",
	"hello.Again":            "is of a browser that was there before",
	"ok.SDP":                 "answers media.offer only",
	"ok.Clock":               "answers clock.ask only",
	"ok.Message":             "answers chat.send only",
	"ok.Chat":                "answers chat.page only",
	"person.set.Participant": "is for moderators only",
	"error.OpensAt":          "goes with no_window only",
}
