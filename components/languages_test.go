package components_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"overtime/components"
	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// another is a language in which every sentence is the English one in brackets.
func another(t *testing.T) *words.Catalogue {
	t.Helper()
	file := map[string]string{"@@locale": "en-XA"}
	for key, message := range words.English().Messages() {
		file[string(key)] = "⟦" + message + "⟧"
	}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := words.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	bracketed = regexp.MustCompile(`⟦[^⟦⟧]*⟧`)
	word      = regexp.MustCompile(`\p{L}{2}`)
	// data is what people wrote in this test, and names.
	data = regexp.MustCompile(`Overtime|Review|Asha|Cem|Dee|Eli|AS|CE|DE|EL|The lamp`)
)

// unsaid are the words of a page that did not come from the catalogue it was given.
func unsaid(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	look := func(text string) {
		rest := text
		for bracketed.MatchString(rest) { // one may be in another
			rest = bracketed.ReplaceAllString(rest, "")
		}
		if word.MatchString(data.ReplaceAllString(rest, "")) {
			found = append(found, text)
		}
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
				look(textOf(n)) // whole: a sentence may have elements in it
				break
			}
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "aria-label", "aria-description", "title", "placeholder", "alt", "data-also":
				look(a.Val)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return found
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	return b.String()
}

// TestEveryPageSpeaksItsLanguage: nothing on a page is in another language than
// the one that it was given.
func TestEveryPageSpeaksItsLanguage(t *testing.T) {
	w := another(t)
	now := time.Now()
	session := protocol.Session{StartedAt: now.Add(-time.Hour), EndsAt: now.Add(4 * time.Minute), Story: []protocol.StoryEntry{
		{Kind: meeting.EntryStarted, At: now.Add(-time.Hour), EndsAt: now},
		{Kind: meeting.EntryExtended, At: now, By: "Asha", Minutes: 15, EndsAt: now.Add(4 * time.Minute)},
	}}
	over := session
	over.Ending = &protocol.Ending{Reason: meeting.ReasonEndedByModerator, At: now, Text: "The lamp"}
	muted := client.DeviceView{On: true, Trouble: client.DeviceMuted}
	room := client.View{
		Phase: client.PhaseRoom,
		Me:    &client.Me{ID: "me", Name: "Eli", Role: meeting.RoleModerator},
		Room:  &client.Room{Room: protocol.Room{ID: "r", Name: "Review", Locked: true, DefaultExtension: 15}, Guests: "x"},
		Timeline: &client.Timeline{Session: session,
			Notice: meeting.Notice{Window: meeting.FinalWindow, EndsAt: session.EndsAt, MinutesLeft: 4, Grantable: 30}},
		Roster: &client.Roster{
			Slots: []client.Participant{{Self: true, ID: "me", Name: "Eli", Role: meeting.RoleModerator},
				{ID: "asha", Name: "Asha", Role: meeting.RoleViewer, Hand: 1}, {ID: "cem", Name: "Cem", Reconnecting: true}},
			Screens: []client.Screen{{Participant: "asha", Name: "Asha"}},
			Waiting: []client.Waiter{{ID: "dee", Name: "Dee"}}},
		Devices: &client.DevicesView{Microphone: muted, Camera: muted, Screen: client.ScreenView{On: true, Sound: true, Supported: true, Allowed: true}},
		Chat: &client.Chat{Unread: 2, Older: true, Messages: []protocol.ChatMessage{
			{Number: 2, At: now, From: protocol.ChatAuthor{Participant: "asha", Name: "Asha"}, Text: "The lamp"},
			{Number: 3, At: now, From: protocol.ChatAuthor{Participant: "cem", Name: "Cem"}, Deleted: protocol.DeletedByModerator}},
			Pending: []client.PendingMessage{{ID: 1, Text: "The lamp"}, {ID: 2, Text: "The lamp", Trouble: client.Trouble{Code: protocol.CodeUnavailable}}}},
		Reactions: &client.Reactions{Shown: []client.Reaction{{Participant: "asha", Name: protocol.ReactionWow, Count: 2}}},
		News:      &client.News{Toasts: []client.Toast{{ID: 1, Kind: client.ToastExtended, Minutes: 15, EndsAt: now}, {ID: 2, Kind: client.ToastLocked}}},
	}
	lobby := room
	lobby.Phase, lobby.Roster = client.PhaseLobby, &client.Roster{Here: 2}
	waiting := lobby
	waiting.Phase = client.PhaseWaiting
	for name, view := range map[string]client.View{
		"opening": {Phase: client.PhaseOpening},
		"lobby":   lobby, "waiting": waiting, "room": room,
		"left":   {Phase: client.PhaseLeft, Timeline: &client.Timeline{Session: session}},
		"ended":  {Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: over}},
		"closed": {Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeRemoved}},
	} {
		o := &opener{}
		p := uitest.Mount(t, components.NewMeeting(components.Program{Open: o.open, Words: w, Page: &uitest.Tab{}}))
		navigate(p, "/r/abc#token")
		o.sessions[0].Show(view)
		p.Settle()
		check := func(part string) {
			if left := unsaid(t, p.HTML()); len(left) > 0 {
				t.Errorf("%s%s: %q is in another language", name, part, left)
			}
		}
		check("")
		if name != "room" {
			continue
		}
		for _, opens := range []string{
			w.Say("people.button", words.Count("here", 3), words.Count("waiting", 1)),
			w.Say("people.remove.label", words.Text("name", "Asha")),
			w.Say("room.end"),
			w.Say("react.open"),
			w.Say("chat.button", words.Count("unread", 2)),
			w.Say("chat.delete.label", words.Text("name", "Asha"), words.Text("time", now.UTC().Format("15:04"))),
		} {
			p.Press("button", opens)
			check(", after a press on " + opens)
		}
	}
}
