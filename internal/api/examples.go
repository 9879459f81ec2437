package api

import (
	"crypto/sha256"
	"fmt"
	"time"

	"overtime/internal/audit"
	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// The examples of the description tell one story: Asha's appointment, which is
// extended once and then ended by the reception.

const (
	exampleHost       = "https://meet.example"
	exampleRoomID     = "ridxqcs32ao7" // of its external_id
	exampleExternalID = "appointment-4711"
	exampleText       = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"
)

// exampleAt is an instant of the story, in minutes after its beginning.
func exampleAt(minutes int) time.Time {
	return time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func exampleNewRoom() newRoom {
	latest := exampleAt(60)
	return newRoom{
		Name: "Asha Rao and Dr Lind", DurationMinutes: 30, ExternalID: exampleExternalID,
		Extension: newExtension{DefaultMinutes: 15, LatestEnd: &latest, By: meeting.ExtendByAnyone}, Capacity: 4,
	}
}

func exampleRoom() room {
	link := exampleHost + "/r/" + exampleRoomID + "#" + exampleText
	return room{
		ID: exampleRoomID, ExternalID: exampleExternalID, Name: "Asha Rao and Dr Lind", DurationMinutes: 30,
		CreatedAt: exampleAt(-60), Extension: extension{DefaultMinutes: 15, LatestEnd: exampleAt(60), By: meeting.ExtendByAnyone},
		Capacity: 4, Links: links{Moderator: link, Guest: link},
		Chat: meeting.ChatByEveryone, ScreenShare: meeting.ScreenByAnyone,
	}
}

func exampleChanges() changes {
	name, latest := "Asha Rao and Dr Lind, follow-up", exampleAt(90)
	return changes{Name: &name, Extension: &extensionChanges{LatestEnd: latestEnd{true, &latest}}}
}

func exampleChangedRoom() room {
	r := exampleRoom()
	r.Name, r.Extension.LatestEnd = "Asha Rao and Dr Lind, follow-up", exampleAt(90)
	return r
}

func exampleNewToken() newToken {
	return newToken{Role: meeting.RoleParticipant, Name: "Asha Rao", UserRef: "patient-17"}
}

func exampleToken() token {
	return token{
		Token: exampleText, URL: exampleHost + "/r/" + exampleRoomID + "#" + exampleText, ExpiresAt: exampleAt(14),
	}
}

func exampleAsha() *control.Person { return &control.Person{Name: "Asha Rao", UserRef: "patient-17"} }

func exampleParticipant() control.Participant {
	return control.Participant{ID: "p_GQ2TKMZRGIYD", Name: "Asha Rao", Role: meeting.RoleParticipant, UserRef: "patient-17", JoinedAt: exampleAt(0)}
}

// exampleSession is the story up to its first window.
func exampleSession() control.Session {
	return control.Session{Number: 1, StartedAt: exampleAt(0), EndsAt: exampleAt(30), Ledger: []control.Entry{
		{Kind: meeting.EntryStarted, At: exampleAt(0), EndsAt: exampleAt(30), By: exampleAsha()},
		{Kind: meeting.EntryWindowOpened, At: exampleAt(20), EndsAt: exampleAt(30), Minutes: 10, Window: meeting.FirstWindow},
	}}
}

func exampleRunning() runningSession {
	return runningSession{
		Session: exampleSession(), ServerTime: exampleAt(22),
		Window: &openWindow{Name: meeting.FirstWindow, MinutesLeft: 8, GrantableMinutes: 30},
	}
}

func exampleExtend() extend {
	minutes, end := 15, exampleAt(30)
	return extend{Minutes: &minutes, EndsAt: &end, By: "Reception"}
}

func exampleGrant() grant { return grant{ExtendedMinutes: 15, EndsAt: exampleAt(45)} }

// exampleEnded is the whole story.
func exampleEnded() control.Session {
	s, by := exampleSession(), &control.Person{Name: "Reception"}
	s.EndsAt = exampleAt(45)
	s.Ledger = append(s.Ledger,
		control.Entry{Kind: meeting.EntryExtended, At: exampleAt(22), EndsAt: exampleAt(45), By: by, Minutes: 15, Window: meeting.FirstWindow},
		control.Entry{Kind: meeting.EntryWindowOpened, At: exampleAt(35), EndsAt: exampleAt(45), Minutes: 10, Window: meeting.FirstWindow},
		control.Entry{Kind: meeting.EntryEnded, At: exampleAt(38), EndsAt: exampleAt(45), By: by, Reason: meeting.ReasonEndedByAPI, Text: "The next patient is waiting."},
	)
	s.Ending = &control.Ending{Reason: meeting.ReasonEndedByAPI, EndedAt: exampleAt(38), By: by, Text: "The next patient is waiting."}
	return s
}

func exampleChat() chatPage {
	return chatPage{Messages: []chatMessage{
		{Number: 1, At: exampleAt(2), Participant: exampleParticipant().ID, From: exampleAsha(), Text: "The referral is on its way.\nIs there anything else?"},
		{Number: 2, At: exampleAt(3), Participant: "p_YTQ5ZDZ3ZW5x", From: &control.Person{Name: "Dr Lind"}, Deleted: protocol.DeletedByAuthor},
	}}
}

func exampleAudit() auditPage {
	return auditPage{Next: "712", Entries: []auditEntry{{audit.Stored{
		Seq: 712, Prev: exampleDigest("711"), Digest: exampleDigest("712"), Entry: audit.Entry{
			ID: exampleRoomID + "-6", At: exampleAt(22), Room: exampleRoomID, Kind: event.SessionExtended, Outcome: audit.Granted, Epoch: 1,
			Who: event.Who{Role: meeting.RoleService, Key: "portal", Op: "portal:extend-4711-1"},
		},
	}}}}
}

func exampleDigest(of string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(of))) }
