package browser

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/golang-jwt/jwt/v5"

	"context"
)

// TestSixPeople: everyone sees and hears the five others.
func TestSixPeople(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	names := []string{"Asha", "Jun", "Maya", "Noor", "Tomás", "Ana"}
	var tabs []*tab
	for _, name := range names {
		p := c.open(name, r.Links.Guest)
		p.join(name)
		tabs = append(tabs, p)
	}
	for i, p := range tabs {
		p.hearsAndSees(5)
		p.seesMoving(names[(i+1)%len(names)])
	}
}

// TestWhoSpeaks: whoever speaks is marked in everybody's page, until they stop.
func TestWhoSpeaks(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(60)
	voice := startChromium(t, chromedp.Flag("use-file-for-fake-audio-capture", writeVoice(t)))
	asha := voice.open("asha", r.Links.Moderator)
	asha.join("Asha")
	jun := startChromium(t).open("jun", r.Links.Guest)
	jun.join("Jun")
	speaks := `document.querySelector('[data-name="Asha"]').classList.contains('speaking')`
	jun.until("Asha to be marked as speaking", speaks)
	asha.press("mic")
	jun.until("Asha to be marked as silent", "!"+speaks)
	asha.press("mic")
	jun.until("Asha to be marked as speaking again", speaks)
}

// writeVoice makes a sound file with the loudness of somebody who talks on and
// on: a hum of 150 Hz with overtones, in syllables.
func writeVoice(t *testing.T) string {
	t.Helper()
	const rate, seconds = 48000, 10
	var wav bytes.Buffer
	put := func(v any) { _ = binary.Write(&wav, binary.LittleEndian, v) } // a buffer takes everything
	wav.WriteString("RIFF")
	put(uint32(36 + 2*rate*seconds))
	wav.WriteString("WAVEfmt ")
	put(uint32(16))
	put([]uint16{1, 1}) // PCM, one channel
	put([]uint32{rate, 2 * rate})
	put([]uint16{2, 16})
	wav.WriteString("data")
	put(uint32(2 * rate * seconds))
	for i := range rate * seconds {
		at := float64(i) / rate
		syllable := 0.6 + 0.4*math.Sin(2*math.Pi*4*at)
		sum := 0.0
		for n := 1.0; n <= 8; n++ {
			sum += math.Sin(2*math.Pi*150*n*at) / n
		}
		put(int16(9000 * syllable * sum))
	}
	path := filepath.Join(t.TempDir(), "voice.wav")
	if err := os.WriteFile(path, wav.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestViewer: sees the window open, and why it is not theirs to extend; neither is it to
// be heard or seen.
func TestViewer(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	viewer := c.open("viewer", s.url+"/r/"+r.ID+"#"+s.token(r, "viewer", "Vera"))
	if name := eval[string](viewer, fmt.Sprintf(`(%s, document.querySelector(%q)?.value ?? "")`, "0", css("display-name"))); name != "" && name != "Vera" {
		t.Errorf("the token's name shows as %q", name)
	}
	viewer.reads("nobody hears or sees you") // devices that are off by the role say so
	viewer.seesNot("mic")
	viewer.seesNot("camera")
	viewer.shoot("viewer-lobby")
	viewer.press("join")
	viewer.sees("extension-banner")
	viewer.reads("Viewers cannot extend it")
	viewer.shoot("viewer-room")
	viewer.seesNot("extend")
	viewer.seesNot("end-for-all")
}

// token makes one as a portal would, with the server's own key.
func (s *server) token(r room, role, name string) string {
	s.t.Helper()
	var id struct {
		Keys []struct {
			ID    string `json:"id"`
			Value []byte `json:"value"`
		} `json:"ticket_keys"`
	}
	text, err := os.ReadFile(filepath.Join(s.data(), "identity.json"))
	if err == nil {
		err = json.Unmarshal(text, &id)
	}
	if err != nil || len(id.Keys) == 0 {
		s.t.Fatalf("the server's keys: %v", err)
	}
	now := time.Now()
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "overtime", "aud": "overtime/join", "room": r.ID, "role": role, "name": name, "sub": "u-" + name,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
	})
	t.Header["kid"] = id.Keys[0].ID
	signed, err := t.SignedString(id.Keys[0].Value)
	if err != nil {
		s.t.Fatal(err)
	}
	return signed
}

// TestFrozenTab: a page that the browser froze shows the right time at once
// when it returns, and is still in the meeting.
func TestFrozenTab(t *testing.T) {
	sideBySide(t)
	asha, jun := inARoom(t)
	before := left(asha)
	jun.lifecycle("frozen")
	asha.until("some seconds to pass", fmt.Sprintf(`%s <= %f`, leftSeconds, before-4))
	jun.lifecycle("active")
	jun.until("the right time", wrongBy+` <= 2`)
	if a, b := jun.endsAt(), asha.endsAt(); !a.Equal(b) {
		t.Errorf("Jun's page counts down to %v, and not to %v", a, b)
	}
	asha.until("Jun to be there", `!!document.querySelector('[data-name="Jun"]')`)
}

// leftSeconds is an expression: the seconds that the pill shows.
const leftSeconds = `(() => { const [m, s] = document.querySelector('[data-testid="time-left"]').innerText.match(/\d+:\d\d/)[0].split(':'); return m * 60 + +s })()`

// wrongBy is an expression: by how many seconds the pill is wrong, by a clock of
// the browser's that no page can set.
const wrongBy = `Math.abs(` + leftSeconds + ` - (Date.parse(document.querySelector('[data-testid="time-left"]').dataset.endsAt) - performance.timeOrigin - performance.now()) / 1000)`

func left(p *tab) float64 { return eval[float64](p, leftSeconds) }

func (p *tab) lifecycle(state page.SetWebLifecycleStateState) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: state})
		return err
	}))
}
