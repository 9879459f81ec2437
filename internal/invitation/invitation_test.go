package invitation_test

import (
	"strings"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/invitation"
	"overtime/internal/meeting"
)

const room = "abcdef234567"

// real is a token as the server makes it.
func real(t testing.TB) string {
	t.Helper()
	k, err := auth.NewKeyring(auth.Key{ID: "k1", Secret: []byte(strings.Repeat("s", auth.MinSecret))})
	if err != nil {
		t.Fatal(err)
	}
	path, err := k.Invitation(meeting.Room{ID: room, CreatedAt: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}, meeting.RoleParticipant)
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(path, "#")
	return token
}

// TestLinksAsTheyArrive: each form names the room and the whole token, and
// nothing else.
func TestLinksAsTheyArrive(t *testing.T) {
	token := real(t)
	upper := strings.ToUpper(room)
	for _, link := range []string{
		"/r/" + room + "#" + token,
		"/r/" + room + "/#" + token,
		"/r/" + room + "//#" + token,
		"/r/" + upper + "#" + token,
		"/R/" + upper + "/#" + token,
		"/r/" + room + "%23" + token,
		"/r/" + room + "%2523" + token,
		"/r/" + room + "%252523" + token,
		"/r/" + room + "/%23" + token + ".",
		"/r/" + room + "%20#" + token,
		"/r/" + room + "?fbclid=IwAR0x_-y#" + token,
		"/r/" + room + "&utm_source=mail#" + token,
		"/r/" + room + "#" + token + ".",
		"/r/" + room + "#" + token + "...",
		"/r/" + room + "#" + token + ",",
		"/r/" + room + "#" + token + ")",
		"/r/" + room + "#" + token + ").",
		"/r/" + room + "#" + token + ">",
		"/r/" + room + "#" + token + "%3E",
		"/r/" + room + "#" + token + "]",
		"/r/" + room + "#" + token + "\"",
		"/r/" + room + "#" + token + "’",
		"/r/" + room + "#" + token + "%E2%80%9D",
		"/r/" + room + "#" + token + "。",
		"/r/" + room + "#" + token + "\u200b",
		"/r/" + room + "#" + token + " ",
		"/r/" + room + "#" + token + "%20",
		"/r/" + room + "#" + token + "%0D%0A",
		"/r/" + room + "#" + token + "%",
		"/r/" + room + "#" + token + "%2",
		"/r/" + room + "#" + token + "*",
		"/r/" + room + "#" + token + "_",
		"/r/" + room + "#" + token + "__",
		"/r/" + room + "#" + token + "/",
		"/r/" + room + "#" + token + "&utm_source=mail&utm_campaign=x.y.z",
		"/r/" + room + "#" + token + "?fbclid=IwAR0x_-y",
		"/r/" + room + "#" + token + ";jsessionid=1",
		"/r/" + room + "#" + token + "#" + token,
		"/r/" + room + "#%20" + token,
		"/r/" + room + "#?utm_source=www.example.org&" + token,
		"/r/" + room + "#token=" + token,
		"/r/" + room + "#" + strings.ReplaceAll(token, ".", "%2E"),
		"/r/" + room + "#" + strings.ReplaceAll(token, ".", "%252e"),
		"  https://meet.example.org/r/" + room + "#" + token + "\n",
		"https://meet.example.org/r/" + room + "%23" + token,
	} {
		a, _, ok := invitation.ParseURL(link)
		if !ok || a.Room != room || a.Token != token || a.Path() != "/r/"+room || a.String() != "/r/"+room+"#"+token {
			t.Errorf("%q: %v, %s, %q", strings.ReplaceAll(link, token, "TOKEN"), ok, a.Path(), strings.ReplaceAll(a.Token, token, "TOKEN"))
		}
	}
}

// TestAddressesOfOtherPages: what is no room's page stays what it is.
func TestAddressesOfOtherPages(t *testing.T) {
	for _, path := range []string{"", "/", "/r", "/r/", "/r//", "/r/%20", "/r/#", "/r/" + room + "/people", "/web/r/" + room, "/rooms/" + room, "/ws"} {
		if a, ok := invitation.Parse(path, ""); ok {
			t.Errorf("%q is the page of %q", path, a.Room)
		}
	}
	a, ok := invitation.Parse("/Embed/"+strings.ToUpper(room)+"/", "")
	if !ok || a.Path() != "/embed/"+room || a.Token != "" {
		t.Errorf("an embedded page: %v, %+v", ok, a)
	}
}

// TestWhatIsNoToken reaches the server as it is, but for its surroundings.
func TestWhatIsNoToken(t *testing.T) {
	token := real(t)
	parts := strings.Split(token, ".")
	for text, want := range map[string]string{
		"":                                "",
		".":                               "",
		"%20":                             "",
		" ) ":                             "",
		"www.example.org":                 "www.example.org",
		"damaged,":                        "damaged",
		parts[0] + "." + parts[1]:         parts[0] + "." + parts[1],
		parts[0] + "." + parts[1] + ".":   parts[0] + "." + parts[1],
		parts[0] + "." + parts[1] + ".cu": parts[0] + "." + parts[1] + ".cu",
		"a." + token:                      token,
		token[:len(token)-1]:              token[:len(token)-1],
	} {
		if got := invitation.Token(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	token := real(f)
	f.Add("/r/"+room+"/", token+").")
	f.Add("/r/"+room+"%2523"+token, "")
	f.Add("/embed/%", "%%2%%32")
	f.Fuzz(func(t *testing.T, path, fragment string) {
		a, ok := invitation.Parse(path, fragment)
		if !ok {
			return
		}
		path, fragment, _ = strings.Cut(a.String(), "#")
		again, ok := invitation.Parse(path, fragment)
		if !ok || again != a {
			t.Errorf("%+v is read as %+v, %v", a, again, ok)
		}
		// Whatever stands around a token, the same token is found.
		if with, ok := invitation.Parse(a.Path(), token+"&"+fragment); !ok || with.Token != token {
			t.Errorf("got %q", with.Token)
		}
	})
}
