package home

import (
	"context"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// maker makes meetings, or fails with err.
type maker struct {
	asked []client.NewMeeting
	err   error
	last  client.Created
}

func (m *maker) Last() client.Created { return m.last }

func (m *maker) Forget(id string) {
	if m.last.ID == id {
		m.last = client.Created{}
	}
}

func (m *maker) Create(_ context.Context, n client.NewMeeting) (client.Created, error) {
	m.asked = append(m.asked, n)
	if m.err != nil {
		return client.Created{}, m.err
	}
	m.last = client.Created{ID: "r1", ModeratorLink: "https://m/r/r1#mod", GuestLink: "https://m/r/r1#guest", Minutes: n.Minutes}
	return m.last, nil
}

func TestPrerenderedPageHasNoIDsButReads(t *testing.T) {
	page := uitest.Parse(t, app.HTMLString(New(nil, nil, false, nil)))
	if ids := page.All(); len(ids) != 0 {
		t.Errorf("ids before the program works: %v", ids)
	}
	for _, want := range []string{"Meetings that end on time.", "Create meeting", "Length in minutes", "Other"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("%q is not there", want)
		}
	}
}

func TestWhereAPortalMakesTheMeetingsNoneIsOffered(t *testing.T) {
	m := &maker{last: client.Created{ID: "r1"}}
	says := "Meetings on this server are made by its portal. Open the link you were sent."
	prerendered := uitest.Parse(t, app.HTMLString(New(nil, nil, true, nil)))
	if ids := prerendered.All(); len(ids) != 0 || !strings.Contains(prerendered.Text(), says) {
		t.Errorf("prerendered: %v, %q", ids, prerendered.Text())
	}
	p := uitest.Mount(t, New(m, nil, true, nil))
	if !strings.Contains(p.Must("portal-only").Text(), says) {
		t.Errorf("it says %q", p.Text())
	}
	for _, text := range []string{prerendered.Text(), p.Text()} {
		if strings.Contains(text, "Create") || strings.Contains(text, "Set a length") {
			t.Errorf("a meeting is offered: %q", text)
		}
	}
	if p.Find("create-meeting") != nil {
		t.Error("the form is there")
	}
}

func TestMountedPageWorks(t *testing.T) {
	p := uitest.Mount(t, New(&maker{}, nil, false, nil))
	for _, id := range []string{"create-meeting", "duration-5", "duration-15", "duration-30", "duration-45",
		"duration-60", "duration-90", "duration-other"} {
		p.Must(id)
	}
}

func TestCreateShowsBothLinks(t *testing.T) {
	m, tab := &maker{}, &uitest.Tab{}
	p := uitest.Mount(t, New(m, tab, false, nil))
	p.MustRole("textbox", "Name").Write("  Review ")
	p.Press("radio", "15 minutes")
	p.Press("button", "Create meeting")
	if len(m.asked) != 1 || m.asked[0] != (client.NewMeeting{Name: "Review", Minutes: 15}) {
		t.Fatalf("asked for %+v", m.asked)
	}
	if got := p.Must("moderator-link").Attr("value"); got != "https://m/r/r1#mod" {
		t.Errorf("moderators' link: %q", got)
	}
	if got := p.Must("guest-link").Attr("value"); got != "https://m/r/r1#guest" {
		t.Errorf("guests' link: %q", got)
	}
	if got := p.Must("open-moderator").Attr("href"); got != "https://m/r/r1#mod" {
		t.Errorf("open as moderator leads to %q", got)
	}
	if p.Find("create-meeting") != nil {
		t.Error("the form is still there")
	}
}

// TestAMeetingIsMadeByPresses: as a person does it, who cannot press twice.
func TestAMeetingIsMadeByPresses(t *testing.T) {
	m := &maker{}
	h := New(m, nil, false, nil)
	p := uitest.Mount(t, h)
	p.MustRole("textbox", "Name").Write("Review")
	p.Press("radio", "15 minutes")
	h.creating = true
	p.Do(h, func(app.Context) {})
	if b := p.MustRole("button", "Creating…"); !b.Busy() || b.Why() != words.English().Say("why.waits") {
		t.Errorf("while one is made: busy %t because %q", b.Busy(), b.Why())
	}
	p.MustRole("textbox", "Name").Submit()
	h.creating = false
	p.Do(h, func(app.Context) {})
	p.Press("button", "Create meeting")
	if len(m.asked) != 1 || m.asked[0] != (client.NewMeeting{Name: "Review", Minutes: 15}) {
		t.Errorf("asked for %+v", m.asked)
	}
	p.MustRole("button", "Copy: For your guests")
}

func TestRefusalIsToldInWordsAndCanBeTriedAgain(t *testing.T) {
	m := &maker{err: protocol.Error{Code: client.TroubleOffline}}
	p := uitest.Mount(t, New(m, nil, false, nil))
	p.Press("button", "Create meeting")
	if want := ui.NotCreated(nil, client.TroubleOffline); !strings.Contains(p.Text(), want) {
		t.Errorf("%q is not shown", want)
	}
	m.err = nil
	p.Press("button", "Create meeting")
	p.Must("guest-link")
}

func TestEarlyPressIsCarriedOut(t *testing.T) {
	m := &maker{}
	h := New(m, nil, false, nil)
	h.early = true // OnInit finds nothing outside a browser
	h.length.choose("45")
	p := uitest.Mount(t, &kept{h})
	p.Settle()
	if len(m.asked) != 1 || m.asked[0].Minutes != 45 {
		t.Errorf("asked for %+v", m.asked)
	}
}

// kept is a Home whose OnInit does not look into a page.
type kept struct{ *Home }

func (kept) OnInit() {}

func TestOtherLengths(t *testing.T) {
	for text, want := range map[string]int{"1": 1, "1440": 1440, " 25 ": 25, "0": 0, "1441": 0, "": 0, "2.5": 0, "ten": 0, "-5": 0} {
		l := length{choice: otherChoice, other: ui.Written(text)}
		got, ok := l.check()
		if got != want || ok != (want != 0) || ok != (l.trouble == "") {
			t.Errorf("%q: %d %t %q", text, got, ok, l.trouble)
		}
	}
}

func TestBadLengthAsksNobody(t *testing.T) {
	m := &maker{}
	p := uitest.Mount(t, New(m, nil, false, nil))
	p.Press("radio", "Other")
	p.MustRole("textbox", "Length in minutes").Write("1441")
	p.Press("button", "Create meeting")
	if len(m.asked) != 0 || !strings.Contains(p.Text(), "from 1 to 1440") {
		t.Errorf("asked %v; text %q", m.asked, p.Text())
	}
	if !p.Must("duration-minutes").Has("aria-invalid") {
		t.Error("the field does not say that it is wrong")
	}
}

func TestCopySaysSoOrMarksTheLink(t *testing.T) {
	tab := &uitest.Tab{}
	l := &links{Created: client.Created{ID: "r", GuestLink: "https://m/r/r#g"}, Page: tab}
	p := uitest.Mount(t, l)
	p.Press("button", "Copy: For your guests")
	if tab.Copied != "https://m/r/r#g" || p.Must("copy-guest-link").Text() != "Copied" {
		t.Errorf("copied %q, button %q", tab.Copied, p.Must("copy-guest-link").Text())
	}
	tab.CopyError = context.Canceled
	p.Press("button", "Copied: For your guests")
	if !strings.Contains(p.Text(), "Copying was not possible") {
		t.Error("the failure is not told")
	}
}

func TestTheLinksComeBackUntilAnotherMeeting(t *testing.T) {
	m := &maker{}
	if _, err := m.Create(context.Background(), client.NewMeeting{Minutes: 45}); err != nil {
		t.Fatal(err)
	}
	p := uitest.Mount(t, New(m, nil, false, nil))
	if got := p.Must("moderator-link").Attr("value"); got != "https://m/r/r1#mod" {
		t.Errorf("moderators' link: %q", got)
	}
	if want := "runs for 45 minutes."; !strings.Contains(p.Text(), want) {
		t.Errorf("%q is not in %q", want, p.Text())
	}
	p.Press("button", "Create another meeting")
	p.Must("create-meeting")
	uitest.Mount(t, New(m, nil, false, nil)).Must("create-meeting")
}
